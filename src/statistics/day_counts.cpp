// SPDX-License-Identifier: Apache-2.0
#include "statistics/day_counts.hpp"

#include <algorithm>
#include <string>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

constexpr std::int64_t kDayLimit = std::int64_t{1} << 24;

}  // namespace

DayCounts::DayCounts(int groups, int strata) : groups_(groups), strata_(strata) {
  if (groups < 1 || strata < 1) bug("day counts without groups or strata");
  cells_.resize(static_cast<std::size_t>(groups) * static_cast<std::size_t>(strata));
}

std::size_t DayCounts::days() const {
  std::size_t days = 0;
  for (const auto& cell : cells_) days = std::max(days, cell.size());
  return days;
}

void DayCounts::add(std::int64_t day, bool event, int group, int stratum, std::uint64_t patients) {
  if (day < 0 || day >= kDayLimit)
    throw InputError({.key = "day", .found = std::to_string(day), .expected = "a whole day from 0 to " + std::to_string(kDayLimit - 1)});
  if (group < 0 || group >= groups_ || stratum < 0 || stratum >= strata_) bug("a day count outside its groups or strata");
  auto& cell = cell_at(group, stratum);
  const auto at = static_cast<std::size_t>(day);
  if (at >= cell.size()) cell.resize(at + 1);
  (event ? cell[at].events : cell[at].censored) += patients;
}

DayCounts& DayCounts::operator+=(const DayCounts& other) {
  if (groups_ != other.groups_ || strata_ != other.strata_) bug("merging day counts of different shape");
  for (std::size_t c = 0; c < cells_.size(); ++c) {
    cells_[c].resize(std::max(cells_[c].size(), other.cells_[c].size()));
    for (std::size_t day = 0; day < other.cells_[c].size(); ++day) {
      cells_[c][day].events += other.cells_[c][day].events;
      cells_[c][day].censored += other.cells_[c][day].censored;
    }
  }
  return *this;
}

bool DayCounts::operator==(const DayCounts& other) const {
  if (groups_ != other.groups_ || strata_ != other.strata_) return false;
  const auto at = [](const std::vector<DayCount>& cell, std::size_t day) { return day < cell.size() ? cell[day] : DayCount{}; };
  for (std::size_t c = 0; c < cells_.size(); ++c)
    for (std::size_t day = 0; day < std::max(cells_[c].size(), other.cells_[c].size()); ++day)
      if (at(cells_[c], day) != at(other.cells_[c], day)) return false;
  return true;
}

std::span<const DayCount> DayCounts::cell(int group, int stratum) const {
  return cells_[static_cast<std::size_t>(stratum * groups_ + group)];
}

std::uint64_t DayCounts::patients(int group) const {
  std::uint64_t sum = 0;
  for (int s = 0; s < strata_; ++s)
    for (const DayCount& day : cell(group, s)) sum += day.events + day.censored;
  return sum;
}

std::uint64_t DayCounts::events(int group) const {
  std::uint64_t sum = 0;
  for (int s = 0; s < strata_; ++s)
    for (const DayCount& day : cell(group, s)) sum += day.events;
  return sum;
}

std::vector<double> DayCounts::subjects() const {
  std::vector<double> n;
  for (int g = 0; g < groups_; ++g) n.push_back(static_cast<double>(patients(g)));
  return n;
}

SurvivalCurve DayCounts::kaplan_meier(int group, const CurveOptions& options) const {
  std::vector<DayCount> pooled;
  for (int s = 0; s < strata_; ++s) {
    const auto days = cell(group, s);
    pooled.resize(std::max(pooled.size(), days.size()));
    for (std::size_t day = 0; day < days.size(); ++day) {
      pooled[day].events += days[day].events;
      pooled[day].censored += days[day].censored;
    }
  }
  CurveBuilder builder(options);
  const auto n = static_cast<double>(patients(group));
  double at_risk = n;
  for (std::size_t day = 0; day < pooled.size(); ++day) {
    const auto events = static_cast<double>(pooled[day].events), censored = static_cast<double>(pooled[day].censored);
    if (events + censored == 0) continue;
    builder.add(static_cast<double>(day), at_risk, events, events, censored);
    at_risk -= events + censored;
  }
  return builder.finish(n);
}

LogRankTest DayCounts::log_rank(const LogRankWeight& weight) const {
  LogRankSums sums(groups_, {weight});
  walk([&sums](const RiskSet& set) { sums.add(set); });
  return sums.test(0, subjects());
}

MaxCombo DayCounts::max_combo(const std::vector<LogRankWeight>& weights) const {
  LogRankSums sums(groups_, weights);
  walk([&sums](const RiskSet& set) { sums.add(set); });
  return statistics::max_combo(sums, weights, subjects());
}

HazardRatio DayCounts::hazard_ratio(CoxTies ties, double level) const {
  if (groups_ != 2) bug("a hazard ratio of other than two groups: use pair()");
  TwoGroupCox cox;
  walk([&cox](const RiskSet& set) { cox.add(set); });
  return cox.fit(ties, level);
}

DayCounts DayCounts::pair(int control, int treated) const {
  DayCounts two(2, strata_);
  for (int s = 0; s < strata_; ++s) {
    two.cell_at(0, s).assign(cell(control, s).begin(), cell(control, s).end());
    two.cell_at(1, s).assign(cell(treated, s).begin(), cell(treated, s).end());
  }
  return two;
}

DayCounts DayCounts::pooled() const {
  DayCounts one(groups_);
  for (int group = 0; group < groups_; ++group) {
    auto& sum = one.cell_at(group, 0);
    for (int s = 0; s < strata_; ++s) {
      const auto from = cell(group, s);
      if (sum.size() < from.size()) sum.resize(from.size());
      for (std::size_t day = 0; day < from.size(); ++day) {
        sum[day].events += from[day].events;
        sum[day].censored += from[day].censored;
      }
    }
  }
  return one;
}

std::vector<RiskTableRow> risk_table(const SurvivalCurve& curve, std::span<const double> times) {
  std::vector<RiskTableRow> rows;
  for (const double time : times) {
    RiskTableRow row{time, curve_at(curve, time).at_risk, 0, 0};
    for (std::size_t i = 0; i < curve.size() && curve.time[i] <= time; ++i) {
      row.events += curve.event_count[i];
      row.censored += curve.censored[i];
    }
    rows.push_back(row);
  }
  return rows;
}

}  // namespace coley::statistics
