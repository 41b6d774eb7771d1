// SPDX-License-Identifier: Apache-2.0
// Graphs of alpha and closed combination tests against what can be worked out by hand.

#include "statistics/combination_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/random.hpp"
#include "statistics/alpha_graph.hpp"
#include "statistics/reference_distribution.hpp"

namespace coley::statistics {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(AlphaGraph, PassesALevelOn) {
  AlphaGraph graph({0.005, 0.02}, {{0, 1}, {0.5, 0}});
  graph.reject(1);
  EXPECT_DOUBLE_EQ(graph.alpha(0), 0.015);
  EXPECT_TRUE(graph.rejected(1));
  graph.reject(0);
  EXPECT_DOUBLE_EQ(graph.alpha(0), 0);
}

TEST(AlphaGraph, IsHolmsProcedureWithEvenEdges) {
  // Holm at 0.03: the levels are 0.01, then 0.015, then 0.03, whichever hypotheses fall first
  AlphaGraph graph({0.01, 0.01, 0.01}, {{0, 0.5, 0.5}, {0.5, 0, 0.5}, {0.5, 0.5, 0}});
  graph.reject(1);
  EXPECT_NEAR(graph.alpha(0), 0.015, 1e-15);
  EXPECT_NEAR(graph.alpha(2), 0.015, 1e-15);
  graph.reject(2);
  EXPECT_NEAR(graph.alpha(0), 0.03, 1e-15);
}

TEST(AlphaGraph, KeepsThePathThroughWhatWasRejected) {
  // a fixed sequence: 0 passes all to 1, 1 to 2
  AlphaGraph graph({0.025, 0, 0}, {{0, 1, 0}, {0, 0, 1}, {0, 0, 0}});
  graph.reject(0);
  EXPECT_DOUBLE_EQ(graph.alpha(1), 0.025);
  EXPECT_DOUBLE_EQ(graph.alpha(2), 0);
  graph.reject(1);
  EXPECT_DOUBLE_EQ(graph.alpha(2), 0.025);
}

TEST(CombinationTest, HasSimesPValue) {
  EXPECT_DOUBLE_EQ(simes({0.04, 0.02}), 0.04);
  EXPECT_DOUBLE_EQ(simes({0.5, 0.01}), 0.02);
  EXPECT_DOUBLE_EQ(simes({0.03, 0.01, 0.02}), 0.03);
  EXPECT_DOUBLE_EQ(simes({}), 1);
}

TEST(CombinationTest, OfOneHypothesisIsTheInverseNormal) {
  const double z1[] = {1.0}, z2[] = {2.0};
  const double combined = std::sqrt(0.4) * 1.0 + std::sqrt(0.6) * 2.0;
  EXPECT_TRUE(closed_combination(z1, z2, 0.4, normal_upper(combined) + 1e-9)[0]);
  EXPECT_FALSE(closed_combination(z1, z2, 0.4, normal_upper(combined) - 1e-9)[0]);
}

TEST(CombinationTest, ChargesForTheArmsThatWereTriedFirst) {
  // arm 1 goes on alone: its own combination must convince, and so must that of both, whose first stage is Simes' of two
  const double z1[] = {1.2, 1.5}, z2[] = {kNaN, 1.6};
  const double alone = std::sqrt(0.5) * (1.5 + 1.6);
  const double both = std::sqrt(0.5) * (-normal_quantile(simes({normal_upper(1.2), normal_upper(1.5)})) + 1.6);
  ASSERT_LT(both, alone);
  EXPECT_TRUE(closed_combination(z1, z2, 0.5, normal_upper(both) + 1e-9)[1]);
  EXPECT_FALSE(closed_combination(z1, z2, 0.5, normal_upper(both) - 1e-9)[1]);
  EXPECT_FALSE(closed_combination(z1, z2, 0.5, 0.5)[0]);  // given up
}

}  // namespace
}  // namespace coley::statistics
