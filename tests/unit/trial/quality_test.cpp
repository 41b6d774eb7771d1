// SPDX-License-Identifier: Apache-2.0
// Quality-adjusted survival against closed forms: with whole utility it is the restricted mean, with a constant one a share of
// it, with one that falls the integral of the product.
#include "trial/quality.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/units.hpp"
#include "course/condition.hpp"
#include "statistics/day_counts.hpp"

namespace coley {
namespace {

constexpr int kMonths = 36;

/// Patients who die on these days, followed to `end`, with a utility by month.
struct Arm {
  statistics::DayCounts days{1, 1};
  QualityCounts quality{std::vector<long long>(kMonths + 1), std::vector<long long>(kMonths + 1)};

  void add(int death, int end, const std::vector<std::uint16_t>& utilities) {
    const bool dies = death <= end;
    const int until = dies ? death : end;
    days.add(until, dies, 0, 0);
    std::vector<std::uint16_t> seen;
    for (std::size_t month = 0; month < utilities.size() && static_cast<double>(month) * kDaysPerMonth <= until; ++month) seen.push_back(utilities[month]);
    count_quality(seen, end, quality);
  }
  report::QualityAdjusted result() const { return *quality_adjusted(quality, days.kaplan_meier(0)); }
};

RC_GTEST_PROP(QualityAdjustedSurvival, IsTheRestrictedMeanTimesAConstantUtility, ()) {
  const auto utility = static_cast<std::uint16_t>(*rc::gen::inRange(0, kUtilityParts + 1));
  Arm arm;
  for (int i = *rc::gen::inRange(2, 40); i > 0; --i) arm.add(*rc::gen::inRange(1, 3000), 1300, std::vector<std::uint16_t>(200, utility));
  arm.add(100, 1300, std::vector<std::uint16_t>(200, utility));
  arm.add(2000, 1300, std::vector<std::uint16_t>(200, utility));
  const report::QualityAdjusted result = arm.result();
  const auto mean = statistics::restricted_mean(arm.days.kaplan_meier(0), kMonths * kDaysPerMonth);
  const double share = static_cast<double>(utility) / kUtilityParts;
  RC_ASSERT(std::abs(*result.survival.months.estimate - share * mean.value / kDaysPerMonth) < 1e-9);
  RC_ASSERT(std::abs(*result.survival.months.high - share * mean.high / kDaysPerMonth) < 1e-9);
  RC_ASSERT(std::abs(*result.mean_utility - share) < 1e-9);
}

TEST(QualityAdjustedSurvival, WeighsEachMonthLived) {
  // nobody dies; utility falls from 1 to 0.28 in a straight line over 36 months
  Arm arm;
  std::vector<std::uint16_t> falling;
  for (int month = 0; month <= kMonths; ++month) falling.push_back(static_cast<std::uint16_t>(kUtilityParts - 200 * month));
  for (int i = 0; i < 5; ++i) arm.add(5000, 1300, falling);
  EXPECT_NEAR(*arm.result().survival.months.estimate, kMonths * (1 + 0.28) / 2, 1e-9);
}

TEST(QualityAdjustedSurvival, RisesWithUtility) {
  Arm better, worse;
  for (int i = 1; i <= 20; ++i) {
    better.add(100 * i, 1300, std::vector<std::uint16_t>(200, 9000));
    worse.add(100 * i, 1300, std::vector<std::uint16_t>(200, static_cast<std::uint16_t>(9000 - 100 * i)));
  }
  EXPECT_GT(*better.result().survival.months.estimate, *worse.result().survival.months.estimate);
}

TEST(QualityAdjustedSurvival, EndsWhereNobodyIsLeftToBeAsked) {
  Arm arm;
  for (int i = 0; i < 5; ++i) arm.add(50 * (i + 1), 1300, std::vector<std::uint16_t>(200, kUtilityParts));
  EXPECT_EQ(arm.result().survival.month, 8);  // the last dies on day 250
  Arm nobody;
  EXPECT_EQ(quality_adjusted(nobody.quality, statistics::SurvivalCurve{}), std::nullopt);
}

}  // namespace
}  // namespace coley
