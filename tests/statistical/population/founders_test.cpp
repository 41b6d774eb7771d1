// SPDX-License-Identifier: Apache-2.0
// Founders that lodge against the law that they come from: a Poisson process of unit rate in cumulative intensity, with growth
// and room drawn for each, of which those live whose e^-xi is beyond the chance of dying out by births and losses, 1 - 1/L
// (Kendall 1948). What the program leaves out because it is surely doomed must not show.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "core/random.hpp"
#include "population/candidate.hpp"
#include "protocol/trial_inputs.hpp"

namespace coley {
namespace {

using biology::Inputs;
using biology::input_index;

constexpr int kPeople = 40, kFounders = 500;

double least_extinction(const Disease& disease, double gamma, double K) { return 1 + disease.constants.d_0 * (1 + 1 / K + 2 / (K * K)) / (gamma * K); }

/// Share of founders who live, and mean deviate of their growth, by quantiles of growth and room.
std::pair<double, double> expected(const Disease& disease, const TumourTraits& traits) {
  constexpr int kCells = 200;
  double alive = 0, deviate = 0;
  for (int i = 0; i < kCells; ++i) {
    for (int j = 0; j < kCells; ++j) {
      const double z = normal_quantile((i + 0.5) / kCells);
      const double L = least_extinction(disease, traits.gamma * disease.gamma_lesion.at(z), traits.capacity + disease.gap_lesion.at(normal_quantile((j + 0.5) / kCells)));
      alive += 1 / L;
      deviate += z / L;
    }
  }
  return {alive / (kCells * kCells), deviate / alive};
}

TEST(Founders, ThoseWhoLodgeComeAtTheirRateAndWithTheirTraits) {
  const Disease disease = read_disease(read_trial("keynote-564").parameters);
  double events = 0, deviates = 0, deviates_expected = 0, fate = 0, fate_squared = 0;
  for (int person = 0; person < kPeople; ++person) {
    Patient patient;
    patient.draws = {{11, 0}, static_cast<std::uint64_t>(person)};
    draw_person(disease, patient);
    TraitDraws traits(disease, patient);
    traits.draw_growth();
    traits.draw_answers();
    std::array<double, biology::State::count> states{};
    std::array<double, biology::kInputs> inputs{};
    double time = 0, stop = 0;
    const solver::LaneView lane{states.data(), inputs.data(), &time, &stop, 0};
    begin_natural_history(lane, disease, patient);
    const auto [alive, deviate] = expected(disease, patient.traits);
    for (int founder = 0; founder < kFounders; ++founder) {
      const double passed = lane.input(input_index(&Inputs<double>::seeding_at));
      events += passed * alive;
      lane.state(biology::State::seeding) = passed;
      lodge_founder(lane, disease, patient);
      const double gamma = lane.input(input_index(&Inputs<double>::gamma, 1)), K = lane.input(input_index(&Inputs<double>::capacity, 1));
      deviates += std::log(gamma / patient.traits.gamma / disease.gamma_lesion.at(0)) / (std::log(disease.gamma_lesion.at(1) / disease.gamma_lesion.at(0)));
      deviates_expected += deviate;
      const double u = least_extinction(disease, gamma, K) / lane.input(input_index(&Inputs<double>::extinct_at, 1));  // uniform
      fate += u;
      fate_squared += u * u;
      remove_lesion(lane, disease, patient, 1);
    }
  }
  constexpr double n = kPeople * kFounders;
  const double four_errors = 4 / std::sqrt(n);
  EXPECT_NEAR(events / n, 1, four_errors);  // waits are exponential
  EXPECT_NEAR(deviates / n, deviates_expected / n, four_errors);
  EXPECT_NEAR(fate / n, 0.5, four_errors * std::sqrt(1.0 / 12));
  EXPECT_NEAR(fate_squared / n, 1.0 / 3, four_errors * std::sqrt(1.0 / 5 - 1.0 / 9));
}

}  // namespace
}  // namespace coley
