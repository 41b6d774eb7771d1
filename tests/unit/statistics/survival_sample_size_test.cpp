// SPDX-License-Identifier: Apache-2.0
#include "statistics/survival_sample_size.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

const Accrual kTwoYears{{0, 24}, {10}};

TEST(EventPrediction, UniformAccrualOfExponentialsIsClosedForm) {
  const double rate = 0.05;
  const ArmHazards arm{{{0}, {rate}}, 0};
  for (const double t : {6.0, 24.0, 36.0, 200.0}) {
    const double newest = std::max(t - 24, 0.0), entered = std::min(t, 24.0);
    const double expected = (entered - (std::exp(-rate * newest) - std::exp(-rate * t)) / rate) / 24;
    EXPECT_NEAR(event_share(arm, kTwoYears, t), expected, 1e-14) << t;
  }
  EXPECT_EQ(event_share(arm, kTwoYears, 0), 0);
}

TEST(EventPrediction, DropoutCompetes) {
  const ArmHazards arm{{{0}, {0.06}}, 0.02};
  EXPECT_NEAR(event_probability(arm, 1e4), 0.75, 1e-12);
  EXPECT_NEAR(1 - std::exp(-12 * dropout_hazard(0.05, 12)), 0.05, 1e-15);
}

TEST(EventPrediction, PiecesOfOneRateAreOnePiece) {
  const ArmHazards one{{{0}, {0.05}}, 0.01}, many{{{0, 3, 10}, {0.05, 0.05, 0.05}}, 0.01};
  const Accrual split{{0, 5, 24}, {10, 10}};
  for (const double t : {2.0, 12.0, 40.0}) EXPECT_NEAR(event_share(one, kTwoYears, t), event_share(many, split, t), 1e-14);
}

TEST(EventPrediction, VerySmallHazardsKeepTheirDigits) {
  const ArmHazards arm{{{0}, {1e-12}}, 0};
  // All enter within a day; after ten the share is the hazard times the mean time on trial, 9.5.
  EXPECT_NEAR(event_share(arm, {{0, 1}, {1}}, 10) / 9.5e-12, 1, 1e-9);
}

TEST(EventPrediction, TimeOfEventsInvertsTheShare) {
  const TwoArmAccrual trial{{{{0}, {0.04}}, 0.004}, {{{0}, {0.06}}, 0.004}, 2, kTwoYears};
  const double t = time_of_events(trial, 400, 200);
  EXPECT_NEAR(400 * event_share(trial, t), 200, 1e-9);
  EXPECT_THROW(time_of_events(trial, 400, 380), InputError);  // dropouts leave 367 at most
}

TEST(SampleSize, Formulas) {
  EXPECT_NEAR(schoenfeld_events(0.5, 0.025, 0.9), 87.479297721542, 1e-9);
  EXPECT_NEAR(schoenfeld_power(0.5, 87.479297721542, 0.025), 0.9, 1e-12);
  EXPECT_NEAR(required_events(0.5, 3, 1, EventsFormula::freedman), 9 * 9, 1e-12);
  EXPECT_THROW(required_events(1, 3), InputError);
  EXPECT_THROW(required_events(0.5, 3, 1, EventsFormula::freedman, 1.2), InputError);
}

TEST(SampleSize, TheTwoWaysOfAskingAgree) {
  const SequentialDesign design = make_sequential_design({.information = {0.67, 1}, .shape = BoundaryShape::spending});
  const TwoArmAccrual trial{{hazard_of_median(17), 0}, {hazard_of_median(12), 0}, 1, kTwoYears};
  const SurvivalQuestion question{.hazard_ratio = 12.0 / 17};
  const SurvivalTrialSize by_time = size_for_follow_up(design, question, trial, 9);
  const SurvivalTrialSize by_patients = size_for_patients(design, question, trial, by_time.patients);
  EXPECT_NEAR(by_patients.follow_up, 9, 1e-8);
  EXPECT_NEAR(by_time.time_by_look.back(), 33, 1e-8);
  EXPECT_LT(by_time.expected_events, by_time.max_events);
  TwoArmAccrual open = trial;
  open.accrual = {{0, 1}, {by_time.patients / 24}};
  EXPECT_NEAR(size_for_intensity(design, question, open, 9).patients, by_time.patients, 1e-6);
}

}  // namespace
}  // namespace coley::statistics
