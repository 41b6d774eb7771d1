// SPDX-License-Identifier: Apache-2.0
#pragma once
// Time-to-event data in whole days as counts by day, group and stratum. Counts add exactly, so shards of a trial merge
// in any order to the same result, and memory grows with the number of days, not of patients. Everything that follows
// equals, bit for bit, what the rows themselves would give.

#include <cstdint>
#include <span>
#include <vector>

#include "statistics/contrasts.hpp"
#include "statistics/kaplan_meier.hpp"
#include "statistics/log_rank.hpp"
#include "statistics/two_group_cox.hpp"

namespace coley::statistics {

/// What happened on one day, in one group of one stratum.
struct DayCount {
  std::uint64_t events = 0;
  std::uint64_t censored = 0;
  bool operator==(const DayCount&) const = default;
};

class DayCounts {
 public:
  /// groups >= 1, strata >= 1.
  explicit DayCounts(int groups = 1, int strata = 1);

  int groups() const { return groups_; }
  int strata() const { return strata_; }
  /// One past the last day counted anywhere.
  std::size_t days() const;

  /// Counts `patients` that had the event, or were censored, on `day` (0 or more; days below 2^24, about 46,000 years).
  /// Throws InputError for a negative or absurd day.
  void add(std::int64_t day, bool event, int group = 0, int stratum = 0, std::uint64_t patients = 1);
  /// Adds another trial's counts. Throws std::logic_error when groups or strata differ.
  DayCounts& operator+=(const DayCounts& other);
  bool operator==(const DayCounts& other) const;

  /// Counts of one cell by day, for writing them out; index = day.
  std::span<const DayCount> cell(int group, int stratum) const;

  std::uint64_t patients(int group) const;
  std::uint64_t events(int group) const;

  /// Curve of one group, strata pooled.
  SurvivalCurve kaplan_meier(int group, const CurveOptions& options = {}) const;
  /// Stratified by `strata`, unless there is one.
  LogRankTest log_rank(const LogRankWeight& weight = {}) const;
  MaxCombo max_combo(const std::vector<LogRankWeight>& weights) const;
  /// Group 1 to group 0, stratified by `strata`.
  HazardRatio hazard_ratio(CoxTies ties = CoxTies::efron, double level = 0.95) const;

  /// The counts of two groups alone, as groups 0 (control) and 1 (treated), for comparisons in a trial of many arms.
  DayCounts pair(int control, int treated) const;

  /// The same counts in one stratum.
  DayCounts pooled() const;

  /// visit(const RiskSet&) at every day on which something happened, stratum by stratum.
  template <class Visit>
  void walk(Visit visit) const;

 private:
  std::vector<DayCount>& cell_at(int group, int stratum) { return cells_[static_cast<std::size_t>(stratum * groups_ + group)]; }
  std::vector<double> subjects() const;

  int groups_, strata_;
  std::vector<std::vector<DayCount>> cells_;  // [stratum * groups + group][day], as long as its last day
};

/// At risk just before `time`, and events and censorings up to it: the table below a survival figure.
struct RiskTableRow {
  double time, at_risk, events, censored;
};
std::vector<RiskTableRow> risk_table(const SurvivalCurve& curve, std::span<const double> times);

template <class Visit>
void DayCounts::walk(Visit visit) const {
  const auto k = static_cast<std::size_t>(groups_);
  std::vector<double> at_risk(k), events(k), censored(k);
  for (int stratum = 0; stratum < strata_; ++stratum) {
    std::size_t last = 0;
    for (std::size_t g = 0; g < k; ++g) {
      const auto days = cell(static_cast<int>(g), stratum);
      last = std::max(last, days.size());
      at_risk[g] = 0;
      for (const DayCount& day : days) at_risk[g] += static_cast<double>(day.events + day.censored);
    }
    bool opens = true;
    for (std::size_t day = 0; day < last; ++day) {
      double happened = 0;
      for (std::size_t g = 0; g < k; ++g) {
        const auto days = cell(static_cast<int>(g), stratum);
        const DayCount count = day < days.size() ? days[day] : DayCount{};
        events[g] = static_cast<double>(count.events);
        censored[g] = static_cast<double>(count.censored);
        happened += events[g] + censored[g];
      }
      if (happened == 0) continue;
      visit(RiskSet{static_cast<double>(day), opens, at_risk, events, censored});
      opens = false;
      for (std::size_t g = 0; g < k; ++g) at_risk[g] -= events[g] + censored[g];
    }
  }
}

}  // namespace coley::statistics
