// SPDX-License-Identifier: Apache-2.0
#include "core/random.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace coley {
namespace {

TEST(Stream, SameAddressSameNumbers) {
  Stream a({7, 3}, 41, 2), b({7, 3}, 41, 2);
  for (int i = 0; i < 9; ++i) EXPECT_EQ(a.uniform(), b.uniform());
}

TEST(Stream, EveryPartOfTheAddressMatters) {
  const double first = Stream({7, 3}, 41, 2).uniform();
  EXPECT_NE(first, Stream({8, 3}, 41, 2).uniform());
  EXPECT_NE(first, Stream({7, 4}, 41, 2).uniform());
  EXPECT_NE(first, Stream({7, 3}, 42, 2).uniform());
  EXPECT_NE(first, Stream({7, 3}, 41, 3).uniform());
}

TEST(Stream, MomentsOfTheDistributions) {
  Stream stream({1, 0}, 0, 0);
  const int n = 200000;
  double uniform = 0, normal = 0, square = 0, exponential = 0;
  for (int i = 0; i < n; ++i) {
    uniform += stream.uniform();
    const double z = stream.normal();
    normal += z;
    square += z * z;
    exponential += stream.exponential();
  }
  const double se = 4.0 / std::sqrt(double{n});  // four standard errors of a unit-variance mean
  EXPECT_NEAR(uniform / n, 0.5, se * std::sqrt(1.0 / 12));
  EXPECT_NEAR(normal / n, 0.0, se);
  EXPECT_NEAR(square / n, 1.0, se * std::sqrt(2.0));
  EXPECT_NEAR(exponential / n, 1.0, se);
}

TEST(NormalQuantile, InvertsTheDistributionFunction) {
  for (double p : {1e-300, 1e-12, 0.025, 0.5, 0.975, 1 - 1e-12}) {
    EXPECT_NEAR(normal_cdf(normal_quantile(p)) / p, 1.0, 1e-10);
  }
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-14);
}

}  // namespace
}  // namespace coley
