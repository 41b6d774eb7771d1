// SPDX-License-Identifier: Apache-2.0
#include "statistics/sensitivity_indices.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/random/sobol.hpp>
#include <cmath>
#include <functional>
#include <numeric>
#include <stdexcept>

#include "statistics/estimate.hpp"

namespace coley::statistics {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr int kMostDimensions = 1000;

/// Central 95 % of an estimate over resampled indices 0 to n - 1.
SensitivityIndex with_bootstrap(int n, Stream& draws, int bootstraps, const std::function<double(const std::vector<int>&)>& estimate) {
  std::vector<int> rows(static_cast<std::size_t>(n));
  std::iota(rows.begin(), rows.end(), 0);
  SensitivityIndex result{estimate(rows), std::nan(""), std::nan("")};
  std::vector<double> values;
  for (int b = 0; b < bootstraps; ++b) {
    for (int& row : rows) row = static_cast<int>(draws.uniform() * n);
    const double value = estimate(rows);
    if (std::isfinite(value)) values.push_back(value);
  }
  if (values.size() < 20) return result;
  std::sort(values.begin(), values.end());
  const auto at = [&](double p) { return values[static_cast<std::size_t>(p * static_cast<double>(values.size() - 1))]; };
  result.low = at(0.025);
  result.high = at(0.975);
  return result;
}

/// Ranks from 1, ties shared.
VectorXd ranks(const VectorXd& values) {
  std::vector<Index> order(static_cast<std::size_t>(values.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::sort(order.begin(), order.end(), [&](Index a, Index b) { return values[a] < values[b]; });
  VectorXd result(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t j = i;
    while (j < order.size() && values[order[j]] == values[order[i]]) ++j;
    for (std::size_t k = i; k < j; ++k) result[order[k]] = static_cast<double>(i + j + 1) / 2;
    i = j;
  }
  return result;
}

}  // namespace

MatrixXd quasi_random(int points, int dimensions, std::uint64_t seed) {
  if (dimensions > kMostDimensions) throw std::invalid_argument("more than 1000 dimensions");
  boost::random::sobol sequence(static_cast<std::size_t>(dimensions));
  Stream draws({seed, 0}, 0, 0);
  VectorXd shift(dimensions);
  for (double& s : shift) s = draws.uniform();
  MatrixXd result(points, dimensions);
  const double scale = 1 / (static_cast<double>(boost::random::sobol::max()) + 1);
  for (Index row = 0; row < points; ++row) {
    for (Index column = 0; column < dimensions; ++column) {
      const double u = static_cast<double>(sequence()) * scale + shift[column];
      result(row, column) = std::clamp(u - std::floor(u), 1e-12, 1 - 1e-12);
    }
  }
  return result;
}

MatrixXd sobol_design(int n, int inputs, std::uint64_t seed) {
  const MatrixXd both = quasi_random(n, 2 * inputs, seed);
  const auto A = both.leftCols(inputs), B = both.rightCols(inputs);
  MatrixXd design(static_cast<Index>(n) * (inputs + 2), inputs);
  design.topRows(n) = A;
  design.middleRows(n, n) = B;
  for (Index k = 0; k < inputs; ++k) {
    auto mixed = design.middleRows((k + 2) * n, n);
    mixed = A;
    mixed.col(k) = B.col(k);
  }
  return design;
}

SobolIndices sobol_indices(const VectorXd& output, int inputs, Stream draws, int bootstraps) {
  const auto n = static_cast<int>(output.size() / (inputs + 2));
  const VectorXd fA = output.head(n), fB = output.segment(n, n);
  const auto variance = [&](const std::vector<int>& rows) {
    double sum = 0, squares = 0;
    for (const int r : rows) {
      sum += fA[r] + fB[r];
      squares += fA[r] * fA[r] + fB[r] * fB[r];
    }
    const double size = 2.0 * static_cast<double>(rows.size());
    return squares / size - (sum / size) * (sum / size);
  };
  SobolIndices result;
  for (int k = 0; k < inputs; ++k) {
    const VectorXd mixed = output.segment(static_cast<Index>(k + 2) * n, n);
    // half the mean squared difference: to B, what the column explains alone is missing; to A, all that involves it
    const auto half_square = [&](const VectorXd& to, const std::vector<int>& rows) {
      double sum = 0;
      for (const int r : rows) sum += (to[r] - mixed[r]) * (to[r] - mixed[r]);
      return sum / (2 * static_cast<double>(rows.size()));
    };
    result.first.push_back(with_bootstrap(n, draws, bootstraps, [&](const std::vector<int>& rows) { return 1 - half_square(fB, rows) / variance(rows); }));
    result.total.push_back(with_bootstrap(n, draws, bootstraps, [&](const std::vector<int>& rows) { return half_square(fA, rows) / variance(rows); }));
  }
  return result;
}

MatrixXd morris_design(int trajectories, int inputs, Stream draws) {
  constexpr double kStep = 2.0 / 3;  // of a grid 0, 1/3, 2/3, 1
  MatrixXd design(static_cast<Index>(trajectories) * (inputs + 1), inputs);
  Index row = 0;
  for (int t = 0; t < trajectories; ++t) {
    VectorXd at(inputs);
    for (double& x : at) x = std::floor(4 * draws.uniform()) / 3;
    std::vector<Index> order(static_cast<std::size_t>(inputs));
    std::iota(order.begin(), order.end(), Index{0});
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[static_cast<std::size_t>(draws.uniform() * static_cast<double>(i))]);
    design.row(row++) = at;
    for (const Index k : order) {
      at[k] += at[k] < 0.5 ? kStep : -kStep;
      design.row(row++) = at;
    }
  }
  return design;
}

std::vector<ElementaryEffect> morris_effects(const MatrixXd& design, const VectorXd& output, Stream draws, int bootstraps) {
  const Index inputs = design.cols(), trajectories = design.rows() / (inputs + 1);
  MatrixXd effects(trajectories, inputs);
  for (Index t = 0; t < trajectories; ++t) {
    for (Index step = 1; step <= inputs; ++step) {
      const Index row = t * (inputs + 1) + step;
      Index moved = 0;
      (design.row(row) - design.row(row - 1)).cwiseAbs().maxCoeff(&moved);
      effects(t, moved) = (output[row] - output[row - 1]) / (design(row, moved) - design(row - 1, moved));
    }
  }
  std::vector<ElementaryEffect> result;
  for (Index k = 0; k < inputs; ++k) {
    const VectorXd of = effects.col(k);
    ElementaryEffect effect;
    effect.mean = of.mean();
    effect.sd = trajectories > 1 ? std::sqrt((of.array() - effect.mean).square().sum() / static_cast<double>(trajectories - 1)) : std::nan("");
    effect.mean_absolute = with_bootstrap(static_cast<int>(trajectories), draws, bootstraps, [&](const std::vector<int>& rows) {
      double sum = 0;
      for (const int r : rows) sum += std::abs(of[r]);
      return sum / static_cast<double>(rows.size());
    });
    result.push_back(effect);
  }
  return result;
}

std::vector<PartialRankCorrelation> partial_rank_correlations(const MatrixXd& inputs, const VectorXd& output) {
  const Index n = inputs.rows(), k = inputs.cols();
  MatrixXd all(n, k + 1);
  for (Index column = 0; column < k; ++column) all.col(column) = ranks(inputs.col(column));
  all.col(k) = ranks(output);
  all.rowwise() -= all.colwise().mean().eval();
  const MatrixXd precision = (all.transpose() * all).completeOrthogonalDecomposition().pseudoInverse();
  const double freedom = static_cast<double>(n - k - 1);
  std::vector<PartialRankCorrelation> result;
  for (Index column = 0; column < k; ++column) {
    PartialRankCorrelation r;
    r.estimate = -precision(column, k) / std::sqrt(precision(column, column) * precision(k, k));
    if (!std::isfinite(r.estimate)) r = {std::nan(""), std::nan(""), std::nan(""), std::nan("")};
    else if (std::abs(r.estimate) < 1) {
      const double z = std::atanh(r.estimate), se = 1 / std::sqrt(freedom - 1);
      r.low = std::tanh(z - kNormal975 * se);
      r.high = std::tanh(z + kNormal975 * se);
      const double t = r.estimate * std::sqrt(freedom / (1 - r.estimate * r.estimate));
      r.p = 2 * boost::math::cdf(boost::math::complement(boost::math::students_t(freedom), std::abs(t)));
    }
    result.push_back(r);
  }
  return result;
}

}  // namespace coley::statistics
