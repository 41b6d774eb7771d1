// SPDX-License-Identifier: Apache-2.0
#include "statistics/kaplan_meier.hpp"

#include <cmath>

namespace coley::statistics {
namespace {

/// Rows of one group with their weights, ascending in exit time.
struct WeightedGroup {
  std::vector<TimedRow> exits, entries;
};

SurvivalCurve weighted_curve(const SurvivalRows& rows, WeightedGroup& group, const CurveOptions& options) {
  const auto weight = [&rows](const TimedRow& row) { return rows.weight.empty() ? 1.0 : rows.weight[row.row]; };
  sort_by_time(group.exits);
  sort_by_time(group.entries);
  // At risk is summed from the last time backwards, so that the last risk set is exactly the weight that remains.
  std::vector<double> at_risk(group.exits.size());
  double beyond = 0, not_entered = 0;
  std::size_t entry = group.entries.size();
  for (std::size_t i = group.exits.size(); i-- > 0;) {
    beyond += weight(group.exits[i]);
    for (; entry > 0 && group.entries[entry - 1].key >= group.exits[i].key; --entry) not_entered += weight(group.entries[entry - 1]);
    at_risk[i] = beyond - not_entered;
  }
  CurveBuilder builder(options);
  builder.reserve(group.exits.size());
  for (std::size_t i = 0; i < group.exits.size();) {
    const std::uint64_t key = group.exits[i].key;
    const double time = group.exits[i].time(), n = at_risk[i];
    double events = 0, deaths = 0, censored = 0;
    for (; i < group.exits.size() && group.exits[i].key == key; ++i) {
      const bool event = rows.event[group.exits[i].row] != 0;
      (event ? events : censored) += weight(group.exits[i]);
      deaths += event ? 1 : 0;
    }
    builder.add(time, n, events, deaths, censored);
  }
  return builder.finish(static_cast<double>(group.exits.size()));
}

}  // namespace

void CurveBuilder::reserve(std::size_t rows) {
  for (auto* column : {&curve_.time, &curve_.at_risk, &curve_.event_count, &curve_.censored, &curve_.survival, &curve_.se_log_survival,
                       &curve_.cumulative_hazard, &curve_.se_cumulative_hazard})
    column->reserve(rows);
}

void CurveBuilder::add(double time, double at_risk, double events, double deaths, double censored) {
  if (events > 0) {
    survival_ = events < at_risk ? survival_ * ((at_risk - events) / at_risk) : 0;
    greenwood_ += events / (at_risk * (at_risk - events));  // infinite when all at risk have the event
    if (curve_.options.ties == HazardTies::nelson_aalen) {
      hazard_ += events / at_risk;
      hazard_variance_ += events / (at_risk * at_risk);
    } else {
      const double each = events / deaths;
      for (double k = 0; k < deaths; ++k) {
        const double remaining = at_risk - k * each;
        hazard_ += each / remaining;
        hazard_variance_ += each / (remaining * remaining);
      }
    }
    curve_.events += events;
  }
  const bool product = curve_.options.estimator == SurvivalEstimator::kaplan_meier;
  curve_.time.push_back(time);
  curve_.at_risk.push_back(at_risk);
  curve_.event_count.push_back(events);
  curve_.censored.push_back(censored);
  curve_.survival.push_back(product ? survival_ : std::exp(-hazard_));
  curve_.se_log_survival.push_back(std::sqrt(product ? greenwood_ : hazard_variance_));
  curve_.cumulative_hazard.push_back(hazard_);
  curve_.se_cumulative_hazard.push_back(std::sqrt(hazard_variance_));
}

SurvivalCurve CurveBuilder::finish(double subjects) {
  curve_.subjects = subjects;
  curve_.low.resize(curve_.size());
  curve_.high.resize(curve_.size());
  for (std::size_t i = 0; i < curve_.size(); ++i) {
    if (i > 0 && curve_.survival[i] == curve_.survival[i - 1] && curve_.se_log_survival[i] == curve_.se_log_survival[i - 1]) {
      curve_.low[i] = curve_.low[i - 1];
      curve_.high[i] = curve_.high[i - 1];
      continue;
    }
    const Estimate limits = survival_interval(curve_.survival[i], curve_.se_log_survival[i], curve_.options);
    curve_.low[i] = limits.low;
    curve_.high[i] = limits.high;
  }
  return std::move(curve_);
}

std::vector<SurvivalCurve> kaplan_meier(const SurvivalRows& rows, const CurveOptions& options) {
  if (rows.weight.empty()) {
    SurvivalRows pooled = rows;
    pooled.stratum = {};
    return kaplan_meier(SortedRows(pooled), options);
  }
  check(rows);
  std::vector<WeightedGroup> groups(static_cast<std::size_t>(rows.groups));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    WeightedGroup& group = groups[rows.group.empty() ? 0 : static_cast<std::size_t>(rows.group[i])];
    group.exits.push_back({time_key(rows.time[i]), static_cast<std::uint32_t>(i), 0});
    if (!rows.entry.empty()) group.entries.push_back({time_key(rows.entry[i]), static_cast<std::uint32_t>(i), 0});
  }
  std::vector<SurvivalCurve> curves;
  for (WeightedGroup& group : groups) curves.push_back(weighted_curve(rows, group, options));
  return curves;
}

std::vector<SurvivalCurve> kaplan_meier(const SortedRows& rows, const CurveOptions& options) {
  std::vector<CurveBuilder> builders(static_cast<std::size_t>(rows.groups()), CurveBuilder(options));
  for (std::size_t g = 0; g < builders.size(); ++g) builders[g].reserve(static_cast<std::size_t>(rows.subjects()[g]));
  rows.walk([&](const RiskSet& set) {
    for (std::size_t g = 0; g < builders.size(); ++g)
      if (set.events[g] + set.censored[g] > 0) builders[g].add(set.time, set.at_risk[g], set.events[g], set.events[g], set.censored[g]);
  });
  std::vector<SurvivalCurve> curves;
  for (std::size_t g = 0; g < builders.size(); ++g) curves.push_back(builders[g].finish(rows.subjects()[g]));
  return curves;
}

}  // namespace coley::statistics
