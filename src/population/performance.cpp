// SPDX-License-Identifier: Apache-2.0
#include "population/performance.hpp"

#include <algorithm>
#include <cmath>

#include "population/lesions.hpp"

namespace coley {

using biology::State;

double own_fitness(const Patient& patient) { return patient.draws.stream(Purpose::fitness).normal(); }

double performance_at_rest(const Disease& disease, double own_fitness, double age) { return disease.ecog_0 + disease.ecog_age * (age - 60) / 10 + own_fitness; }

double performance_latent(const solver::LaneView& lane, const Disease& disease, double own_fitness, double age) {
  double burden = 0, lethal_burden = 0;
  for (int slot = 0; slot < biology::kLesions; ++slot) {
    const double volume = lesion_burden(lane, slot);
    if (slot > 0) burden += volume;
    lethal_burden += lane.input(biology::input_index(&biology::Inputs<double>::weight, slot)) * volume;
  }
  const double z = std::pow(lethal_burden / disease.constants.B_L, disease.constants.n_L);  // hazard of death: z / (1 + z) of its limit
  return performance_at_rest(disease, own_fitness, age) + disease.ecog_Q * lane.state(State::Q) + disease.ecog_burden * std::log1p(burden / 100) +
         disease.ecog_dying * (z / (1 + z)) + disease.ecog_J * lane.state(State::J);
}

int ecog_grade(double latent) { return static_cast<int>(std::upper_bound(kEcogThresholds.begin(), kEcogThresholds.end(), latent) - kEcogThresholds.begin()); }

}  // namespace coley
