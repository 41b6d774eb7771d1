// SPDX-License-Identifier: Apache-2.0
// Numbers marked R: mantelhaen.test, glm, metafor's rma.mh, and the score tests with the restricted likelihood maximised by optimize().
#include "statistics/stratified_proportion.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

const std::vector<ResponseCounts> three_strata = {{9, 20, 5, 18}, {4, 15, 0, 16}, {10, 30, 12, 29}};

TEST(MiettinenNurminen, DifferenceInOneStratumAgreesWithR) {
  const auto found = miettinen_nurminen_difference(std::vector<ResponseCounts>{{56, 70, 48, 80}});
  ASSERT_TRUE(found);
  EXPECT_DOUBLE_EQ(found->effect.estimate, 0.8 - 0.6);
  EXPECT_NEAR(found->effect.low, 0.0528297132342, 1e-8);
  EXPECT_NEAR(found->effect.high, 0.3381729400485, 1e-8);
}

TEST(MiettinenNurminen, StratifiedDifferenceAgreesWithR) {
  const auto found = miettinen_nurminen_difference(three_strata);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->effect.low, -0.0817773930098, 1e-8);
  EXPECT_NEAR(found->effect.high, 0.2312723717268, 1e-8);
  EXPECT_NEAR(found->z, 0.97169416121, 1e-8);
  EXPECT_EQ(found->strata_used, 3);
}

TEST(MiettinenNurminen, OddsRatioIsTheLogisticRegression) {
  const auto found = miettinen_nurminen_odds_ratio(three_strata);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->effect.estimate, 1.472142970736, 1e-9);
  EXPECT_NEAR(found->effect.low, 0.6782576334, 1e-7);
  EXPECT_NEAR(found->effect.high, 3.1938184277, 1e-7);
}

TEST(MantelHaenszel, OddsRatioAgreesWithR) {
  const auto found = mantel_haenszel_odds_ratio(three_strata);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->effect.estimate, 1.4550461109, 1e-9);
  EXPECT_NEAR(found->effect.low, 0.678046525875, 1e-11);
  EXPECT_NEAR(found->effect.high, 3.122439396199, 1e-11);
  EXPECT_NEAR(found->z, 0.971694160383, 1e-11);
}

TEST(MiettinenNurminen, RiskRatioAgreesWithR) {
  const auto found = miettinen_nurminen_risk_ratio(three_strata);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->effect.low, 0.77692876908, 1e-8);
  EXPECT_NEAR(found->effect.high, 2.16206390671, 1e-8);
  EXPECT_NEAR(found->z, 0.97169415966, 1e-7);
  const auto one = miettinen_nurminen_risk_ratio(std::vector<ResponseCounts>{{56, 70, 48, 80}});
  ASSERT_TRUE(one);
  EXPECT_NEAR(one->effect.low, 1.0790471195, 1e-8);
  EXPECT_NEAR(one->effect.high, 1.6721453599, 1e-8);
}

TEST(MantelHaenszel, RiskRatioAgreesWithMetafor) {
  const auto found = mantel_haenszel_risk_ratio(three_strata);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->effect.estimate, 1.2873669643151, 1e-12);
  EXPECT_NEAR(found->effect.low, 0.7694822207251, 1e-12);
  EXPECT_NEAR(found->effect.high, 2.1538037607267, 1e-12);
  EXPECT_EQ(found->effect.estimate, miettinen_nurminen_risk_ratio(three_strata)->effect.estimate);
}

TEST(StratifiedProportion, RiskRatioWithAnEmptyArmKeepsOneFiniteEnd) {
  const auto none = miettinen_nurminen_risk_ratio(std::vector<ResponseCounts>{{0, 10, 4, 10}});
  ASSERT_TRUE(none);
  EXPECT_EQ(none->effect.estimate, 0);
  EXPECT_EQ(none->effect.low, 0);
  EXPECT_LT(none->effect.high, 1);
  const auto all = miettinen_nurminen_risk_ratio(std::vector<ResponseCounts>{{4, 10, 0, 10}});
  ASSERT_TRUE(all);
  EXPECT_EQ(all->effect.high, infinity);
  EXPECT_NEAR(all->effect.low, 1 / none->effect.high, 1e-7);
}

