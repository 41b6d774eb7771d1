// SPDX-License-Identifier: Apache-2.0
// Functions whose indices are known in closed form: Ishigami, Sobol' G, a linear function.

#include "statistics/sensitivity_indices.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace coley::statistics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

VectorXd outputs(const MatrixXd& design, const std::function<double(const VectorXd&)>& f) {
  VectorXd result(design.rows());
  for (Eigen::Index row = 0; row < design.rows(); ++row) result[row] = f(design.row(row));
  return result;
}

Stream draws() { return Stream({5, 0}, 0, 0); }

void expect_known(const SensitivityIndex& index, double known) {
  EXPECT_NEAR(index.estimate, known, 0.02);
  EXPECT_LE(index.low, known + 0.01);  // quasi-random points: the bootstrap interval is wider than the error
  EXPECT_GE(index.high, known - 0.01);
}

TEST(SobolIndices, OfIshigami) {
  const auto ishigami = [](const VectorXd& u) {
    const double x1 = std::numbers::pi * (2 * u[0] - 1), x2 = std::numbers::pi * (2 * u[1] - 1), x3 = std::numbers::pi * (2 * u[2] - 1);
    return std::sin(x1) + 7 * std::pow(std::sin(x2), 2) + 0.1 * std::pow(x3, 4) * std::sin(x1);
  };
  const SobolIndices s = sobol_indices(outputs(sobol_design(4096, 3, 1), ishigami), 3, draws(), 200);
  const double pi4 = std::pow(std::numbers::pi, 4), pi8 = pi4 * pi4;
  const double variance = 49.0 / 8 + 0.1 * pi4 / 5 + 0.01 * pi8 / 18 + 0.5;
  const double v1 = 0.5 * std::pow(1 + 0.1 * pi4 / 5, 2), v2 = 49.0 / 8, v13 = 0.01 * pi8 * (1.0 / 18 - 1.0 / 50);
  expect_known(s.first[0], v1 / variance);
  expect_known(s.first[1], v2 / variance);
  expect_known(s.first[2], 0);
  expect_known(s.total[0], (v1 + v13) / variance);
  expect_known(s.total[1], v2 / variance);
  expect_known(s.total[2], v13 / variance);
}

TEST(SobolIndices, OfSobolG) {
  const double a[] = {0, 1, 4.5, 9};
  const auto g = [&](const VectorXd& u) {
    double product = 1;
    for (int k = 0; k < 4; ++k) product *= (std::abs(4 * u[k] - 2) + a[k]) / (1 + a[k]);
    return product;
  };
  const SobolIndices s = sobol_indices(outputs(sobol_design(4096, 4, 1), g), 4, draws(), 200);
  double all = 1;
  for (const double k : a) all *= 1 + 1 / (3 * (1 + k) * (1 + k));
  for (int k = 0; k < 4; ++k) {
    const double own = 1 / (3 * (1 + a[k]) * (1 + a[k]));
    expect_known(s.first[static_cast<std::size_t>(k)], own / (all - 1));
    expect_known(s.total[static_cast<std::size_t>(k)], own * all / (1 + own) / (all - 1));
  }
}

TEST(SobolIndices, OfAConstantAreNotNumbers) {
  const SobolIndices s = sobol_indices(VectorXd::Constant(5 * 64, 3.0), 3, draws(), 20);
  EXPECT_TRUE(std::isnan(s.first[0].estimate));
}

TEST(QuasiRandom, FillsTheCubeEvenly) {
  const MatrixXd points = quasi_random(1024, 40, 9);
  EXPECT_GT(points.minCoeff(), 0);
  EXPECT_LT(points.maxCoeff(), 1);
  EXPECT_LT((points.colwise().mean().array() - 0.5).abs().maxCoeff(), 2e-3);
  EXPECT_EQ(points, quasi_random(1024, 40, 9));
  EXPECT_NE(points, quasi_random(1024, 40, 10));
}

TEST(Morris, OfALinearFunctionIsItsSlopes) {
  const MatrixXd design = morris_design(6, 3, draws());
  const auto effects = morris_effects(design, outputs(design, [](const VectorXd& u) { return 2 * u[0] - 5 * u[1]; }), draws());
  EXPECT_NEAR(effects[0].mean, 2, 1e-12);
  EXPECT_NEAR(effects[1].mean, -5, 1e-12);
  EXPECT_NEAR(effects[1].mean_absolute.estimate, 5, 1e-12);
  EXPECT_NEAR(effects[1].sd, 0, 1e-12);
  EXPECT_NEAR(effects[2].mean_absolute.estimate, 0, 1e-12);
}

TEST(Morris, AnInteractionHasSpread) {
  const MatrixXd design = morris_design(20, 2, draws());
  const auto effects = morris_effects(design, outputs(design, [](const VectorXd& u) { return u[0] * u[1]; }), draws());
  EXPECT_GT(effects[0].sd, 0.2);
  EXPECT_GE(design.minCoeff(), 0);
  EXPECT_LE(design.maxCoeff(), 1 + 1e-12);
}

TEST(PartialRankCorrelation, SeesTheMonotoneInputThroughTheOthers) {
  const MatrixXd x = quasi_random(400, 3, 3);
  VectorXd y(400);
  for (int i = 0; i < 400; ++i) y[i] = std::exp(4 * x(i, 0)) - 30 * x(i, 1);
  const auto r = partial_rank_correlations(x, y);
  EXPECT_GT(r[0].estimate, 0.8);
  EXPECT_LT(r[1].estimate, -0.8);
  EXPECT_LT(std::abs(r[2].estimate), 0.15);
  EXPECT_GT(r[2].p, 0.01);
  EXPECT_LT(r[0].p, 1e-10);
}

}  // namespace
}  // namespace coley::statistics
