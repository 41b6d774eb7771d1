// SPDX-License-Identifier: Apache-2.0
#include "design/look_tests.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/units.hpp"
#include "design/plan_definition.hpp"
#include "statistics/contrasts.hpp"
#include "statistics/kaplan_meier.hpp"
#include "statistics/max_combo.hpp"
#include "statistics/two_group_cox.hpp"

namespace coley::design {

using statistics::LogRankWeight;

namespace {

constexpr double kTolerance = 1e-5;  // of a p-value, relative: z to five digits
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool weighted(const Test& test) { return test.kind <= TestKind::modestly_weighted; }
/// p rather than the largest statistic, on the Z scale, so that its bounds are those of any other test.
double z_of_combination(const Test& test, const statistics::SortedRows& rows) {
  std::vector<LogRankWeight> weights = combined_weights();
  if (test.rho > 0 || test.gamma > 0) weights.push_back(LogRankWeight::fh(test.rho, test.gamma));
  const double p = statistics::max_combo_p(rows, weights, kTolerance);
  return std::isnan(p) ? kNaN : -normal_quantile(std::clamp(p, 1e-300, 1 - 1e-16));
}

bool from_curves(const Test& test) { return test.kind == TestKind::rmst || test.kind == TestKind::milestone; }

}  // namespace

std::vector<LogRankWeight> combined_weights() {
  return {LogRankWeight::fh(0, 0), LogRankWeight::fh(0, 1), LogRankWeight::fh(1, 0)};
}

LogRankWeight weight_of(const Test& test) {
  if (test.kind == TestKind::modestly_weighted) return {LogRankWeight::Kind::modestly_weighted, 0, 0, test.months * kDaysPerMonth};
  return LogRankWeight::fh(test.rho, test.gamma);
}

std::string name_of(const Test& test) {
  if (!test.name.empty()) return test.name;
  std::string name = test_words()[static_cast<std::size_t>(test.kind)];
  std::replace(name.begin(), name.end(), '_', ' ');
  const auto number = [](double x) {
    std::string text = std::to_string(x);
    text.erase(text.find_last_not_of('0') + 1);
    return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
  };
  if (test.kind == TestKind::log_rank) name = "log-rank";
  if (test.kind == TestKind::fleming_harrington) name = "Fleming-Harrington(" + number(test.rho) + ", " + number(test.gamma) + ")";
  if (test.kind == TestKind::max_combo) name = test.rho > 0 || test.gamma > 0 ? "MaxCombo with (" + number(test.rho) + ", " + number(test.gamma) + ")" : "MaxCombo";
  if (test.kind == TestKind::rmst) name = "RMST";
  if (test.months > 0) name += " at " + number(test.months) + " months";
  return test.stratified ? name + ", stratified" : name;
}

LookTests::LookTests(const std::vector<Test>& tests) : tests_(tests), z_(tests.size()) {}

void LookTests::look(const Source& source, const Cohort& cohort, double day, std::size_t endpoint) {
  time_.clear();
  event_.clear();
  group_.clear();
  stratum_.clear();
  events_ = 0;
  for (std::size_t i = 0; i < cohort.size() && cohort.entry[i] <= day; ++i) {
    const double followed = day - cohort.entry[i];
    const bool left = cohort.entry[i] + cohort.time[i] <= day, event = left && cohort.event[i] != 0;
    time_.push_back(event ? cohort.time[i] : source.seen_until(left ? cohort.time[i] : followed, endpoint));
    event_.push_back(event ? 1 : 0);
    group_.push_back(cohort.treated[i]);
    stratum_.push_back(cohort.stratum[i]);
    events_ += event ? 1 : 0;
  }
  std::fill(z_.begin(), z_.end(), kNaN);
  if (events_ == 0) return;
  log_rank_family(false);
  if (std::any_of(tests_.begin(), tests_.end(), [](const Test& test) { return test.stratified; })) log_rank_family(true);
  if (std::any_of(tests_.begin(), tests_.end(), from_curves)) curves();
}

/// All weights in one walk over the risk sets; MaxCombo's after those of the other tests.
void LookTests::log_rank_family(bool stratified) {
  std::vector<LogRankWeight> weights;
  bool combines = false;
  for (const Test& test : tests_) {
    if (weighted(test) && test.stratified == stratified) weights.push_back(weight_of(test));
    combines |= test.kind == TestKind::max_combo && !stratified;
  }
  const std::size_t own = weights.size();
  if (own == 0 && !combines) return;
  const statistics::SortedRows rows({time_, event_, {}, {}, group_, stratified ? std::span<const int>(stratum_) : std::span<const int>{}, 2});
  if (own > 0) {
    statistics::LogRankSums sums(2, weights);
    rows.walk([&](const statistics::RiskSet& set) { sums.add(set); });
    std::size_t weight = 0;
    for (std::size_t i = 0; i < tests_.size(); ++i)
      if (weighted(tests_[i]) && tests_[i].stratified == stratified) z_[i] = -sums.test(weight++, rows.subjects()).z();
  }
  for (std::size_t i = 0; combines && i < tests_.size(); ++i)
    if (tests_[i].kind == TestKind::max_combo) z_[i] = z_of_combination(tests_[i], rows);
}

void LookTests::curves() {
  const statistics::SortedRows rows({time_, event_, {}, {}, group_, {}, 2});
  const std::vector<statistics::SurvivalCurve> arms = statistics::kaplan_meier(rows);
  if (arms[0].size() == 0 || arms[1].size() == 0) return;
  for (std::size_t i = 0; i < tests_.size(); ++i) {
    if (!from_curves(tests_[i])) continue;
    const double at = tests_[i].months * kDaysPerMonth;
    const auto reaches = [&](const statistics::SurvivalCurve& arm) { return arm.time.back() >= at || arm.survival.back() == 0; };
    if (!reaches(arms[0]) || !reaches(arms[1])) continue;
    z_[i] = tests_[i].kind == TestKind::rmst ? statistics::rmst_contrast(arms[0], arms[1], at).difference.z
                                             : statistics::milestone(arms[0], arms[1], at).z_cloglog;
  }
}

double LookTests::log_hazard_ratio() const {
  if (events_ == 0) return kNaN;
  return statistics::two_group_hazard_ratio(statistics::SortedRows({time_, event_, {}, {}, group_, {}, 2})).log_hr;
}

}  // namespace coley::design
