// SPDX-License-Identifier: Apache-2.0
// Closed forms and edge cases of curves, tests and the two-group hazard ratio.
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"
#include "statistics/day_counts.hpp"
#include "statistics/multivariate_normal.hpp"
#include "statistics/p_value.hpp"

namespace coley::statistics {
namespace {

SurvivalRows rows(const std::vector<double>& time, const std::vector<std::uint8_t>& event, const std::vector<int>& group = {}) {
  return {time, event, {}, {}, group, {}, group.empty() ? 1 : 2};
}

TEST(Quantile, OnAStepIsItsMiddleOrItsBeginning) {
  const std::vector<double> time = {1, 2, 3, 4};
  const std::vector<std::uint8_t> event = {1, 1, 1, 1};
  const SurvivalCurve curve = kaplan_meier(rows(time, event))[0];
  EXPECT_EQ(quantile(curve, 0.5).estimate, 2.5);
  EXPECT_EQ(quantile(curve, 0.5, QuantileRule::infimum).estimate, 2);
}

TEST(Quantile, IsNotReachedWhenTheCurveStaysAbove) {
  const std::vector<double> time = {1, 2, 3, 4, 5, 6};
  const std::vector<std::uint8_t> event = {1, 0, 1, 0, 0, 0};
  EXPECT_TRUE(std::isnan(quantile(kaplan_meier(rows(time, event))[0], 0.5).estimate));
}

TEST(RestrictedMean, IsTheAreaUnderTheSteps) {
  const std::vector<double> time = {1, 3, 4, 6};
  const std::vector<std::uint8_t> event = {1, 1, 0, 0};
  const SurvivalCurve curve = kaplan_meier(rows(time, event))[0];
  EXPECT_DOUBLE_EQ(restricted_mean(curve, 6).value, 1 + 0.75 * 2 + 0.5 * 3);
  EXPECT_TRUE(restricted_mean(curve, 10).extrapolated);
  EXPECT_THROW(rmst_contrast(curve, curve, 10), InputError);
  EXPECT_NO_THROW(rmst_contrast(curve, curve, 6));
}

TEST(LogRank, SaysWhyThereIsNoTest) {
  const std::vector<double> tied(6, 5.0);
  const std::vector<std::uint8_t> all(6, 1), none(6, 0);
  const std::vector<int> group = {0, 0, 0, 1, 1, 1}, one(6, 1);
  EXPECT_NE(log_rank(rows(tied, all, group)).not_estimable.find("singular"), std::string::npos);
  EXPECT_EQ(log_rank(rows(tied, none, group)).not_estimable, "no events");
  EXPECT_EQ(log_rank(rows(tied, all, one)).not_estimable, "only one group has subjects");
}

TEST(HazardRatio, IsInfiniteWhenOneArmHasNoEvents) {
  const std::vector<double> time = {2, 3, 5, 7, 8, 9, 4, 6, 10, 12, 13, 14};
  const std::vector<std::uint8_t> event = {1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0};
  const std::vector<int> group = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1};
  const HazardRatio ratio = two_group_hazard_ratio(SortedRows(rows(time, event, group)));
  EXPECT_TRUE(ratio.infinite);
  EXPECT_EQ(ratio.hazard_ratio.estimate, 0);
  EXPECT_GT(ratio.hazard_ratio.high, 0);
  EXPECT_LT(ratio.hazard_ratio.high, 1);
  EXPECT_NEAR(ratio.loglik, -5.48063892609472, 1e-6);
}

TEST(Tail, KeepsItsLogarithmWhereItUnderflows) {
  EXPECT_NEAR(chi_square_tail(13093, 1).log10_p, -2845, 1);
  EXPECT_EQ(chi_square_tail(13093, 1).p, 0);
  for (const double df : {1.0, 2.0, 5.0})  // both sides of the change of method agree
    EXPECT_NEAR(chi_square_tail(1199.999, df).log10_p, chi_square_tail(1200.001, df).log10_p, 0.001);
}

TEST(MultivariateNormal, AgreesWithClosedForms) {
  const double rho = 0.3;  // Sheppard: P(Z1 > 0, Z2 > 0) = 1/4 + asin(rho) / 2 pi
  const double infinity = INFINITY;
  EXPECT_NEAR(normal_rectangle({0, 0}, {infinity, infinity}, {1, rho, rho, 1}), 0.25 + std::asin(rho) / (2 * M_PI), 1e-10);
  const double upper = 0.5 * std::erfc(-1.5 / std::sqrt(2.0));
  EXPECT_NEAR(normal_rectangle({-infinity, -infinity, -infinity}, {1.5, 1.5, 1.5}, {1, 0, 0, 0, 1, 0, 0, 0, 1}), upper * upper * upper, 1e-10);
  EXPECT_NEAR(normal_rectangle({-1, -1}, {1, 1}, {1, 1, 1, 1}), std::erf(1 / std::sqrt(2.0)), 1e-10);  // singular
  EXPECT_NEAR(normal_any_below(-6, {1, 0, 0, 1}) / (2 * 0.5 * std::erfc(6 / std::sqrt(2.0))), 1, 1e-8);
}

TEST(Rows, AreRefusedByRowAndColumn) {
  const std::vector<double> time = {1, -2};
  const std::vector<std::uint8_t> event = {1, 1};
  try {
    kaplan_meier(rows(time, event));
    FAIL();
  } catch (const InputError& fault) {
    EXPECT_NE(std::string(fault.what()).find("time of row 2"), std::string::npos) << fault.what();
  }
}

TEST(DayCounts, RefuseNegativeDays) {
  DayCounts counts;
  EXPECT_THROW(counts.add(-1, true), InputError);
  EXPECT_THROW(counts.add(std::int64_t{1} << 40, true), InputError);
}

}  // namespace
}  // namespace coley::statistics
