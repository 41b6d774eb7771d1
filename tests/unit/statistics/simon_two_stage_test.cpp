// SPDX-License-Identifier: Apache-2.0
#include "statistics/simon_two_stage.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

struct Published {
  double p0, p1, alpha, power;
  TwoStageAim aim;
  int r1, n1, r, n;
  double expected;
};

class Simon : public testing::TestWithParam<Published> {};

TEST_P(Simon, IsThePublishedDesign) {
  const Published& p = GetParam();
  const TwoStageDesign d = simon_two_stage(p.p0, p.p1, p.alpha, p.power, p.aim);
  EXPECT_EQ(d.r1, p.r1);
  EXPECT_EQ(d.n1, p.n1);
  EXPECT_EQ(d.r, p.r);
  EXPECT_EQ(d.n, p.n);
  EXPECT_NEAR(d.expected_patients, p.expected, 0.051);
  EXPECT_LE(d.alpha, p.alpha);
  EXPECT_GE(d.power, p.power);
  EXPECT_NEAR(promising_probability(d, p.p1), d.power, 1e-14);
}

// Simon 1989, tables 1 and 2.
INSTANTIATE_TEST_SUITE_P(Tables, Simon,
                         testing::Values(Published{.05, .25, .10, .90, TwoStageAim::optimal, 0, 9, 2, 24, 14.5},
                                         Published{.05, .25, .10, .90, TwoStageAim::minimax, 0, 13, 2, 20, 16.4},
                                         Published{.10, .30, .05, .80, TwoStageAim::optimal, 1, 10, 5, 29, 15.0},
                                         Published{.10, .30, .05, .80, TwoStageAim::minimax, 1, 15, 5, 25, 19.5},
                                         Published{.20, .40, .10, .90, TwoStageAim::optimal, 3, 17, 10, 37, 26.0},
                                         Published{.20, .40, .10, .90, TwoStageAim::minimax, 3, 19, 10, 36, 28.3},
                                         Published{.30, .50, .05, .90, TwoStageAim::optimal, 8, 24, 24, 63, 34.7}));

TEST(SimonTwoStage, RefusesWhatNoDesignCanDo) {
  EXPECT_THROW(simon_two_stage(0.3, 0.2, 0.05, 0.8), InputError);
  EXPECT_THROW(simon_two_stage(0.3, 0.31, 0.05, 0.9, TwoStageAim::optimal, 40), InputError);
}

}  // namespace
}  // namespace coley::statistics
