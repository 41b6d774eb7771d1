// SPDX-License-Identifier: Apache-2.0
#pragma once
// Fills the places of a trial: for each place people are followed from a tumour of 10^8 cells until the disease is found,
// then through the operation (and, to a trial of metastatic disease, on to the metastases) to the day of randomisation; who is not eligible is counted with the reason and the next
// person is screened for that place. A place's people depend on nothing but its address.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "biology/integrate.hpp"
#include "population/patient.hpp"
#include "protocol/protocol.hpp"
#include "solver/batch_client.hpp"

namespace coley {

/// Why a person screened was not randomised, in the order in which it is asked.
enum class Exclusion : std::uint8_t {
  histology,
  age,
  never_found,        ///< the immune system held the tumour below the size at which it is found
  risk_low,           ///< risk group not admitted
  metastatic,         ///< metastases that cannot be resected
  synchronous,        ///< metastases at diagnosis where the protocol, or the place, asks for later ones
  no_metastases,      ///< none at diagnosis where the protocol asks for them, or none in ten years after nephrectomy
  performance,
  nephrectomy,        ///< kidney out where the protocol asks for it in place, or the reverse
  unresectable,       ///< primary that cannot be taken out
  site,               ///< disease in an organ that the protocol excludes
  burden,             ///< more metastases than the protocol admits
  not_measurable,     ///< no target lesion by RECIST 1.1
  risk_group,         ///< IMDC or MSKCC group not admitted
  group_full,         ///< recruitment of this risk group was closed
  perioperative_death,
  earlier_treatment,  ///< died on the drugs before the trial, or never progressed on them
  early_recurrence,   ///< disease seen on the scan before randomisation
  not_integrated,     ///< a failure of the solver
  count,
};
inline constexpr std::array<std::string_view, static_cast<std::size_t>(Exclusion::count)> kExclusionNames{
    "histology", "age", "never_found", "risk_low", "metastatic", "synchronous", "no_metastases", "performance", "nephrectomy",
    "unresectable", "site", "burden", "not_measurable", "risk_group", "group_full", "perioperative_death", "earlier_treatment", "early_recurrence", "not_integrated"};

struct ScreeningCount {
  long long screened = 0;
  long long enrolled = 0;
  std::array<long long, static_cast<std::size_t>(Exclusion::count)> excluded{};
  ScreeningCount& operator+=(const ScreeningCount& other);
};

struct Enrolment {
  std::vector<Patient> patients;  ///< one a place, in order of places
  ScreeningCount screening;
  solver::Work work;
};

/// A place of a trial, and the first person to be screened for it.
struct Place {
  std::uint64_t number = 0;
  std::uint32_t attempt = 0;
};

/// The person after this one for the same place. Throws RunError when so many were screened that the place cannot be filled.
std::uint32_t next_attempt(std::uint32_t attempt);

/// Enrols one patient a place, in order of `places`.
Enrolment enrol(const Population& population, const Disease& disease, DrawKey key, std::span<const Place> places,
                const solver::Tolerance& tolerance, const biology::Integrate& integrate = biology::integrate);

/// Enrols the first `places` patients of one trial.
Enrolment enrol(const Population& population, const Disease& disease, DrawKey key, std::uint64_t places,
                const solver::Tolerance& tolerance, const biology::Integrate& integrate = biology::integrate);

}  // namespace coley
