// SPDX-License-Identifier: Apache-2.0
#include "statistics/expected_log_rank.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"
#include "statistics/survival_sample_size.hpp"

namespace coley::statistics {
namespace {

TwoArmAccrual proportional(double ratio) {
  return {{{{0}, {0.06 * ratio}}, 0.004}, {{{0}, {0.06}}, 0.004}, 1, {{0, 24}, {1}}};
}

TEST(ExpectedLogRank, CountsTheEventsOfTheClosedForm) {
  const TwoArmAccrual trial = proportional(0.7);
  for (const double t : {6.0, 24.0, 40.0}) EXPECT_NEAR(expected_log_rank(trial, t).event_share, event_share(trial, t), 1e-6);
}

TEST(ExpectedLogRank, ProportionalHazardsHaveOneRatio) {
  EXPECT_NEAR(expected_log_rank(proportional(0.7), 36).average_hazard_ratio, 0.7, 1e-12);
}

TEST(ExpectedLogRank, NoEffectNoScore) {
  const ExpectedLogRank e = expected_log_rank(proportional(1), 36);
  EXPECT_NEAR(e.score, 0, 1e-15);
  EXPECT_NEAR(e.variance, e.event_share / 4, 1e-12);
}

// Schoenfeld's formula is the limit of a small effect.
TEST(ExpectedLogRank, SmallEffectsNeedSchoenfeldsEvents) {
  const TwoArmAccrual trial = proportional(0.98);
  const double events = log_rank_patients(trial, 36, 0.025, 0.9) * event_share(trial, 36);
  EXPECT_NEAR(events / schoenfeld_events(0.98, 0.025, 0.9), 1, 1e-4);
}

TEST(ExpectedLogRank, ALateEffectIsSeenByALateWeight) {
  TwoArmAccrual trial = proportional(1);
  trial.treated.event = {{0, 6}, {0.06, 0.03}};
  const double plain = log_rank_power(trial, 36, 400, 0.025);
  EXPECT_GT(log_rank_power(trial, 36, 400, 0.025, LogRankWeight::fh(0, 1)), plain);
  EXPECT_LT(log_rank_power(trial, 36, 400, 0.025, LogRankWeight::fh(1, 0)), plain);
  EXPECT_NEAR(log_rank_power(trial, 36, log_rank_patients(trial, 36, 0.025, 0.8), 0.025), 0.8, 1e-12);
  EXPECT_THROW(log_rank_patients(proportional(1.2), 36, 0.025, 0.9), InputError);
}

}  // namespace
}  // namespace coley::statistics
