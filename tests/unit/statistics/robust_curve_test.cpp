// SPDX-License-Identifier: Apache-2.0
// Kaplan-Meier with sampling weights: R 4.2.2, survfit(Surv(t, s) ~ 1, weights = w), which is robust for fractional weights.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/error.hpp"
#include "statistics/kaplan_meier.hpp"

namespace coley::statistics {
namespace {

TEST(RobustCurve, EqualsSurvfitWithFractionalWeights) {
  const std::vector<double> time = {1, 2, 3, 3, 5, 6, 8}, weight = {.5, 1.5, 2, .25, 1, 3, 1};
  const std::vector<std::uint8_t> event = {1, 0, 1, 1, 1, 0, 1};
  const CurveOptions options{.interval = IntervalType::log, .variance = CurveVariance::robust};
  const SurvivalCurve curve = kaplan_meier({.time = time, .event = event, .weight = weight}, options)[0];
  const double se[] = {0.0566189112493093, 0.0566189112493093, 0.2304302877332750, 0.2506810495164305, 0.2506810495164305};
  const double low[] = {0.841236807990377, 0.841236807990377, 0.326467314896665, 0.203580791855251, 0.203580791855251};
  const double hazard_se[] = {0.0566189112493093, 0.0566189112493093, 0.2472022347173804, 0.3550505314373166, 0.3550505314373166, 0.3550505314373166};
  ASSERT_EQ(curve.size(), 6U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(curve.se_log_survival[i] * curve.survival[i], se[i], 1e-13);
    EXPECT_NEAR(curve.low[i], low[i], 1e-13);
  }
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(curve.se_cumulative_hazard[i], hazard_se[i], 1e-13);
  EXPECT_EQ(curve.survival[5], 0);
  EXPECT_TRUE(std::isnan(curve.low[5]));
}

TEST(RobustCurve, RowsThatEnterLateCountFromTheirEntry) {
  // Without weights and ties the jackknife of a curve split at 4 by (entry, exit] rows is that of the whole rows, row by row.
  const std::vector<double> time = {2, 5, 7, 9}, entry = {0, 0, 1, 3};
  const std::vector<std::uint8_t> event = {1, 1, 0, 1};
  const CurveOptions options{.interval = IntervalType::log, .variance = CurveVariance::robust};
  const SurvivalCurve curve = kaplan_meier({.time = time, .event = event, .entry = entry}, options)[0];
  // At 2: three at risk (the fourth enters at 3); influence on log S is 1/6 for two, and 1/6 - 1/2 for the one who dies.
  EXPECT_NEAR(curve.se_log_survival[0], std::sqrt(2.0 / 36 + 4.0 / 36), 1e-14);
}

TEST(RobustCurve, IsNotDefinedForFlemingHarringtonTies) {
  const std::vector<double> time = {1, 1};
  const std::vector<std::uint8_t> event = {1, 1};
  EXPECT_THROW(kaplan_meier({.time = time, .event = event}, {.ties = HazardTies::fleming_harrington, .variance = CurveVariance::robust}), InputError);
}

}  // namespace
}  // namespace coley::statistics
