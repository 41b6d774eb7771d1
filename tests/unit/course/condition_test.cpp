// SPDX-License-Identifier: Apache-2.0
// Performance status, weight and utility against closed forms, in a lane whose states are set by hand.
#include "course/condition.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "core/units.hpp"
#include "population/performance.hpp"
#include "protocol/parameter_table.hpp"
#include "protocol/shipped.hpp"

namespace coley {
namespace {

using biology::State;

class ConditionTest : public testing::Test {
 protected:
  solver::LaneView lane() { return {states.data(), inputs.data(), &time, &stop, 0}; }
  void at(double day) {
    time = day;
    condition.arrive(lane(), disease);
  }
  /// Latent performance at randomisation, whatever sets this patient apart.
  void start_at_latent(double latent) { disease.ecog_0 += latent - performance_latent(lane(), disease, own_fitness(patient), patient.person.age); }

  std::array<double, State::count> states{};
  std::array<double, biology::kInputs> inputs{};
  double time = 0, stop = 0;
  Patient patient;
  Condition condition;
  Disease disease = read_disease(read_parameters(*shipped_text("evidence/parameters.toml"), "evidence/parameters.toml"));
};

TEST_F(ConditionTest, WeightRelaxesTowardsItsTarget) {
  lane().state(State::Q) = 0.1;
  condition.begin(lane(), disease, patient);
  EXPECT_EQ(condition.weight_lost(), 0);
  lane().state(State::Q) = 0.6;
  condition.leave(lane(), disease);
  at(30);
  at(100);
  EXPECT_NEAR(condition.weight_lost(), disease.weight_Q * 0.5 * (1 - std::exp(-disease.k_weight * 100)), 1e-12);
  lane().state(State::Q) = 0.0;  // disease gone: weight comes back, and more than there was
  condition.leave(lane(), disease);
  at(5000);
  EXPECT_NEAR(condition.weight_lost(), -disease.weight_Q * 0.1, 1e-9);
}

TEST_F(ConditionTest, GradeRisesWithAgeSuppressionBurdenAndStress) {
  const double base = performance_latent(lane(), disease, 0.3, 60);
  EXPECT_NEAR(base, disease.ecog_0 + 0.3, 1e-12);
  EXPECT_NEAR(performance_latent(lane(), disease, 0.3, 70), base + disease.ecog_age, 1e-12);
  lane().state(State::Q) = 0.5;
  EXPECT_NEAR(performance_latent(lane(), disease, 0.3, 60), base + disease.ecog_Q / 2, 1e-12);
  lane().state(State::J) = 0.25;
  EXPECT_NEAR(performance_latent(lane(), disease, 0.3, 60), base + disease.ecog_Q / 2 + disease.ecog_J / 4, 1e-12);
  lane().state(State::Q) = lane().state(State::J) = 0;

  // a metastasis of B_L cm3 in an organ of lethality 1: half of the largest hazard
  lane().state(State::x + 1) = std::log(disease.constants.B_L * kCellsPerCm3);
  lane().input(biology::input_index(&biology::Inputs<double>::alive, 1)) = 1;
  lane().input(biology::input_index(&biology::Inputs<double>::weight, 1)) = 1;
  EXPECT_NEAR(performance_latent(lane(), disease, 0.3, 60), base + disease.ecog_burden * std::log1p(disease.constants.B_L / 100) + disease.ecog_dying / 2, 1e-9);
  EXPECT_EQ(ecog_grade(-0.01), 0);
  EXPECT_EQ(ecog_grade(0), 1);
  EXPECT_EQ(ecog_grade(1.2), 2);
  EXPECT_EQ(ecog_grade(2.0), 3);
}

TEST_F(ConditionTest, UtilityIsLinearBetweenStopsAndCountedByMonth) {
  disease.ecog_age = 0;
  start_at_latent(-0.5);
  condition.begin(lane(), disease, patient);
  disease.ecog_0 += 1;  // grade 0 at randomisation, 1 at the first stop
  at(2 * kDaysPerMonth);
  at(2.5 * kDaysPerMonth);
  const auto parts = [](double utility) { return static_cast<std::uint16_t>(std::lround(kUtilityParts * utility)); };
  const double well = disease.utility_0, worse = well - disease.utility_ecog;
  EXPECT_EQ(condition.ecog(), 1);
  EXPECT_TRUE(condition.deteriorated());
  EXPECT_EQ(condition.take_utilities(), (std::vector<std::uint16_t>{parts(well), parts((well + worse) / 2), parts(worse)}));
}

TEST_F(ConditionTest, AnEventOfADrugIsFeltForItsTimeAndNoLonger) {
  disease.ecog_age = 0;
  start_at_latent(-0.1);
  condition.begin(lane(), disease, patient);
  at(10);
  condition.fall_ill(lane(), disease);
  condition.leave(lane(), disease);
  EXPECT_EQ(condition.ecog(), 1);
  EXPECT_NEAR(condition.utility(), disease.utility_0 - disease.utility_ecog - disease.utility_toxicity, 1e-12);
  at(10 + disease.toxicity_days);
  EXPECT_EQ(condition.ecog(), 0);
  EXPECT_NEAR(condition.utility(), disease.utility_0, 1e-12);
}

TEST_F(ConditionTest, UtilityIsWholeWhereNothingTakesFromIt) {
  disease.utility_0 = 1;
  disease.utility_ecog = disease.utility_toxicity = 0;
  lane().state(State::Q) = 1;
  condition.begin(lane(), disease, patient);
  condition.fall_ill(lane(), disease);
  for (int month = 1; month <= 24; ++month) at(month * kDaysPerMonth);
  EXPECT_EQ(condition.take_utilities(), std::vector<std::uint16_t>(25, kUtilityParts));
}

}  // namespace
}  // namespace coley
