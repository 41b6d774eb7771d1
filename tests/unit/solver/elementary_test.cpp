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

TEST(Elementary, SinglePrecisionAgreesWithTheLibrary) {
  Stream draw({3, 0}, 0, 0);
  for (int i = 0; i < 200000; ++i) {
    const float x = static_cast<float>(-86 + 172 * draw.uniform());
    const double y = std::exp(static_cast<double>(x));
    EXPECT_NEAR(static_cast<double>(exp(x)) / y, 1.0, 2e-7) << x;
    const float z = static_cast<float>(y);
    const double ln = std::log(static_cast<double>(z));
    EXPECT_NEAR(static_cast<double>(log(z)), ln, 2e-7 * std::max(1.0, std::fabs(ln))) << z;
  }
  EXPECT_EQ(exp(0.0f), 1.0f);
  EXPECT_EQ(log(1.0f), 0.0f);
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
    Lanes<float, 8> single(0.0);
    for (int lane = 0; lane < 8; ++lane) single.set(lane, -30 + 60 * draw.uniform());
    const Lanes<float, 8> e_single = exp(single), l_single = log(e_single);
    for (int lane = 0; lane < 8; ++lane) {
      ASSERT_EQ(e_single.v[lane], exp(single.v[lane]));
      ASSERT_EQ(l_single.v[lane], log(e_single.v[lane]));
    }
  }
}

}  // namespace
}  // namespace coley::solver
