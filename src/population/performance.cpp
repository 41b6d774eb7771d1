// SPDX-License-Identifier: Apache-2.0
#include "population/performance.hpp"

#include <algorithm>
#include <cmath>

#include "population/lesions.hpp"

namespace coley {

using biology::State;

double own_fitness(const Patient& patient) { return patient.draws.stream(Purpose::fitness).normal(); }

namespace {

/// Hazard of death from the disease over its limit, 0 to 1: z / (1 + z) of docs/model.md.
double lethality(const solver::LaneView& lane, const biology::Constants& constants) {
  double lethal_burden = 0;
  for (int slot = 0; slot < biology::kLesions; ++slot) {
    lethal_burden += lane.input(biology::input_index(&biology::Inputs<double>::weight, slot)) * lesion_burden(lane, slot);
  }
  const double odds = std::pow(lethal_burden / constants.B_L, constants.n_L);
  return odds / (1 + odds);
}

}  // namespace

double performance_at_rest(const Disease& disease, double own_fitness, double age) { return disease.ecog_0 + disease.ecog_age * (age - 60) / 10 + own_fitness; }

double performance_latent(const solver::LaneView& lane, const Disease& disease, double own_fitness, double age) {
  double burden = 0;
  for (int slot = 1; slot < biology::kLesions; ++slot) burden += lesion_burden(lane, slot);
  return performance_at_rest(disease, own_fitness, age) + disease.ecog_Q * lane.state(State::Q) + disease.ecog_burden * std::log1p(burden / 100) +
         disease.ecog_dying * lethality(lane, disease.constants) + disease.ecog_J * lane.state(State::J);
}

int ecog_grade(double latent) { return static_cast<int>(std::upper_bound(kEcogThresholds.begin(), kEcogThresholds.end(), latent) - kEcogThresholds.begin()); }

}  // namespace coley
