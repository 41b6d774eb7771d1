// SPDX-License-Identifier: Apache-2.0
#include "solver/elementary.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random.hpp"

namespace coley::solver {
namespace {

TEST(Elementary, ExpAndLogAgreeWithTheLibrary) {
  Stream draw({1, 0}, 0, 0);
  for (int i = 0; i < 200000; ++i) {
    const double x = -700 + 1400 * draw.uniform();
    EXPECT_NEAR(exp(x) / std::exp(x), 1.0, 4.5e-16 * 2) << x;
    const double y = std::exp(x);
    EXPECT_NEAR(log(y), std::log(y), 5e-16 * std::max(1.0, std::fabs(std::log(y)))) << y;
  }
  EXPECT_EQ(exp(0.0), 1.0);
  EXPECT_EQ(log(1.0), 0.0);
}

TEST(Elementary, LanesGiveTheBitsOfTheScalar) {
  Stream draw({2, 0}, 0, 0);
  for (int i = 0; i < 20000; ++i) {
    Lanes<double, 4> x(0.0);
    for (int lane = 0; lane < 4; ++lane) x.set(lane, -30 + 60 * draw.uniform());
    const Lanes<double, 4> e = exp(x), l = log(e);
    for (int lane = 0; lane < 4; ++lane) {
      ASSERT_EQ(e[lane], exp(x[lane]));
      ASSERT_EQ(l[lane], log(e[lane]));
    }
  }
}

}  // namespace
}  // namespace coley::solver
