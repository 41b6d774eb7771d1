// SPDX-License-Identifier: Apache-2.0
// What trials of the published size say of a figure, from figures made by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "trial/estimates.hpp"

namespace coley {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TrialResult of_figures(const std::vector<double>& values) {
  TrialResult result = empty_result(make_design(read_trial("keynote-564")), {.patients = 1});
  for (const double value : values) result.by_trial.push_back({value});
  return result;
}

/// 1, 2, ... n, of which the last `longer` are not reached.
std::vector<double> medians(int n, int longer) {
  std::vector<double> values;
  for (int i = 1; i <= n; ++i) values.push_back(i > n - longer ? kInfinity : i);
  return values;
}

TEST(RangeOverTrials, HasNoUpperLimitWhereManyMediansAreNotReached) {
  const auto none = range_over_trials(of_figures(medians(100, 0)), 0, 0.9), few = range_over_trials(of_figures(medians(100, 2)), 0, 0.9);
  ASSERT_TRUE(none && few);
  EXPECT_EQ(none->high, few->high);  // two of a hundred lie beyond it
  const auto many = range_over_trials(of_figures(medians(100, 20)), 0, 0.9);
  ASSERT_TRUE(many);
  EXPECT_EQ(many->low, none->low);
  EXPECT_EQ(many->estimate, none->estimate);
  EXPECT_FALSE(many->high);
  const auto most = range_over_trials(of_figures(medians(100, 60)), 0, 0.9);
  ASSERT_TRUE(most);
  EXPECT_FALSE(most->estimate);
  EXPECT_FALSE(range_over_trials(of_figures(medians(100, 99)), 0, 0.9));
}

TEST(SpreadOverTrials, TellsThatSomeMediansAreNotReached) {
  EXPECT_FALSE(spread_over_trials(of_figures(medians(30, 0)), 0, report::Scale::months).unbounded);
  const TrialSpread some = spread_over_trials(of_figures(medians(30, 3)), 0, report::Scale::months);
  EXPECT_TRUE(some.unbounded);
  EXPECT_EQ(some.values.size(), 27u);
}

TEST(Twins, AreNotComparedInEndpointsOfSomePatients) {
  const Design design = make_design(read_trial("keynote-426"));
  EXPECT_FALSE(design.twin_pairs.empty());
  EXPECT_TRUE(std::none_of(design.twin_pairs.begin(), design.twin_pairs.end(), [](const Design::TwinPair& pair) { return pair.endpoint_name == "DOR"; }));
}

}  // namespace
}  // namespace coley
