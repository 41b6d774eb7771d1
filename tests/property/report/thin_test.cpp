// SPDX-License-Identifier: Apache-2.0
#include "report/thin.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace coley::report {
namespace {

/// A step curve that falls on random days.
std::vector<SurvivalPoint> random_curve() {
  const int horizon = *rc::gen::inRange(1, 9000);
  const auto days = *rc::gen::container<std::set<int>>(
      static_cast<std::size_t>(*rc::gen::inRange(0, std::min(horizon, 2000))), rc::gen::inRange(1, 10000));
  std::vector<SurvivalPoint> curve{{0, 1, {}, {}}};
  for (const int day : days) curve.push_back({day / 30.4375, curve.back().survival * 0.999, {}, {}});
  return curve;
}

double at(const std::vector<SurvivalPoint>& curve, double month) {
  double s = 1;
  for (const SurvivalPoint& p : curve) {
    if (p.month <= month) s = p.survival;
  }
  return s;
}

RC_GTEST_PROP(Thin, keeps_the_curve_at_whole_months, ()) {
  const auto curve = random_curve();
  const std::size_t most = static_cast<std::size_t>(*rc::gen::inRange(20, 400));
  const auto thin = thinned(curve, most);
  RC_ASSERT(thin.size() <= std::max(most + 2, std::size_t{2}));
  RC_ASSERT(thin.front().month == 0.0);
  RC_ASSERT(thin.back().month == curve.back().month);
  int step = 1;
  for (const int coarser : {2, 3, 6, 12}) {
    if (curve.back().month / step > static_cast<double>(most)) step = coarser;
  }
  for (int month = 0; month <= curve.back().month; month += step) {
    RC_ASSERT(at(thin, month) == at(curve, month));
  }
}

RC_GTEST_PROP(Thin, invents_no_point, ()) {
  const auto curve = random_curve();
  std::set<double> months;
  for (const SurvivalPoint& p : curve) months.insert(p.month);
  for (const SurvivalPoint& p : thinned(curve, 48)) RC_ASSERT(months.count(p.month) == 1);
}

TEST(Thin, leaves_a_short_curve_alone) {
  const std::vector<SurvivalPoint> curve{{0, 1, {}, {}}, {0.03, 0.9, {}, {}}, {0.06, 0.8, {}, {}}};
  EXPECT_EQ(thinned(curve, 3).size(), 3u);
  EXPECT_TRUE(thinned(std::vector<SurvivalPoint>{}, 3).empty());
}

}  // namespace
}  // namespace coley::report
