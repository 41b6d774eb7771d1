// SPDX-License-Identifier: Apache-2.0
// Laws that hold for any trial in whole days: counts give what rows give, merging in parts changes nothing, and the
// order of rows does not matter.
#include "statistics/day_counts.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace coley::statistics {
namespace {

struct Trial {
  std::vector<double> time;
  std::vector<std::uint8_t> event;
  std::vector<int> group, stratum;

  SurvivalRows rows() const { return {time, event, {}, {}, group, stratum, 2}; }
  DayCounts counts(std::size_t from, std::size_t to) const {
    DayCounts counts(2, 3);
    for (std::size_t i = from; i < to; ++i) counts.add(static_cast<std::int64_t>(time[i]), event[i] != 0, group[i], stratum[i]);
    return counts;
  }
  DayCounts counts() const { return counts(0, time.size()); }
};

Trial any_trial() {
  Trial trial;
  const int n = *rc::gen::inRange(1, 300), last_day = *rc::gen::inRange(1, 60);
  for (int i = 0; i < n; ++i) {
    trial.time.push_back(*rc::gen::inRange(0, last_day));
    trial.event.push_back(static_cast<std::uint8_t>(*rc::gen::inRange(0, 2)));
    trial.group.push_back(*rc::gen::inRange(0, 2));
    trial.stratum.push_back(*rc::gen::inRange(0, 3));
  }
  return trial;
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }
bool same(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) { return same(x, y); });
}

RC_GTEST_PROP(DayCounts, GiveWhatTheRowsGiveBitForBit, ()) {
  const Trial trial = any_trial();
  const DayCounts counts = trial.counts();
  const auto curves = kaplan_meier(trial.rows());
  for (int g = 0; g < 2; ++g) {
    const SurvivalCurve from_days = counts.kaplan_meier(g), &from_rows = curves[static_cast<std::size_t>(g)];
    RC_ASSERT(same(from_days.time, from_rows.time));
    RC_ASSERT(same(from_days.at_risk, from_rows.at_risk));
    RC_ASSERT(same(from_days.survival, from_rows.survival));
    RC_ASSERT(same(from_days.low, from_rows.low));
    RC_ASSERT(same(from_days.high, from_rows.high));
    RC_ASSERT(same(from_days.cumulative_hazard, from_rows.cumulative_hazard));
  }
  const SortedRows sorted(trial.rows());
  const LogRankTest days = counts.log_rank(LogRankWeight::fh(0, 1)), rows = log_rank(sorted, LogRankWeight::fh(0, 1));
  RC_ASSERT(same(days.observed, rows.observed));
  RC_ASSERT(same(days.variance, rows.variance));
  RC_ASSERT(same(days.chi_square, rows.chi_square));
  for (const CoxTies ties : {CoxTies::efron, CoxTies::breslow}) {
    const HazardRatio a = counts.hazard_ratio(ties), b = two_group_hazard_ratio(sorted, ties);
    RC_ASSERT(same(a.log_hr, b.log_hr) && same(a.se, b.se) && same(a.loglik, b.loglik) && a.infinite == b.infinite);
  }
}

RC_GTEST_PROP(DayCounts, PooledAreThoseOfOneStratum, ()) {
  Trial trial = any_trial();
  const DayCounts pooled = trial.counts().pooled();
  std::fill(trial.stratum.begin(), trial.stratum.end(), 0);
  DayCounts one(2);
  for (std::size_t i = 0; i < trial.time.size(); ++i) one.add(static_cast<std::int64_t>(trial.time[i]), trial.event[i] != 0, trial.group[i]);
  RC_ASSERT(pooled == one);
}

RC_GTEST_PROP(DayCounts, MergeInAnyParts, ()) {
  const Trial trial = any_trial();
  const auto cut = *rc::gen::inRange<std::size_t>(0, trial.time.size() + 1);
  DayCounts first = trial.counts(0, cut), second = trial.counts(cut, trial.time.size());
  DayCounts backwards = second;
  first += second;
  backwards += trial.counts(0, cut);
  RC_ASSERT(first == trial.counts());
  RC_ASSERT(backwards == first);
}

RC_GTEST_PROP(KaplanMeier, FallsFromOneAndStaysInItsInterval, ()) {
  const Trial trial = any_trial();
  CurveOptions options;
  options.interval = *rc::gen::element(IntervalType::plain, IntervalType::log, IntervalType::log_log, IntervalType::logit, IntervalType::arcsin);
  for (const SurvivalCurve& curve : kaplan_meier(trial.rows(), options)) {
    double above = 1;
    for (std::size_t i = 0; i < curve.size(); ++i) {
      RC_ASSERT(curve.survival[i] <= above && curve.survival[i] >= 0);
      RC_ASSERT(std::isnan(curve.low[i]) || (curve.low[i] >= 0 && curve.low[i] <= curve.survival[i] + 1e-15));
      RC_ASSERT(std::isnan(curve.high[i]) || (curve.high[i] <= 1 && curve.high[i] >= curve.survival[i] - 1e-15));
      above = curve.survival[i];
    }
  }
}

RC_GTEST_PROP(KaplanMeier, DoesNotDependOnTheOrderOfRows, ()) {
  const Trial trial = any_trial();
  std::vector<std::size_t> order(trial.time.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[*rc::gen::inRange<std::size_t>(0, i)]);
  Trial shuffled;
  for (const std::size_t i : order) {
    shuffled.time.push_back(trial.time[i]);
    shuffled.event.push_back(trial.event[i]);
    shuffled.group.push_back(trial.group[i]);
    shuffled.stratum.push_back(trial.stratum[i]);
  }
  RC_ASSERT(same(kaplan_meier(trial.rows())[0].survival, kaplan_meier(shuffled.rows())[0].survival));
  RC_ASSERT(same(log_rank(trial.rows()).chi_square, log_rank(shuffled.rows()).chi_square));
}

RC_GTEST_PROP(KaplanMeier, WeightsOfWholeNumbersAreReplications, ()) {
  const Trial trial = any_trial();
  std::vector<double> weight;
  Trial repeated;
  for (std::size_t i = 0; i < trial.time.size(); ++i) {
    const int copies = *rc::gen::inRange(1, 4);
    weight.push_back(copies);
    for (int c = 0; c < copies; ++c) {
      repeated.time.push_back(trial.time[i]);
      repeated.event.push_back(trial.event[i]);
      repeated.group.push_back(trial.group[i]);
      repeated.stratum.push_back(0);
    }
  }
  SurvivalRows weighted = trial.rows();
  weighted.weight = weight;
  const auto a = kaplan_meier(weighted), b = kaplan_meier(repeated.rows());
  for (std::size_t g = 0; g < 2; ++g) {
    RC_ASSERT(same(a[g].survival, b[g].survival));
    RC_ASSERT(same(a[g].se_log_survival, b[g].se_log_survival));
  }
}

}  // namespace
}  // namespace coley::statistics
