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
  double burden = 0;
  for (int slot = 1; slot < biology::kLesions; ++slot) burden += lesion_burden(lane, slot);
  // hazard of death over its limit, z / (1 + z), of disease that is as large as it is and does not grow
  const double z = std::pow(lethal_burden(lane) / disease.constants.B_L, disease.constants.n_L);
  return performance_at_rest(disease, own_fitness, age) + disease.ecog_Q * lane.state(State::Q) + disease.ecog_burden * std::log1p(burden / 100) +
         disease.ecog_dying * (z / (1 + z)) + disease.ecog_J * lane.state(State::J);
}

int ecog_grade(double latent) { return static_cast<int>(std::upper_bound(kEcogThresholds.begin(), kEcogThresholds.end(), latent) - kEcogThresholds.begin()); }

}  // namespace coley
