// SPDX-License-Identifier: Apache-2.0
// For a linear model the emulator is the model and the posterior is known; for another its error is that of a line refitted
// without each simulation, and intervals hold the truth as often as they say.

#include "statistics/linear_emulator.hpp"

#include <gtest/gtest.h>

namespace coley::statistics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd normals(Index rows, Index columns, Stream& draws) {
  MatrixXd values(rows, columns);
  for (double& value : values.reshaped()) value = draws.normal();
  return values;
}

TEST(LinearEmulator, OfALinearModelGivesItsPosterior) {
  const MatrixXd H = (MatrixXd(3, 2) << 2, 0, 1, 1, 0, 0.5).finished();
  const VectorXd data = VectorXd::LinSpaced(3, 1, 3), counted = Eigen::Vector3d(1, 0.5, 2);
  Stream draws({11, 0}, 0, 0);
  const MatrixXd z = (0.3 * normals(2, 20, draws)).array() + 1.5;  // not where the posterior is
  const LinearEmulator line = emulate(z, (H * z).colwise() - data, VectorXd::Ones(20), 0);
  EXPECT_LT((line.H - H).cwiseAbs().maxCoeff(), 1e-9);
  EXPECT_LT(line.variance.maxCoeff(), 1e-20);

  const NormalPosterior found = posterior(line, counted);
  const MatrixXd covariance = (H.transpose() * counted.asDiagonal() * H + MatrixXd::Identity(2, 2)).inverse();
  EXPECT_LT((found.mean - covariance * H.transpose() * counted.asDiagonal() * data).cwiseAbs().maxCoeff(), 1e-9);
  EXPECT_LT((found.root * found.root.transpose() - covariance).cwiseAbs().maxCoeff(), 1e-9);

  constexpr int kDraws = 4000;
  MatrixXd sample(2, kDraws);
  for (int i = 0; i < kDraws; ++i) sample.col(i) = found.draw(draws);
  const VectorXd mean = sample.rowwise().mean();
  for (int k = 0; k < 2; ++k) EXPECT_NEAR(mean[k], found.mean[k], 5 * std::sqrt(covariance(k, k) / kDraws));
}

TEST(LinearEmulator, ItsErrorIsThatOnSimulationsItDidNotSee) {
  Stream draws({12, 0}, 0, 0);
  const MatrixXd Z = normals(3, 12, draws), R = normals(2, 12, draws);
  VectorXd weights(12);
  for (double& w : weights) w = draws.uniform();
  const LinearEmulator line = emulate(Z, R, weights, 0);
  VectorXd squares = VectorXd::Zero(2);
  for (Index left_out = 0; left_out < 12; ++left_out) {
    VectorXd others = weights;
    others[left_out] = 0;
    squares += weights[left_out] / weights.sum() * (emulate(Z, R, others, 0)(Z.col(left_out)) - R.col(left_out)).cwiseAbs2();
  }
  EXPECT_LT((line.variance - squares).cwiseAbs().maxCoeff(), 1e-9);
}

TEST(LinearEmulator, FarSimulationsCountLess) {
  MatrixXd z(1, 5), r(1, 5);
  z << -1, 0, 1, 10, 11;
  r << -1, 0, 1, 0, 0;  // slope 1 near zero, nothing like it far away
  VectorXd near(5);
  near << 1, 1, 1, 0, 0;
  EXPECT_NEAR(emulate(z, r, near, 0).H(0, 0), 1, 1e-12);
  EXPECT_LT(emulate(z, r, VectorXd::Ones(5), 0).H(0, 0), 0.2);
}

/// Thirty numbers, forty curved misfits, sixty simulations: the case of a joint fit, made small. Truth is drawn from the prior and
/// each interval is the central 90 % of a normal distribution, so that of all numbers 90 % lie inside if the intervals are right;
/// with a line that is believed beyond its error three quarters do.
TEST(LinearEmulator, IntervalsHoldTheTruthAsOftenAsTheySay) {
  constexpr Index kNumbers = 30, kRows = 40, kSets = 20, kRounds = 3;
  int inside = 0, of = 0;
  for (int repeat = 0; repeat < 20; ++repeat) {
    Stream draws({13, static_cast<std::uint64_t>(repeat)}, 0, 0);
    const MatrixXd H = 0.6 * normals(kRows, kNumbers, draws), bent = 0.2 * normals(kRows, kNumbers, draws);
    const VectorXd truth = normals(kNumbers, 1, draws), noise = normals(kRows, 1, draws);
    const auto figures = [&](const VectorXd& z) { return VectorXd(H * z + (bent * z).cwiseAbs2()); };
    const VectorXd published = figures(truth) + noise;
    MatrixXd Z(kNumbers, 0), R(kRows, 0);
    NormalPosterior next{VectorXd::Zero(kNumbers), 0.5 * MatrixXd::Identity(kNumbers, kNumbers)};
    for (Index round = 0; round < kRounds; ++round) {
      Z.conservativeResize(Eigen::NoChange, Z.cols() + kSets);
      R.conservativeResize(Eigen::NoChange, Z.cols());
      for (Index i = Z.cols() - kSets; i < Z.cols(); ++i) {
        Z.col(i) = next.draw(draws);
        R.col(i) = figures(Z.col(i)) - published;
      }
      next = posterior(emulate(Z, R, VectorXd::Ones(Z.cols()), 0.05), VectorXd::Ones(kRows));
    }
    for (Index k = 0; k < kNumbers; ++k) {
      inside += std::abs(truth[k] - next.mean[k]) < 1.6449 * next.root.row(k).norm();
      ++of;
    }
  }
  EXPECT_NEAR(inside / static_cast<double>(of), 0.9, 4 * std::sqrt(0.9 * 0.1 / of));
}

}  // namespace
}  // namespace coley::statistics
