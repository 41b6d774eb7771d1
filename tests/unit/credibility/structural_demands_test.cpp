// SPDX-License-Identifier: Apache-2.0
#include "credibility/structural_demands.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace coley::credibility {
namespace {

ScoredRow row(const char* id, double published, double simulated) {
  ScoredRow scored;
  scored.row.id = id;
  scored.row.published.estimate = published;
  scored.row.simulated.estimate = simulated;
  return scored;
}

TEST(StructuralDemands, HazardRatioBetweenMonthsOfProportionalHazards) {
  const double hr = 0.7;
  const auto control = [](double t) { return std::exp(-0.03 * t); };
  const auto treated = [&](double t) { return std::pow(control(t), hr); };
  EXPECT_NEAR(hazard_ratio_between(treated(24), treated(72), control(24), control(72)), hr, 1e-12);
}

/// The arithmetic that evidence/README.md gives: about 0.62 to month 24 and 0.90 after it.
TEST(StructuralDemands, PublishedBenefitIsFrontLoaded) {
  Validation validation;
  validation.rows = {row("KN564-22a", 0.782, 0.8), row("KN564-22b", 0.672, 0.6), row("KN564-26a", 0.585, 0.5), row("KN564-26b", 0.487, 0.5)};
  const auto demands = structural_demands(validation);
  ASSERT_EQ(demands.size(), 1u);
  EXPECT_EQ(demands[0].published, "0.62, then 0.90");
  EXPECT_TRUE(demands[0].met);
  validation.rows[0].row.simulated.estimate = 0.62;  // late benefit instead
  validation.rows[2].row.simulated.estimate = 0.60;
  EXPECT_FALSE(structural_demands(validation)[0].met);
}

TEST(StructuralDemands, DriftMustGoThePublishedWay) {
  Validation validation;
  validation.rows = {row("CM214-19", 1.19, 0.9), row("CM214-07", 0.82, 0.8)};
  EXPECT_TRUE(structural_demands(validation)[0].met);
  validation.rows[1].row.simulated.estimate = 0.89;  // of 0.37 published
  EXPECT_FALSE(structural_demands(validation)[0].met);
  validation.rows[1].row.simulated.estimate = 1.0;
  EXPECT_FALSE(structural_demands(validation)[0].met);
}

TEST(StructuralDemands, SurgeryFirstMustCostPatients) {
  Validation validation;
  validation.rows = {row("CNSYS-01", 0.31, 0.19)};
  ASSERT_EQ(structural_demands(validation).size(), 1u);
  EXPECT_EQ(structural_demands(validation)[0].simulated, "19 %");
  EXPECT_TRUE(structural_demands(validation)[0].met);
  validation.rows[0].row.simulated.estimate = 0.15;
  EXPECT_FALSE(structural_demands(validation)[0].met);
}

TEST(StructuralDemands, ErasMustDrift) {
  Validation validation;
  validation.rows = {row("MRC-03a", 8.5, 8.2), row("SUN07-04b", 21.8, 26.9)};
  ASSERT_EQ(structural_demands(validation).size(), 1u);
  EXPECT_TRUE(structural_demands(validation)[0].met);
  validation.rows[1].row.simulated.estimate = 12;
  EXPECT_FALSE(structural_demands(validation)[0].met);
}

}  // namespace
}  // namespace coley::credibility
