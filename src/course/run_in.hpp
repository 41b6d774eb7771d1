// SPDX-License-Identifier: Apache-2.0
#pragma once
// Treatment before a trial: patients on the drugs that the protocol asks to have failed, until the scan that shows it, or to
// have been stopped without progression, until that day.

#include <optional>
#include <span>
#include <vector>

#include "biology/integrate.hpp"
#include "course/setting.hpp"
#include "population/patient.hpp"

namespace coley {

/// Longest time on earlier treatment before the trial, days.
inline constexpr int kLongestRunIn = 3653;

struct RunIn {
  std::vector<std::optional<Patient>> patients;  ///< as they are on that day; nothing of those who died before, or to whom it never came
  solver::Work work;
};

/// `setting` is that of the earlier treatment: one arm, no further lines. Its draws are not those of the trial.
RunIn run_in(const CourseSetting& setting, PriorUntil until, std::span<const Patient> patients, const solver::Tolerance& tolerance,
             const biology::Integrate& integrate = biology::integrate);

}  // namespace coley
