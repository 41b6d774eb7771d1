// SPDX-License-Identifier: Apache-2.0
#include "credibility/misfit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "credibility/evaluation.hpp"
#include "credibility/roles.hpp"
#include "protocol/shipped.hpp"

namespace coley::credibility {
namespace {

/// KN564-20: DFS hazard ratio 0.71 (0.59 to 0.86).
EvidenceEstimate ratio(double value, double low, double high) {
  EvidenceEstimate estimate{.name = "", .scale = report::Scale::ratio, .which = 0, .value = value, .low = low, .high = high};
  estimate.row = "KN564-20";
  return estimate;
}

TEST(Misfit, OfARatioIsOnTheLogScale) {
  const auto target = target_of(ratio(0.8, 0.8, 0.8));
  ASSERT_TRUE(target);
  EXPECT_NEAR(target->value, std::log(0.71), 1e-12);
  EXPECT_NEAR(target->se, std::log(0.86 / 0.59) / 3.919928, 1e-6);
  EXPECT_NEAR(misfit(ratio(0.71, 0.71, 0.71), *target), 0, 1e-12);
  EXPECT_NEAR(misfit(ratio(0.8, 0.8, 0.8), *target), std::log(0.8 / 0.71) / target->se, 1e-12);
  const double se = std::log(0.9 / 0.7) / 3.919928;  // the simulation's own error counts too
  EXPECT_NEAR(misfit(ratio(0.8, 0.7, 0.9), *target), std::log(0.8 / 0.71) / std::hypot(target->se, se), 1e-6);
  EXPECT_EQ(misfit(ratio(std::nan(""), std::nan(""), std::nan("")), *target), kNotEstimable);
}

TEST(Misfit, OfAMedianIsOfTheCurveAtThePublishedMedian) {
  EvidenceEstimate median{.name = "", .scale = report::Scale::months, .which = 1, .value = std::nan(""), .low = 0, .high = 0};
  median.row = "MRC-03";  // 8.5 months, 167 patients
  median.at_published_median = report::Estimate{0.62, 0.62, 0.62};
  const auto target = target_of(median);
  ASSERT_TRUE(target);
  EXPECT_EQ(target->value, 0.5);
  EXPECT_NEAR(misfit(median, *target), 0.12 / (0.5 / std::sqrt(167.0)), 1e-9);
  median.at_published_median.reset();
  EXPECT_FALSE(target_of(median));
}

TEST(Numbers, AreNormalBetweenTheirBounds) {
  const FreeNumber log{.set = "", .disease = "", .scale = PriorScale::log, .low = 1, .high = 100, .start = 1, .why = ""};
  EXPECT_NEAR(number_at(log, 0), 10, 1e-9);
  EXPECT_NEAR(number_at(log, -2), 1, 1e-12);
  EXPECT_EQ(number_at(log, 9), 100);
  const FreeNumber logit{.set = "", .disease = "", .scale = PriorScale::logit, .low = 0.2, .high = 0.8, .start = 0.5, .why = ""};
  for (const FreeNumber& number : {log, logit}) {
    for (double z = -1.9; z < 2; z += 0.3) EXPECT_NEAR(deviate_of(number, number_at(number, z)), z, 1e-9);
  }
}

TEST(Roles, OnlyVerifiedCalibrationRowsAreCalibration) {
  EXPECT_EQ(role_of_row("KN564-20"), "calibration");
  EXPECT_EQ(role_of_row("SIMM-01"), "validation");
  EXPECT_EQ(role_of_row("KN564-19"), "unverified");
  EXPECT_EQ(role_of_row("nothing"), "");
}

/// The list of rows is frozen: every calibration row that a shipped trial links to is fitted or left out with a reason.
TEST(JointPlan, SpeaksOfEveryCalibrationRowThatATrialProduces) {
  const CalibrationPlan plan = read_calibration(*shipped_text("evidence/calibration.toml"), "evidence/calibration.toml", role_of_row);
  std::set<std::string> spoken;
  for (const FittedTrial& trial : plan.trials) spoken.insert(trial.rows.begin(), trial.rows.end());
  for (const LeftOut& left : plan.left_out) spoken.insert(left.rows.begin(), left.rows.end());
  for (const std::string& name : shipped_trials()) {
    for (const EvidenceLink& link : read_trial(name).protocol.evidence) {
      if (role_of_row(link.row) != "calibration") continue;
      EXPECT_TRUE(spoken.contains(link.row)) << link.row << " of " << name;
    }
  }
}

}  // namespace
}  // namespace coley::credibility
