// SPDX-License-Identifier: Apache-2.0
#pragma once
// People are followed from a tumour of 10^8 cells until the disease is found, then through the operation (and, to a trial of
// metastatic disease, on to the metastases) to the day of randomisation, or until it is clear why they will not be. A person
// depends on nothing but the number in the trial's series of people.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "biology/integrate.hpp"
#include "core/units.hpp"
#include "population/places.hpp"
#include "population/prospects.hpp"
#include "solver/batch_client.hpp"

namespace coley {

/// Why a person screened was not randomised, in the order in which it is asked.
enum class Exclusion : std::uint8_t {
  histology,
  age,
  never_found,        ///< the immune system held the tumour below the size at which it is found
  risk_low,           ///< risk group not admitted
  metastatic,         ///< metastases at diagnosis, and their risk group not admitted
  synchronous,        ///< metastases at diagnosis where the protocol asks for later ones
  no_metastases,      ///< none at diagnosis where the protocol asks for them, or none in ten years after nephrectomy
  performance,
  nephrectomy,        ///< kidney out where the protocol asks for it in place, or the reverse
  unresectable,       ///< primary that cannot be taken out
  site,               ///< disease in an organ that the protocol excludes
  burden,             ///< more metastases than the protocol admits
  not_measurable,     ///< no target lesion by RECIST 1.1
  risk_group,         ///< IMDC or MSKCC group not admitted
  group_full,         ///< recruitment of this group was closed
  perioperative_death,
  earlier_treatment,  ///< died on the drugs before the trial, or never progressed on them
  early_recurrence,   ///< disease seen on the scan before randomisation
  not_integrated,     ///< a failure of the solver
  count,
};
inline constexpr std::array<std::string_view, static_cast<std::size_t>(Exclusion::count)> kExclusionNames{
    "histology", "age", "never_found", "risk_low", "metastatic", "synchronous", "no_metastases", "performance", "nephrectomy",
    "unresectable", "site", "burden", "not_measurable", "risk_group", "group_full", "perioperative_death", "earlier_treatment", "early_recurrence", "not_integrated"};

/// What came of a person screened: excluded, or the patient on the day of randomisation.
struct Screened {
  std::optional<Exclusion> excluded;
  std::unique_ptr<Patient> patient;  ///< one in nine: room for a patient in each would be most of the memory of a screening
  bool found = false;        ///< the primary grew until it was found
  bool synchronous = false;  ///< and metastases were seen then
};

struct ScreenedPeople {
  std::vector<Screened> people;  ///< in order of their numbers
  solver::Work work;
};

/// Days from the first cells that are followed after which a disease that has not been found never is.
inline constexpr double kLongestNaturalHistory = 50 * kDaysPerYear;

/// Screens persons `first` to `first` + `count` - 1 of the trial's series. Who is barred by `prospects` is not followed, and who
/// could only fill places that are no longer open not further.
ScreenedPeople screen(const Population& population, const Disease& disease, DrawKey key, std::uint64_t first, std::uint64_t count, const Places& places,
                      const Prospects& prospects, const solver::Tolerance& tolerance, const biology::Integrate& integrate = biology::integrate);

}  // namespace coley
