// SPDX-License-Identifier: Apache-2.0
#include "statistics/small_study_effects.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "statistics/p_value.hpp"

namespace coley::statistics {

namespace {

MetaRegression on_standard_error(std::span<const StudyEffect> studies, const PoolOptions& options) {
  Eigen::MatrixXd design(static_cast<Eigen::Index>(studies.size()), 2);
  for (std::size_t i = 0; i < studies.size(); ++i)
    design.row(static_cast<Eigen::Index>(i)) << 1.0, std::sqrt(studies[i].variance);
  return regress(studies, design, options);
}

AsymmetryTest as_test(const MetaRegression& fit) {
  return {fit.coefficients[1].statistic, fit.coefficients[1].p, fit.test_df, fit.coefficients[0]};
}

/// P(|tau| >= |observed|) over all orderings of n, where the number of discordant pairs has the inversion distribution.
double kendall_exact(std::size_t n, double concordant) {
  const std::size_t pairs = n * (n - 1) / 2;
  std::vector<double> share(pairs + 1, 0.0);
  share[0] = 1;
  std::size_t reach = 0;
  for (std::size_t m = 2; m <= n; ++m) {
    std::vector<double> next(pairs + 1, 0.0);
    for (std::size_t s = 0; s <= reach; ++s)
      for (std::size_t added = 0; added < m; ++added) next[s + added] += share[s] / static_cast<double>(m);
    reach += m - 1;
    share = std::move(next);
  }
  const auto observed = static_cast<std::size_t>(std::lround(concordant));
  const std::size_t tail = std::min(observed, pairs - observed);
  return std::min(1.0, 2.0 * std::accumulate(share.begin(), share.begin() + static_cast<std::ptrdiff_t>(tail) + 1, 0.0));
}

int sign(double x) { return (x > 0) - (x < 0); }

/// Sums over groups of tied values: t(t-1), t(t-1)(t-2), t(t-1)(2t+5).
struct Ties {
  double pairs = 0, triples = 0, variance = 0;
};
Ties ties_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  Ties ties;
  for (std::size_t i = 0; i < values.size();) {
    std::size_t j = i;
    while (j < values.size() && values[j] == values[i]) ++j;
    const auto t = static_cast<double>(j - i);
    ties.pairs += t * (t - 1);
    ties.triples += t * (t - 1) * (t - 2);
    ties.variance += t * (t - 1) * (2 * t + 5);
    i = j;
  }
  return ties;
}

RankTest kendall(const std::vector<double>& x, const std::vector<double>& y) {
  const std::size_t k = x.size();
  const auto n = static_cast<double>(k);
  double balance = 0;
  for (std::size_t i = 0; i < k; ++i)
    for (std::size_t j = 0; j < i; ++j) balance += sign(x[i] - x[j]) * sign(y[i] - y[j]);
  const Ties tx = ties_of(x), ty = ties_of(y);
  const double all = n * (n - 1);
  if (tx.pairs == all || ty.pairs == all)
    throw InputError(Fault{.found = "studies that are all alike in effect or in variance",
                           .expected = "differing studies for a rank test"});
  RankTest test;
  test.tau = 2 * balance / std::sqrt((all - tx.pairs) * (all - ty.pairs));
  test.exact = k < 50 && tx.pairs == 0 && ty.pairs == 0;
  if (test.exact) {
    test.p = kendall_exact(k, 0.5 * (balance + 0.5 * all));
    return test;
  }
  double variance = (all * (2 * n + 5) - tx.variance - ty.variance) / 18 + tx.pairs * ty.pairs / (2 * all);
  if (k > 2) variance += tx.triples * ty.triples / (9 * all * (n - 2));
  test.p = two_sided_normal_tail(balance / std::sqrt(variance)).p;
  return test;
}

/// L0 of Duval and Tweedie from the signed ranks of the deviations; `deviations` are from the trimmed estimate.
double missing_studies(const std::vector<double>& deviations) {
  const std::size_t k = deviations.size();
  double positive = 0;
  for (std::size_t i = 0; i < k; ++i) {
    if (deviations[i] <= 0) continue;
    double rank = 1;  // with midranks for ties
    for (std::size_t j = 0; j < k; ++j) {
      if (j == i) continue;
      if (std::fabs(deviations[j]) < std::fabs(deviations[i])) rank += 1;
      if (std::fabs(deviations[j]) == std::fabs(deviations[i])) rank += j < i ? 1 : 0;
    }
    positive += rank;
  }
  const auto n = static_cast<double>(k);
  return (4 * positive - n * (n + 1)) / (2 * n - 1);
}

}  // namespace

AsymmetryTest egger(std::span<const StudyEffect> studies, const PoolOptions& options) {
  return as_test(on_standard_error(studies, options));
}

AsymmetryTest egger_classical(std::span<const StudyEffect> studies) {
  return as_test(on_standard_error(studies, {.method = TauMethod::fixed, .test = PooledTest::hartung_knapp}));
}

RankTest begg(std::span<const StudyEffect> studies) {
  const PooledEffect fixed = pool(studies, {.method = TauMethod::fixed});
  if (fixed.k < 2) throw InputError(Fault{.found = "one study", .expected = "two or more, to rank"});
  std::vector<double> deviation, variance;
  for (const StudyEffect& s : studies) {
    deviation.push_back((s.estimate - fixed.effect.estimate) /
                        std::sqrt(s.variance - fixed.effect.se * fixed.effect.se));
    variance.push_back(s.variance);
  }
  return kendall(deviation, variance);
}

TrimAndFill trim_and_fill(std::span<const StudyEffect> studies, const PoolOptions& options, const std::string& side) {
  TrimAndFill result;
  if (!side.empty() && side != "left" && side != "right")
    throw InputError(Fault{.key = "side", .found = side, .expected = "left or right"});
  result.side = side.empty() ? (egger(studies, {.method = options.method}).statistic < 0 ? "right" : "left") : side;
  const double mirror = result.side == "right" ? -1.0 : 1.0;  // work as if they were missing on the left
  std::vector<StudyEffect> sorted(studies.begin(), studies.end());
  for (StudyEffect& s : sorted) s.estimate *= mirror;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const StudyEffect& a, const StudyEffect& b) { return a.estimate < b.estimate; });
  const auto k = static_cast<int>(sorted.size());
  double centre = 0;
  int before = -1;
  for (int iteration = 0; iteration < 100 && result.filled != before; ++iteration) {
    before = result.filled;
    centre = pool(std::span(sorted).first(static_cast<std::size_t>(k - result.filled)), options).effect.estimate;
    std::vector<double> deviations;
    for (const StudyEffect& s : sorted) deviations.push_back(s.estimate - centre);
    result.filled = std::clamp(static_cast<int>(std::nearbyint(missing_studies(deviations))), 0, k - 1);
  }
  result.studies = sorted;
  for (int i = k - result.filled; i < k; ++i) {
    const StudyEffect& s = sorted[static_cast<std::size_t>(i)];
    result.studies.push_back({2 * centre - s.estimate, s.variance});
  }
  for (StudyEffect& s : result.studies) s.estimate *= mirror;
  result.pooled = pool(result.studies, options);
  return result;
}

}  // namespace coley::statistics
