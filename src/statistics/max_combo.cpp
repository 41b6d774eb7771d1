// SPDX-License-Identifier: Apache-2.0
#include "statistics/max_combo.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "statistics/multivariate_normal.hpp"

namespace coley::statistics {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Statistics and their correlation; without p-values.
MaxCombo combined(const LogRankSums& sums, const std::vector<LogRankWeight>& weights, const std::vector<double>& subjects) {
  const std::size_t m = weights.size();
  MaxCombo combo{weights, std::vector<double>(m), std::vector<double>(m * m), kNaN, kNaN, kNaN, kNaN, ""};
  std::vector<double> sd(m);
  for (std::size_t i = 0; i < m; ++i) {
    const LogRankTest test = sums.test(i, subjects);
    if (test.observed.size() != 2) combo.not_estimable = "MaxCombo compares two groups";
    if (!test.not_estimable.empty()) combo.not_estimable = test.not_estimable;
    combo.z[i] = test.z();
    sd[i] = std::sqrt(test.v());
  }
  if (!combo.not_estimable.empty()) return combo;
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < m; ++j) combo.correlation[i * m + j] = i == j ? 1 : (m == 1 ? 1 : sums.covariance(i, j) / (sd[i] * sd[j]));
  combo.z_min = *std::min_element(combo.z.begin(), combo.z.end());
  for (const double z : combo.z) combo.z_max_abs = std::fmax(combo.z_max_abs, std::abs(z));
  return combo;
}

}  // namespace

MaxCombo max_combo(const SortedRows& rows, const std::vector<LogRankWeight>& weights) {
  LogRankSums sums(rows.groups(), weights);
  rows.walk([&sums](const RiskSet& set) { sums.add(set); });
  return max_combo(sums, weights, rows.subjects());
}

MaxCombo max_combo(const LogRankSums& sums, const std::vector<LogRankWeight>& weights, const std::vector<double>& subjects) {
  MaxCombo combo = combined(sums, weights, subjects);
  if (!combo.not_estimable.empty()) return combo;
  combo.p_one_sided = normal_any_below(combo.z_min, combo.correlation);
  combo.p_two_sided = normal_any_beyond(combo.z_max_abs, combo.correlation);
  return combo;
}

double max_combo_p(const SortedRows& rows, const std::vector<LogRankWeight>& weights, double tolerance) {
  LogRankSums sums(rows.groups(), weights);
  rows.walk([&sums](const RiskSet& set) { sums.add(set); });
  const MaxCombo combo = combined(sums, weights, rows.subjects());
  return combo.not_estimable.empty() ? normal_any_below(combo.z_min, combo.correlation, tolerance) : kNaN;
}

}  // namespace coley::statistics
