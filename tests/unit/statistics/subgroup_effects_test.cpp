// SPDX-License-Identifier: Apache-2.0
// Numbers of survival::coxph on survival::ovarian (treatment rx, subgroup resid.ds, marker age).
#include "statistics/subgroup_effects.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

const std::vector<double> times = {59, 115, 156, 421, 431, 448, 464, 475, 477, 563, 638, 744, 769, 770, 803, 855, 1040, 1106, 1129, 1206, 1227, 268, 329, 353, 365, 377};
const std::vector<std::uint8_t> events = {1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0};
const std::vector<int> arm = {0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1};
const std::vector<double> age = {72.3315, 74.4932, 66.4658, 53.3644, 50.3397, 56.4301, 56.937, 59.8548, 64.1753, 55.1781, 56.7562, 50.1096, 59.6301,
                                 57.0521, 39.2712, 43.1233, 38.8932, 44.6, 53.9068, 44.2055, 59.589, 74.5041, 43.137, 63.2192, 64.4247, 58.3096};
const Factor residual = {{1, 1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 0}, {"none", "residual"}};

SurvivalRows rows() { return {.time = times, .event = events, .group = arm, .groups = 2}; }

TEST(SubgroupEffects, AgreeWithCoxInEachSubgroup) {
  const SubgroupForest forest = subgroup_effects(rows(), residual);
  ASSERT_EQ(forest.subgroups.size(), 2u);
  EXPECT_EQ(forest.subgroups[0].level, "none");
  EXPECT_NEAR(forest.subgroups[0].effect.log_hr, 0.7343964946188, 1e-9);
  EXPECT_NEAR(forest.subgroups[0].effect.se, 1.2299084065224, 1e-9);
  EXPECT_NEAR(forest.subgroups[1].effect.log_hr, -1.1452678105918, 1e-9);
  EXPECT_NEAR(forest.interaction.chi_square, 1.996329124025, 1e-9);
  EXPECT_EQ(forest.interaction.df, 1);
  std::size_t patients = 0, deaths = 0;
  for (const SubgroupEffect& s : forest.subgroups) {
    patients += s.control_n + s.treated_n;
    deaths += s.control_events + s.treated_events;
  }
  EXPECT_EQ(patients, 26u);
  EXPECT_EQ(deaths, 12u);
}

TEST(SubgroupEffects, SubgroupOfOneArmSaysSo) {
  Factor lopsided = residual;
  for (std::size_t i = 0; i < arm.size(); ++i) lopsided.codes[i] = arm[i];
  const SubgroupForest forest = subgroup_effects(rows(), lopsided);
  EXPECT_FALSE(forest.subgroups[0].effect.not_estimable.empty());
  EXPECT_EQ(forest.interaction.df, 0);
  EXPECT_EQ(forest.interaction.p.p, 1);
}

TEST(MarkerInteraction, AgreesWithCox) {
  const MarkerInteraction found = treatment_marker_interaction(rows(), age);
  EXPECT_NEAR(found.test.chi_square, 1.064828191451, 1e-9);
  EXPECT_NEAR(std::log(found.ratio_per_unit.estimate), 0.1464487337676, 1e-8);
  EXPECT_NEAR(found.fit.coef[0], -1.2789069640996, 1e-8);
  const Estimate at_sixty = found.hazard_ratio_at(60);
  EXPECT_NEAR(at_sixty.estimate, 0.4880483278747, 1e-8);
  EXPECT_NEAR(at_sixty.high, 0.4880483278747 * std::exp(1.959963984540054 * 0.6120982952052), 1e-7);
}

TEST(MarkerInteraction, RefusesWhatCannotBeEstimated) {
  EXPECT_THROW(treatment_marker_interaction(rows(), std::vector<double>(26, 3.0)), InputError);
  SurvivalRows one_arm = rows();
  const std::vector<int> all(26, 1);
  one_arm.group = all;
  EXPECT_THROW(treatment_marker_interaction(one_arm, age), InputError);
}

}  // namespace
}  // namespace coley::statistics
