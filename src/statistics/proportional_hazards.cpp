// SPDX-License-Identifier: Apache-2.0
#include "statistics/proportional_hazards.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "statistics/kaplan_meier.hpp"
#include "statistics/p_value.hpp"

namespace coley::statistics {
namespace {

/// g at every death time, centred on its mean over deaths.
std::vector<double> transformed_times(const CoxDesign& design, const SurvivalRows& rows, TimeTransform transform) {
  std::vector<double> g;
  if (transform == TimeTransform::km) {
    SurvivalRows pooled = rows;
    pooled.group = pooled.stratum = {};
    pooled.groups = 1;
    pooled.weight = {};
    const SurvivalCurve curve = kaplan_meier(pooled)[0];
    for (const DeathTime& death : design.deaths()) {
      const auto at = std::lower_bound(curve.time.begin(), curve.time.end(), death.time);
      g.push_back(at == curve.time.begin() ? 0 : 1 - curve.survival[static_cast<std::size_t>(at - curve.time.begin()) - 1]);
    }
  } else if (transform == TimeTransform::rank) {
    std::vector<double> sorted(rows.time.begin(), rows.time.end());
    std::sort(sorted.begin(), sorted.end());
    for (const DeathTime& death : design.deaths()) {
      const auto range = std::equal_range(sorted.begin(), sorted.end(), death.time);
      g.push_back((static_cast<double>(range.first - sorted.begin()) + static_cast<double>(range.second - sorted.begin()) + 1) / 2);
    }
  } else {
    for (const DeathTime& death : design.deaths()) {
      if (transform == TimeTransform::log && !(death.time > 0)) throw InputError({.key = "time", .found = "a death at time 0", .expected = "times above 0 for the log transform"});
      g.push_back(transform == TimeTransform::log ? std::log(death.time) : death.time);
    }
  }
  double sum = 0, deaths = 0;
  for (std::size_t b = 0; b < g.size(); ++b) {
    sum += g[b] * design.deaths()[b].deaths;
    deaths += design.deaths()[b].deaths;
  }
  double largest = 0;
  for (double& value : g) largest = std::max(largest, std::abs(value -= sum / deaths));
  if (largest > 0)
    for (double& value : g) value /= largest;  // the test does not depend on the scale of g
  return g;
}

}  // namespace

TimeTransform time_transform(std::string_view word) {
  if (word == "km") return TimeTransform::km;
  if (word == "identity") return TimeTransform::identity;
  if (word == "log") return TimeTransform::log;
  if (word == "rank") return TimeTransform::rank;
  throw InputError({.key = "transform", .found = "'" + std::string(word) + "'", .expected = "km, identity, log or rank"});
}

ProportionalHazardsTest proportional_hazards_test(const CoxFit& fit, const CoxData& data, TimeTransform transform) {
  if (fit.options.ties == CoxTies::exact) throw InputError({.key = "ties", .found = "exact", .expected = "efron or breslow for the test of proportional hazards"});
  std::vector<Eigen::Index> kept;
  for (std::size_t j = 0; j < fit.names.size(); ++j) {
    if (fit.state[j] == CoefficientState::infinite) throw InputError({.key = fit.names[j], .found = "an infinite coefficient", .expected = "a model without separation to test"});
    if (fit.state[j] == CoefficientState::estimated) kept.push_back(static_cast<Eigen::Index>(j));
  }
  ProportionalHazardsTest test;
  if (kept.empty()) return test;
  const CoxDesign& design = *fit.design;
  const std::vector<double> g = transformed_times(design, data.rows, transform);
  std::vector<double> g_squared = g;
  for (double& value : g_squared) value *= value;
  CoxLikelihood likelihood(design, fit.options.ties);
  const CoxDerivatives plain = likelihood.at(fit.beta), timed = likelihood.at(fit.beta, g), squared = likelihood.at(fit.beta, g_squared);
  const auto part = [&kept](const Eigen::MatrixXd& matrix) {
    const auto k = static_cast<Eigen::Index>(kept.size());
    Eigen::MatrixXd out(k, k);
    for (Eigen::Index a = 0; a < k; ++a)
      for (Eigen::Index b = 0; b < k; ++b) out(a, b) = matrix(kept[static_cast<std::size_t>(a)], kept[static_cast<std::size_t>(b)]);
    return out;
  };
  const Eigen::MatrixXd a = part(plain.information), b = part(timed.information), c = part(squared.information);
  const Eigen::MatrixXd of_added = c - b * a.ldlt().solve(b);  // information about the added terms, the others estimated
  Eigen::VectorXd score(static_cast<Eigen::Index>(kept.size()));
  for (Eigen::Index j = 0; j < score.size(); ++j) score[j] = timed.score[kept[static_cast<std::size_t>(j)]];
  const auto add = [&test](std::string name, double chi_square, int df) {
    const PValue tail = chi_square_tail(chi_square, df);
    test.rows.push_back(std::move(name));
    test.chi_square.push_back(chi_square);
    test.df.push_back(df);
    test.p.push_back(tail.p);
    test.log10_p.push_back(tail.log10_p);
  };
  for (Eigen::Index j = 0; j < score.size(); ++j) add(fit.names[static_cast<std::size_t>(kept[static_cast<std::size_t>(j)])], score[j] * score[j] / of_added(j, j), 1);
  add("GLOBAL", score.dot(of_added.ldlt().solve(score)), static_cast<int>(kept.size()));
  return test;
}

}  // namespace coley::statistics
