// SPDX-License-Identifier: Apache-2.0
#pragma once
// Fills the places of a trial. People are screened in order of their numbers until every place has a patient; who is not
// eligible is counted with the reason. The result depends on neither threads nor lanes, and the first places of a trial
// are the same people however many places it has.

#include <functional>
#include <span>

#include "population/screening.hpp"

namespace coley {

struct ScreeningCount {
  long long screened = 0;
  long long enrolled = 0;
  long long found = 0, synchronous = 0;  ///< in whom a primary was found, and metastases with it
  std::array<long long, static_cast<std::size_t>(Exclusion::count)> excluded{};
  ScreeningCount& operator+=(const ScreeningCount& other);
};

struct Enrolment {
  std::vector<Patient> patients;  ///< one a place, in order of places
  ScreeningCount screening;
  solver::Work work;
};

/// Treatment between screening and randomisation.
struct Pretreatment {
  Population screened_as;  ///< what is asked of people before it
  /// Changes those who were not excluded, or excludes them with a reason.
  std::function<solver::Work(std::vector<Screened>& people)> give;
};

/// Called each time some people have been screened, with the patients of the first places, before any that is still empty, and
/// with the counts of those who were excluded.
using Enrolled = std::function<void(std::span<const Patient> first, const ScreeningCount& excluded)>;

/// Enrols `places` patients of one trial, in order of places. Throws RunError when so many were screened that places cannot
/// be filled.
Enrolment enrol(const Population& population, const Disease& disease, DrawKey key, std::uint64_t places, const solver::Tolerance& tolerance,
                const biology::Integrate& integrate = biology::integrate, const std::optional<Pretreatment>& earlier = {}, const Enrolled& seen = {});

}  // namespace coley
