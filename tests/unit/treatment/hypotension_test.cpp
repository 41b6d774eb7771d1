// SPDX-License-Identifier: Apache-2.0
#include "treatment/hypotension.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace coley::treatment {
namespace {

constexpr double kRecovery = 0.6931471805599453 / 24;

TEST(DoseBlock, WithoutALimitEveryDoseIsGivenAndLeakIsAGeometricSum) {
  const DoseBlock block = plan_block(0, 0.93, 8, 15, 14, kRecovery, 0);
  EXPECT_EQ(block.given, 14);
  EXPECT_EQ(block.withheld, 0);
  EXPECT_DOUBLE_EQ(block.hours, 14 * 8);
  const double kept = std::exp(-8 * kRecovery);
  EXPECT_NEAR(block.leak, 0.93 * kept * (1 - std::pow(kept, 14)) / (1 - kept), 1e-12);
  EXPECT_LT(block.severe_at_hour, 0);
}

TEST(DoseBlock, HandWorked) {
  // interval of one half-life: leak 1, 0.5 | 1.5 passes 1.2, 0.75 | 1.75, 0.875 | 1.875, 0.9375 ...
  const DoseBlock block = plan_block(0, 1, 24, 4, 0, kRecovery, 1.2);
  EXPECT_EQ(block.given, 4);
  EXPECT_EQ(block.severe_at_hour, 24);
  // and with a limit of 0.8: the fourth dose meets 0.875
  const DoseBlock strict = plan_block(0, 1, 24, 4, 0, kRecovery, 0.8);
  EXPECT_EQ(strict.given, 3);
  EXPECT_EQ(strict.withheld, 1);
  EXPECT_EQ(strict.severe_at_hour, 0);
  EXPECT_NEAR(strict.leak, 0.4375, 1e-12);
}

RC_GTEST_PROP(DoseBlock, WhoBearsLessGetsFewerDoses, ()) {
  const double per_dose = *rc::gen::inRange(1, 40) / 10.0;
  int given = 0;
  for (double limit : {0.5, 1.0, 2.0, 4.0, 8.0, 16.0}) {
    const DoseBlock block = plan_block(0, per_dose, 8, 15, 14, kRecovery, limit);
    RC_ASSERT(block.given >= given && block.given + block.withheld <= 15 && block.given <= 14);
    RC_ASSERT(block.withheld == 0 || block.severe_at_hour >= 0);
    given = block.given;
  }
}

RC_GTEST_PROP(DoseBlock, MoreLeakADoseIsSevereInMorePatients, ()) {
  const double limit = *rc::gen::inRange(1, 100) / 10.0;
  bool severe = false;
  for (double per_dose : {0.01, 0.1, 0.5, 1.0, 2.0, 20.0}) {
    const bool now = plan_block(0, per_dose, 8, 15, 14, kRecovery, limit).severe_at_hour >= 0;
    RC_ASSERT(now || !severe);
    severe = now;
  }
  RC_ASSERT(severe);
}

}  // namespace
}  // namespace coley::treatment
