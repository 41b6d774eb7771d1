// SPDX-License-Identifier: Apache-2.0
#include "statistics/kaplan_meier.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "statistics/large_pages.hpp"

namespace coley::statistics {
namespace {

/// Rows of one group with their weights, ascending in exit time.
struct WeightedGroup {
  std::vector<TimedRow> exits, entries;
};

/// Sum over rows of the squared influence on an integral: a row at risk over a step of it has the step as influence,
/// and its own event takes a jump off. (For log S the step is d/(n(n-d)) and the jump 1/(n-d); for H d/n^2 and 1/n.)
class RowInfluence {
 public:
  /// The integral so far, which is not the row's.
  double enter(double weight) {
    const double w2 = weight * weight;
    squares_ += w2;
    cross_ += w2 * integral_;
    offset_ += w2 * integral_ * integral_;
    return integral_;
  }
  void advance(double step) { integral_ += step; }
  void leave(double weight, double entered, double jump) {
    const double w2 = weight * weight, influence = integral_ - entered - jump;
    squares_ -= w2;
    cross_ -= w2 * entered;
    offset_ -= w2 * entered * entered;
    gone_ += w2 * influence * influence;
  }
  double se() const { return std::sqrt(std::max(0.0, gone_ + (squares_ * integral_ - 2 * cross_) * integral_ + offset_)); }

 private:
  double integral_ = 0, squares_ = 0, cross_ = 0, offset_ = 0, gone_ = 0;
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
  const bool robust = options.variance == CurveVariance::robust;
  RowInfluence product, hazard;
  std::vector<std::array<double, 2>> entered(robust && !rows.entry.empty() ? rows.size() : 0);
  std::size_t entered_count = 0;
  if (robust && rows.entry.empty())
    for (const TimedRow& row : group.exits) {
      product.enter(weight(row));
      hazard.enter(weight(row));
    }
  for (std::size_t i = 0; i < group.exits.size();) {
    const std::uint64_t key = group.exits[i].key;
    const double time = group.exits[i].time(), n = at_risk[i];
    double events = 0, deaths = 0, censored = 0;
    const std::size_t first = i;
    for (; i < group.exits.size() && group.exits[i].key == key; ++i) {
      const bool event = rows.event[group.exits[i].row] != 0;
      (event ? events : censored) += weight(group.exits[i]);
      deaths += event ? 1 : 0;
    }
    builder.add(time, n, events, deaths, censored);
    if (!robust) continue;
    for (; entered_count < group.entries.size() && group.entries[entered_count].key < key; ++entered_count) {
      const TimedRow& row = group.entries[entered_count];
      entered[row.row] = {product.enter(weight(row)), hazard.enter(weight(row))};
    }
    product.advance(events > 0 ? events / (n * (n - events)) : 0);
    hazard.advance(events / (n * n));
    for (std::size_t k = first; k < i; ++k) {
      const TimedRow& row = group.exits[k];
      const bool event = rows.event[row.row] != 0;
      const auto [from_product, from_hazard] = entered.empty() ? std::array<double, 2>{} : entered[row.row];
      product.leave(weight(row), from_product, event ? 1 / (n - events) : 0);
      hazard.leave(weight(row), from_hazard, event ? 1 / n : 0);
    }
    const bool all_died = !(events < n);
    builder.set_se(options.estimator == SurvivalEstimator::kaplan_meier ? (all_died ? std::numeric_limits<double>::infinity() : product.se()) : hazard.se(), hazard.se());
  }
  return builder.finish(static_cast<double>(group.exits.size()));
}

}  // namespace

void CurveBuilder::set_se(double se_log_survival, double se_cumulative_hazard) {
  curve_.se_log_survival.back() = se_log_survival;
  curve_.se_cumulative_hazard.back() = se_cumulative_hazard;
}

void CurveBuilder::reserve(std::size_t rows) {
  for (auto* column : {&curve_.time, &curve_.at_risk, &curve_.event_count, &curve_.censored, &curve_.survival, &curve_.se_log_survival,
                       &curve_.cumulative_hazard, &curve_.se_cumulative_hazard})
    reserve_large(*column, rows);
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
  const double z = two_sided_deviate(curve_.options.level);
  curve_.low = large_column<double>(curve_.size());
  curve_.high = large_column<double>(curve_.size());
  for (std::size_t i = 0; i < curve_.size(); ++i) {
    if (i > 0 && curve_.survival[i] == curve_.survival[i - 1] && curve_.se_log_survival[i] == curve_.se_log_survival[i - 1]) {
      curve_.low[i] = curve_.low[i - 1];
      curve_.high[i] = curve_.high[i - 1];
      continue;
    }
    const Estimate limits = survival_interval(curve_.survival[i], curve_.se_log_survival[i], curve_.options.interval, z);
    curve_.low[i] = limits.low;
    curve_.high[i] = limits.high;
  }
  return std::move(curve_);
}

std::vector<SurvivalCurve> kaplan_meier(const SurvivalRows& rows, const CurveOptions& options) {
  const bool robust = options.variance == CurveVariance::robust;
  if (robust && options.ties == HazardTies::fleming_harrington)
    throw InputError({.key = "variance", .found = "robust, with Fleming-Harrington ties", .expected = "Greenwood's variance, or Nelson-Aalen's hazard"});
  if (rows.weight.empty() && !robust) {
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
