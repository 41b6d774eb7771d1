// SPDX-License-Identifier: Apache-2.0
#include "trial/randomise.hpp"

#include <cmath>
#include <utility>

#include "core/units.hpp"
#include "population/prognosis.hpp"

namespace coley {

namespace {

constexpr std::uint64_t kBlocks = 1ull << 62;  // patient numbers from here on are those of strata

/// One block of the stratum, shuffled (Fisher-Yates).
std::vector<int> block(const Design& design, DrawKey key, int stratum, std::uint64_t number) {
  const auto& arms = design.protocol().arms;
  double weights = 0;
  for (const Arm& arm : arms) weights += arm.weight;
  const int size = design.protocol().randomisation.block_size;
  std::vector<int> result;
  for (std::size_t a = 0; a < arms.size(); ++a) {
    result.insert(result.end(), static_cast<std::size_t>(std::lround(size * arms[a].weight / weights)), static_cast<int>(a));
  }
  Stream draw = DrawAddress{key, kBlocks + static_cast<std::uint64_t>(stratum)}.stream(Purpose::assignment, number);
  for (std::size_t i = result.size(); i > 1; --i) std::swap(result[i - 1], result[static_cast<std::size_t>(draw.uniform() * static_cast<double>(i))]);
  return result;
}

/// Chance of the first arm for a patient whose doctor chooses: fitter, younger, of better prognosis, less burden.
double chosen(const Disease& disease, const Patient& patient) {
  double burden = 0;
  for (std::size_t slot = 1; slot < patient.baseline.lesions.size(); ++slot) burden += volume_cm3(patient.baseline.lesions[slot].mm);
  const double logit = disease.indication_0 + disease.indication_ecog * patient.ecog + disease.indication_age * (patient.person.age - 60) / 10 +
                       disease.indication_imdc * imdc_factors(patient, patient.since_diagnosis) + disease.indication_burden * std::log1p(burden / 100);
  return 1 / (1 + std::exp(-logit));
}

std::vector<int> assign_by_indication(const Disease& disease, std::span<const Patient> patients) {
  std::vector<int> arms;
  for (const Patient& patient : patients) arms.push_back(patient.draws.stream(Purpose::indication).uniform() < chosen(disease, patient) ? 0 : 1);
  return arms;
}

}  // namespace

std::vector<int> randomise(const Design& design, DrawKey key, std::span<const Patient> patients) {
  if (design.protocol().randomisation.assignment == Assignment::by_indication) return assign_by_indication(design.setting.disease, patients);
  struct Open {
    std::vector<int> block;
    std::size_t used = 0;
    std::uint64_t number = 0;
  };
  std::vector<Open> strata(static_cast<std::size_t>(design.strata));
  std::vector<int> arms;
  for (const Patient& patient : patients) {
    const int s = design.stratum(patient);
    Open& open = strata[static_cast<std::size_t>(s)];
    if (open.used == open.block.size()) {
      open.block = block(design, key, s, open.number++);
      open.used = 0;
    }
    arms.push_back(open.block[open.used++]);
  }
  return arms;
}

}  // namespace coley
