// SPDX-License-Identifier: Apache-2.0
#include "population/performance.hpp"

#include <cmath>

#include "population/lesions.hpp"

namespace coley {

using biology::State;

double own_fitness(const Patient& patient) { return patient.draws.stream(Purpose::fitness).normal(); }

double performance_latent(const solver::LaneView& lane, const Disease& disease, double own_fitness, double age) {
  double burden = 0;
  for (int slot = 1; slot < biology::kLesions; ++slot) burden += lesion_burden(lane, slot);
  return disease.ecog_0 + disease.ecog_age * (age - 60) / 10 + disease.ecog_Q * lane.state(State::Q) +
         disease.ecog_burden * std::log1p(burden / 100) + disease.ecog_J * lane.state(State::J) + own_fitness;
}

int ecog_grade(double latent) { return latent < 0 ? 0 : latent < 1.2 ? 1 : latent < 2.0 ? 2 : 3; }

}  // namespace coley
