// SPDX-License-Identifier: Apache-2.0
// Effects of single studies, stratified tables, sensitivity, small-study checks, and months gained.
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"
#include "statistics/mantel_haenszel.hpp"
#include "statistics/meta_sensitivity.hpp"
#include "statistics/small_study_effects.hpp"
#include "statistics/survival_gain.hpp"

namespace coley::statistics {
namespace {

TEST(EffectSize, ARatioAndItsIntervalComeBack) {
  const StudyEffect s = log_ratio(0.72, 0.55, 0.94);
  EXPECT_NEAR(std::exp(s.estimate), 0.72, 1e-15);
  EXPECT_NEAR(std::log(0.94 / 0.55), 2 * 1.959963984540054 * std::sqrt(s.variance), 1e-14);
  EXPECT_THROW(log_ratio(0.5, 0.55, 0.94), InputError);
  EXPECT_THROW(log_ratio(0.7, 0, 0.94), InputError);
}

TEST(EffectSize, TwoByTwo) {
  const TwoByTwo t{12, 88, 20, 80};
  EXPECT_NEAR(contrast(t, Contrast::odds_ratio).estimate, std::log(12.0 * 80 / (88 * 20)), 1e-15);
  EXPECT_NEAR(contrast(t, Contrast::risk_ratio).estimate, std::log(0.6), 1e-15);
  EXPECT_NEAR(contrast(t, Contrast::risk_difference).estimate, -0.08, 1e-15);
  // Peto by hand: O - E = 12 - 16, V = 100 * 100 * 32 * 168 / (200^2 * 199).
  EXPECT_NEAR(contrast(t, Contrast::peto_odds_ratio).estimate, -4 / (100.0 * 100 * 32 * 168 / (200.0 * 200 * 199)), 1e-14);
  EXPECT_NEAR(contrast({0, 10, 2, 8}, Contrast::odds_ratio).estimate, std::log(0.5 * 8.5 / (10.5 * 2.5)), 1e-15);
  EXPECT_THROW(contrast({0, 10, 0, 8}, Contrast::peto_odds_ratio), InputError);
  EXPECT_THROW(contrast({-1, 10, 0, 8}, Contrast::odds_ratio), InputError);
}

TEST(MantelHaenszel, OfOneTableIsThatTable) {
  const std::vector<TwoByTwo> one = {{12, 88, 20, 80}};
  const StratifiedEffect odds = mantel_haenszel(one, Contrast::odds_ratio), risk = mantel_haenszel(one, Contrast::risk_ratio);
  EXPECT_NEAR(odds.effect.estimate, contrast(one[0], Contrast::odds_ratio).estimate, 1e-14);
  EXPECT_NEAR(risk.effect.estimate, contrast(one[0], Contrast::risk_ratio).estimate, 1e-14);
  EXPECT_NEAR(risk.effect.se * risk.effect.se, contrast(one[0], Contrast::risk_ratio).variance, 1e-14);
  EXPECT_EQ(odds.q_df, 0);
}

TEST(MantelHaenszel, TablesWithoutEventsDoNotCount) {
  const std::vector<TwoByTwo> tables = {{12, 88, 20, 80}, {0, 50, 0, 50}, {3, 20, 5, 30}};
  const std::vector<TwoByTwo> informative = {tables[0], tables[2]};
  EXPECT_EQ(peto(tables).k, 2);
  EXPECT_DOUBLE_EQ(peto(tables).effect.estimate, peto(informative).effect.estimate);
  EXPECT_THROW(peto(std::vector<TwoByTwo>{tables[1]}), InputError);
  EXPECT_THROW(mantel_haenszel(std::vector<TwoByTwo>{{0, 9, 3, 9}}, Contrast::odds_ratio), InputError);
}

TEST(Sensitivity, LeaveOneOutAndCumulativeArePools) {
  const std::vector<StudyEffect> studies = {{0.1, 0.01}, {0.5, 0.04}, {-0.2, 0.09}};
  const std::vector<StudyEffect> without_second = {studies[0], studies[2]};
  EXPECT_DOUBLE_EQ(leave_one_out(studies)[1].effect.estimate, pool(without_second).effect.estimate);
  EXPECT_DOUBLE_EQ(cumulative(studies)[2].effect.estimate, pool(studies).effect.estimate);
  EXPECT_DOUBLE_EQ(cumulative(studies)[0].effect.se, 0.1);
  EXPECT_THROW(leave_one_out(std::span(studies).first(1)), InputError);
}

TEST(Sensitivity, SubgroupsUnderTheFixedEffectSplitQ) {
  const std::vector<StudyEffect> studies = {{0.1, 0.01}, {0.5, 0.04}, {-0.2, 0.09}, {0.3, 0.02}};
  const std::vector<std::string> group = {"a", "b", "a", "b"};
  const PoolOptions fixed{.method = TauMethod::fixed};
  const SubgroupAnalysis s = by_subgroup(studies, group, fixed);
  double within = 0;
  for (const Subgroup& g : s.groups) within += g.pooled.heterogeneity.q;
  EXPECT_NEAR(s.q_between + within, pool(studies, fixed).heterogeneity.q, 1e-12);
  EXPECT_EQ(s.df, 1);
}

TEST(SmallStudies, ASymmetricFunnelIsLeftAlone) {
  const std::vector<StudyEffect> studies = {{0.2, 0.01}, {0.0, 0.04}, {0.4, 0.04}, {-0.2, 0.16}, {0.6, 0.16}};
  EXPECT_NEAR(egger(studies).statistic, 0, 1e-10);
  EXPECT_EQ(trim_and_fill(studies, {}, "left").filled, 0);
  EXPECT_DOUBLE_EQ(trim_and_fill(studies, {}, "left").pooled.effect.estimate, pool(studies).effect.estimate);
}

// Effects that rise with the error: of the 24 orders of four studies one is as extreme on either side.
TEST(SmallStudies, BeggIsExactForFewStudies) {
  const std::vector<StudyEffect> studies = {{0.0, 0.010}, {0.3, 0.020}, {0.8, 0.030}, {1.6, 0.045}};
  const RankTest test = begg(studies);
  EXPECT_TRUE(test.exact);
  EXPECT_DOUBLE_EQ(test.tau, 1);
  EXPECT_NEAR(test.p, 2.0 / 24, 1e-14);
}

TEST(SurvivalGain, OfAConstantHazardIsTheMedianOverTheRatio) {
  EXPECT_NEAR(median_gain(0.78, {.median = 9.2}), 9.2 / 0.78 - 9.2, 1e-12);
  EXPECT_NEAR(median_gain(0.5, {.median = 10, .shape = 2}), 10 * (std::sqrt(2.0) - 1), 1e-12);
  EXPECT_NEAR(median_gain(1.0, {.median = 10}), 0, 1e-12);
  // Restricted mean of an exponential: (1 - e^(-rate tau)) / rate.
  const auto mean = [](double rate) { return (1 - std::exp(-rate * 24)) / rate; };
  const double rate = std::log(2.0) / 9.2;
  EXPECT_NEAR(restricted_mean_gain(0.78, {.median = 9.2}, 24), mean(0.78 * rate) - mean(rate), 1e-12);
  EXPECT_THROW(median_gain(0.0, {.median = 10}), InputError);
  EXPECT_THROW(median_gain(0.8, {.median = 0}), InputError);
}

}  // namespace
}  // namespace coley::statistics
