// SPDX-License-Identifier: Apache-2.0
#include "statistics/prediction_accuracy.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

const std::vector<double> times = {1, 2, 3, 4, 5, 6, 7, 8};
const std::vector<std::uint8_t> all_events(8, 1);
const std::vector<double> risks = {0.9, 0.4, 0.8, 0.6, 0.5, 0.3, 0.2, 0.1};

TEST(TimeDependentRoc, WithoutCensoringIsMannWhitney) {
  // Cases by 4.5: 0.9 0.4 0.8 0.6; controls 0.5 0.3 0.2 0.1: 15 of 16 pairs in order.
  const TimeDependentRoc roc = time_dependent_roc({times, all_events, risks}, 4.5);
  EXPECT_NEAR(roc.auc.estimate, 15.0 / 16, 1e-14);
  EXPECT_EQ(roc.cases, 4);
  EXPECT_EQ(roc.controls, 4);
  EXPECT_EQ(roc.points.front().sensitivity, 0);
  EXPECT_EQ(roc.points.front().specificity, 1);
  EXPECT_EQ(roc.points.back().sensitivity, 1);
  EXPECT_EQ(roc.points.back().specificity, 0);
}

TEST(TimeDependentRoc, TiesCountHalf) {
  const std::vector<double> same(8, 0.5);
  EXPECT_NEAR(time_dependent_roc({times, all_events, same}, 4.5).auc.estimate, 0.5, 1e-14);
}

TEST(TimeDependentRoc, CensoredSubjectsAreMadeUpFor) {
  // Censored at 2 of 8: G = 6/7 afterwards. Cases 0.9 (weight 1), 0.8 and 0.6 (7/6 each); controls 7/6 each.
  std::vector<std::uint8_t> events = all_events;
  events[1] = 0;
  const TimeDependentRoc roc = time_dependent_roc({times, events, risks}, 4.5);
  EXPECT_NEAR(roc.cases, 1 + 2 * 7.0 / 6, 1e-14);
  EXPECT_NEAR(roc.controls, 4 * 7.0 / 6, 1e-14);
  EXPECT_NEAR(roc.auc.estimate, 1, 1e-14);
}

TEST(BrierScore, WithoutCensoringIsTheMeanSquare) {
  double sum = 0;
  for (std::size_t i = 0; i < 8; ++i) sum += std::pow((times[i] <= 4.5 ? 1 : 0) - risks[i], 2);
  const BrierScore score = brier_score({times, all_events, risks}, 4.5);
  EXPECT_NEAR(score.score.estimate, sum / 8, 1e-14);
  EXPECT_NEAR(score.reference, 0.25, 1e-14);
  EXPECT_NEAR(score.explained, 1 - sum / 2, 1e-14);
  const std::vector<double> horizons = {2.5, 4.5};
  EXPECT_NEAR(integrated_brier_score(times, all_events, horizons, {risks, risks}),
              (brier_score({times, all_events, risks}, 2.5).score.estimate + score.score.estimate) / 2, 1e-14);
}

TEST(Calibration, ObservedIsKaplanMeierOfTheGroup) {
  const Calibration found = calibration({times, all_events, risks}, 4.5, 2);
  ASSERT_EQ(found.groups.size(), 2u);
  EXPECT_NEAR(found.groups[0].predicted, (0.1 + 0.2 + 0.3 + 0.4) / 4, 1e-14);
  EXPECT_NEAR(found.groups[0].observed.estimate, 0.25, 1e-14);
  EXPECT_NEAR(found.groups[1].observed.estimate, 0.75, 1e-14);
  EXPECT_NEAR(found.observed_by_expected.estimate, 0.5 / 0.475, 1e-14);
  const std::vector<double> same(8, 0.5);
  EXPECT_EQ(calibration({times, all_events, same}, 4.5, 4).groups.size(), 1u);
}

TEST(DecisionCurve, WithoutCensoringCountsTruePositives) {
  const std::vector<double> thresholds = {0.25, 0.55, 0.95};
  const std::vector<NetBenefit> curve = decision_curve({times, all_events, risks}, 4.5, thresholds);
  EXPECT_NEAR(curve[0].model, 4.0 / 8 - 2.0 / 8 / 3, 1e-14);  // positive: six, four of them cases
  EXPECT_NEAR(curve[0].treat_all, 0.5 - 0.5 / 3, 1e-14);
  EXPECT_NEAR(curve[1].model, 3.0 / 8, 1e-14);
  EXPECT_EQ(curve[2].model, 0);
  EXPECT_EQ(curve[2].positive, 0);
}

TEST(PredictionAccuracy, RefusesWhatCannotBe) {
  const std::vector<double> beyond = {0.5, 1.5, 0, 0, 0, 0, 0, 0};
  EXPECT_THROW(brier_score({times, all_events, beyond}, 4), InputError);
  EXPECT_THROW(time_dependent_roc({times, all_events, risks}, 8), InputError);    // nobody beyond
  EXPECT_THROW(time_dependent_roc({times, all_events, risks}, 0.5), InputError);  // no case
  EXPECT_THROW(time_dependent_roc({times, all_events, risks}, -1), InputError);
  EXPECT_THROW(decision_curve({times, all_events, risks}, 4, std::vector<double>{1.0}), InputError);
}

}  // namespace
}  // namespace coley::statistics
