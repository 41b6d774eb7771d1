// SPDX-License-Identifier: Apache-2.0
#include "statistics/proportion.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

TEST(ClopperPearson, AgreesWithRBinomTest) {
  const Estimate rate = clopper_pearson(7, 20);
  EXPECT_DOUBLE_EQ(rate.estimate, 0.35);
  EXPECT_NEAR(rate.low, 0.153909204784541, 1e-13);
  EXPECT_NEAR(rate.high, 0.592188534532828, 1e-13);
}

TEST(ClopperPearson, HasClosedFormAtTheEnds) {
  const Estimate none = clopper_pearson(0, 10), all = clopper_pearson(10, 10);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 1 - std::pow(0.025, 0.1), 1e-14);
  EXPECT_NEAR(all.low, std::pow(0.025, 0.1), 1e-14);
  EXPECT_EQ(all.high, 1);
}

TEST(Wilson, AgreesWithRPropTest) {
  const Estimate rate = wilson(7, 20);
  EXPECT_NEAR(rate.low, 0.181191824101082, 1e-13);
  EXPECT_NEAR(rate.high, 0.567145723314764, 1e-13);
  EXPECT_EQ(wilson(0, 5).low, 0);
  EXPECT_EQ(wilson(5, 5).high, 1);
}

TEST(Proportion, RefusesImpossibleCounts) {
  EXPECT_THROW(clopper_pearson(0, 0), InputError);
  EXPECT_THROW(clopper_pearson(6, 5), InputError);
  EXPECT_THROW(wilson(-1, 5), InputError);
  EXPECT_THROW(wilson(1, 5, 1.0), InputError);
  EXPECT_THROW(clopper_pearson(1, 5, 0.0), InputError);
}

}  // namespace
}  // namespace coley::statistics