TEST(MantelHaenszel, SatoVarianceWithOneStratumOfEqualArms) {
  // n1 = n0 = n: weight n/2, P = (x0 - x1)/4, Q = (x1(n-x0) + x0(n-x1))/4n; worked by hand for 6/10 and 3/10.
  const auto found = mantel_haenszel_difference(std::vector<ResponseCounts>{{6, 10, 3, 10}});
  ASSERT_TRUE(found);
  const double variance = (0.3 * (3.0 - 6.0) / 4 + (6.0 * 7 + 3.0 * 4) / 40) / 25;
  EXPECT_NEAR(found->effect.estimate, 0.3, 1e-15);
  EXPECT_NEAR(found->effect.low, 0.3 - 1.9599639845400545 * std::sqrt(variance), 1e-14);
}

TEST(StratifiedProportion, SeparatedArmsKeepOneFiniteEnd) {
  const std::vector<ResponseCounts> separated = {{5, 5, 0, 5}};
  const auto odds = miettinen_nurminen_odds_ratio(separated);
  ASSERT_TRUE(odds);
  EXPECT_EQ(odds->effect.estimate, infinity);
  EXPECT_GT(odds->effect.low, 1);
  EXPECT_EQ(odds->effect.high, infinity);
  const auto difference = miettinen_nurminen_difference(separated);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->effect.estimate, 1);
  EXPECT_EQ(difference->effect.high, 1);
  EXPECT_GT(difference->effect.low, 0);
}

TEST(StratifiedProportion, ManyRespondersKeepTheOddsRatioFinite) {
  const auto odds = miettinen_nurminen_odds_ratio(std::vector<ResponseCounts>{{9, 10, 18, 20}});
  ASSERT_TRUE(odds);
  EXPECT_NEAR(odds->effect.estimate, 1, 1e-9);
  EXPECT_GT(odds->effect.low, 0);
  EXPECT_LT(odds->effect.high, infinity);
}

TEST(StratifiedProportion, StrataWithoutBothArmsAreLeftOut) {
  const std::vector<ResponseCounts> with_empty = {{9, 20, 5, 18}, {4, 15, 0, 16}, {10, 30, 12, 29}, {3, 7, 0, 0}};
  const auto found = miettinen_nurminen_difference(with_empty);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->strata_used, 3);
  EXPECT_EQ(found->effect.low, miettinen_nurminen_difference(three_strata)->effect.low);
}

TEST(StratifiedProportion, NothingToCompareIsAbsent) {
  const std::vector<ResponseCounts> one_arm = {{3, 7, 0, 0}}, no_responders = {{0, 7, 0, 9}};
  EXPECT_FALSE(mantel_haenszel_difference(one_arm));
  EXPECT_FALSE(miettinen_nurminen_difference(one_arm));
  EXPECT_FALSE(mantel_haenszel_odds_ratio(no_responders));
  EXPECT_FALSE(miettinen_nurminen_odds_ratio(no_responders));
  EXPECT_FALSE(mantel_haenszel_risk_ratio(no_responders));
  EXPECT_FALSE(miettinen_nurminen_risk_ratio(no_responders));
  const auto difference = miettinen_nurminen_difference(no_responders);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->effect.estimate, 0);
  EXPECT_EQ(difference->z, 0);
  EXPECT_LT(difference->effect.low, 0);
  EXPECT_GT(difference->effect.high, 0);
}

TEST(StratifiedProportion, RefusesImpossibleCounts) {
  EXPECT_THROW(mantel_haenszel_difference(std::vector<ResponseCounts>{{8, 7, 0, 9}}), InputError);
  EXPECT_THROW(miettinen_nurminen_odds_ratio(std::vector<ResponseCounts>{{-1, 7, 0, 9}}), InputError);
}

}  // namespace
}  // namespace coley::statistics
