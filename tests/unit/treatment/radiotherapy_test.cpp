// SPDX-License-Identifier: Apache-2.0
#include "treatment/radiotherapy.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace coley::treatment {
namespace {

TEST(LinearQuadratic, ThreeTimesFourteen) {
  EXPECT_NEAR(effective_dose(3, 14, 5), 159.6, 1e-12);
  EXPECT_NEAR(log_kill(3, 14, 0.12, 5) / std::log(10), 8.32, 0.005);
}

RC_GTEST_PROP(LinearQuadratic, KillIsAlphaTimesEffectiveDose, ()) {
  const int fractions = *rc::gen::inRange(0, 40);
  const double dose = *rc::gen::inRange(0, 300) / 10.0, alpha = *rc::gen::inRange(1, 60) / 100.0, ratio = *rc::gen::inRange(1, 20);
  const double beta = alpha / ratio;
  const double direct = fractions * (alpha * dose + beta * dose * dose);
  RC_ASSERT(std::fabs(log_kill(fractions, dose, alpha, ratio) - direct) < 1e-12 * (1 + direct));
  RC_ASSERT(std::fabs(alpha * effective_dose(fractions, dose, ratio) - direct) < 1e-12 * (1 + direct));
}

RC_GTEST_PROP(LinearQuadratic, OrderOfFractionsDoesNotMatter, ()) {
  const int large = *rc::gen::inRange(0, 6), small = *rc::gen::inRange(0, 6);
  double cells = 30, reversed = 30;  // ln
  for (int i = 0; i < large; ++i) cells -= log_kill(1, 14, 0.12, 5);
  for (int i = 0; i < small; ++i) cells -= log_kill(1, 2, 0.12, 5);
  for (int i = 0; i < small; ++i) reversed -= log_kill(1, 2, 0.12, 5);
  for (int i = 0; i < large; ++i) reversed -= log_kill(1, 14, 0.12, 5);
  RC_ASSERT(std::fabs(cells - reversed) < 1e-11);
  RC_ASSERT(std::fabs(30 - cells - log_kill(large, 14, 0.12, 5) - log_kill(small, 2, 0.12, 5)) < 1e-11);
}

TEST(LinearQuadratic, SameDoseInFewerFractionsKillsMore) {
  for (int fractions = 2; fractions <= 40; ++fractions) {
    EXPECT_LT(log_kill(fractions, 42.0 / fractions, 0.12, 5), log_kill(fractions - 1, 42.0 / (fractions - 1), 0.12, 5));
  }
}

}  // namespace
}  // namespace coley::treatment
