// SPDX-License-Identifier: Apache-2.0
#include "statistics/subgroup_effects.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

void check_arms(const SurvivalRows& rows) {
  check(rows);
  if (!rows.weight.empty()) throw InputError(Fault{.key = "weight", .found = "case weights", .expected = "unweighted rows for subgroup effects"});
  const auto arm = [&](int code) { return std::find(rows.group.begin(), rows.group.end(), code) != rows.group.end(); };
  if (rows.group.empty() || !arm(0) || !arm(1) || rows.groups != 2)
    throw InputError(Fault{.key = "treatment", .found = "another number of arms than two", .expected = "control (0) and treated (1), both with patients"});
}

std::vector<double> treatment_of(const SurvivalRows& rows) { return {rows.group.begin(), rows.group.end()}; }

/// Appends a column, and the same times the treatment.
void append(std::vector<double>& columns, const std::vector<double>& column) { columns.insert(columns.end(), column.begin(), column.end()); }

std::vector<double> product(std::vector<double> a, const std::vector<double>& b) {
  std::transform(a.begin(), a.end(), b.begin(), a.begin(), std::multiplies<>());
  return a;
}

/// Twice the gain in log-likelihood of `larger` over `smaller`.
InteractionTest compare(const CoxFit& smaller, const CoxFit& larger) {
  InteractionTest test{.chi_square = std::max(0.0, 2 * (larger.loglik - smaller.loglik)), .df = larger.df - smaller.df, .p = {1, 0}};
  if (test.df > 0) test.p = chi_square_tail(test.chi_square, test.df);
  return test;
}

CoxFit fit(const SurvivalRows& rows, const std::vector<double>& columns, const std::vector<std::string>& names, double level) {
  return fit_cox({.rows = rows, .covariates = columns, .names = names}, {.level = level});
}

/// The rows of one subgroup, with columns of their own.
struct OwnedRows {
  std::vector<double> time, entry;
  std::vector<std::uint8_t> event;
  std::vector<int> group, stratum;

  template <class Keep>
  OwnedRows(const SurvivalRows& rows, Keep keep) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!keep(i)) continue;
      time.push_back(rows.time[i]);
      event.push_back(rows.event[i]);
      group.push_back(rows.group[i]);
      if (!rows.entry.empty()) entry.push_back(rows.entry[i]);
      if (!rows.stratum.empty()) stratum.push_back(rows.stratum[i]);
    }
  }
  SurvivalRows view() const { return {.time = time, .event = event, .entry = entry, .group = group, .stratum = stratum, .groups = 2}; }
};

SubgroupEffect effect_in(const SurvivalRows& rows, const Factor& subgroup, int level_code, double level) {
  SubgroupEffect effect{.level = subgroup.levels[static_cast<std::size_t>(level_code)], .effect = {}};
  const OwnedRows own(rows, [&](std::size_t i) { return subgroup.codes[i] == level_code; });
  for (std::size_t i = 0; i < own.time.size(); ++i) {
    (own.group[i] == 1 ? effect.treated_n : effect.control_n) += 1;
    (own.group[i] == 1 ? effect.treated_events : effect.control_events) += own.event[i];
  }
  effect.effect = two_group_hazard_ratio(SortedRows(own.view()), CoxTies::efron, level);
  return effect;
}

}  // namespace

SubgroupForest subgroup_effects(const SurvivalRows& rows, const Factor& subgroup, double level) {
  check_arms(rows);
  if (subgroup.codes.size() != rows.size()) bug("subgroup_effects: a subgroup for each row");
  SubgroupForest forest{.overall = two_group_hazard_ratio(SortedRows(rows), CoxTies::efron, level), .subgroups = {}, .interaction = {}};
  for (int k = 0; k < static_cast<int>(subgroup.levels.size()); ++k) forest.subgroups.push_back(effect_in(rows, subgroup, k, level));

  const std::vector<double> treatment = treatment_of(rows);
  std::vector<double> columns = treatment;
  std::vector<std::string> names = {"treatment"};
  std::vector<std::vector<double>> indicators;
  for (std::size_t k = 1; k < subgroup.levels.size(); ++k) {
    std::vector<double> indicator;
    for (const int code : subgroup.codes) indicator.push_back(code == static_cast<int>(k));
    append(columns, indicator);
    names.push_back(subgroup.levels[k]);
    indicators.push_back(std::move(indicator));
  }
  const CoxFit additive = fit(rows, columns, names, level);
  for (std::size_t k = 0; k < indicators.size(); ++k) {
    append(columns, product(indicators[k], treatment));
    names.push_back("treatment:" + subgroup.levels[k + 1]);
  }
  forest.interaction = compare(additive, fit(rows, columns, names, level));
  return forest;
}

MarkerInteraction treatment_marker_interaction(const SurvivalRows& rows, const std::vector<double>& marker, double level) {
  check_arms(rows);
  if (marker.size() != rows.size()) bug("treatment_marker_interaction: a marker for each row");
  const double centre = std::accumulate(marker.begin(), marker.end(), 0.0) / static_cast<double>(marker.size());
  std::vector<double> centred = marker;
  for (double& value : centred) value -= centre;
  const std::vector<double> treatment = treatment_of(rows);
  std::vector<double> columns = treatment;
  append(columns, centred);
  const CoxFit additive = fit(rows, columns, {"treatment", "marker"}, level);
  append(columns, product(centred, treatment));
  MarkerInteraction found;
  found.fit = fit(rows, columns, {"treatment", "marker", "treatment:marker"}, level);
  found.centre = centre;
  for (std::size_t k = 0; k < 3; ++k)
    if (found.fit.state[k] != CoefficientState::estimated)
      throw InputError(Fault{.key = found.fit.names[k], .found = found.fit.warnings.empty() ? "no finite estimate" : found.fit.warnings.front(),
                             .expected = "a marker that varies, with events over its range in both arms"});
  const double c = found.fit.coef[2], se = found.fit.se[2], z = two_sided_deviate(level);
  found.ratio_per_unit = {std::exp(c), std::exp(c - z * se), std::exp(c + z * se)};
  found.p = two_sided_normal_tail(c / se);
  found.test = compare(additive, found.fit);
  return found;
}

Estimate MarkerInteraction::hazard_ratio_at(double marker) const {
  const Eigen::Vector3d by(1, 0, marker - centre);
  const double log_hr = by.dot(fit.coef), half = two_sided_deviate(fit.options.level) * std::sqrt(by.dot(fit.model_variance * by));
  return {std::exp(log_hr), std::exp(log_hr - half), std::exp(log_hr + half)};
}

}  // namespace coley::statistics
