// SPDX-License-Identifier: Apache-2.0
#include "statistics/linear_emulator.hpp"

namespace coley::statistics {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

LinearEmulator emulate(const MatrixXd& Z, const MatrixXd& R, const VectorXd& weights, double ridge) {
  LinearEmulator line;
  const double total = weights.sum();
  line.middle = Z * weights / total;
  line.middle_misfit = R * weights / total;
  const MatrixXd dZ = Z.colwise() - line.middle, dR = R.colwise() - line.middle_misfit;
  MatrixXd spread = dZ * weights.asDiagonal() * dZ.transpose();
  spread.diagonal().array() += ridge * total;
  const Eigen::LDLT<MatrixXd> factors(spread);
  line.H = factors.solve(dZ * weights.asDiagonal() * dR.transpose()).transpose();
  // Residuals of the line fitted without the simulation follow from its leverage; no refit is needed.
  const MatrixXd solved = factors.solve(dZ);
  MatrixXd residuals = dR - line.H * dZ;
  for (Index i = 0; i < Z.cols(); ++i) residuals.col(i) /= 1 - weights[i] * (dZ.col(i).dot(solved.col(i)) + 1 / total);
  line.variance = residuals.cwiseAbs2() * weights / total;
  return line;
}

VectorXd NormalPosterior::draw(Stream& draws) const {
  VectorXd z(mean.size());
  for (double& value : z) value = draws.normal();
  return mean + root * z;
}

NormalPosterior posterior(const LinearEmulator& emulator, const VectorXd& weights) {
  const VectorXd precision = weights.array() / (1 + emulator.variance.array());
  const VectorXd at_zero = emulator(VectorXd::Zero(emulator.middle.size()));
  MatrixXd curvature = emulator.H.transpose() * precision.asDiagonal() * emulator.H;
  curvature.diagonal().array() += 1;
  const MatrixXd covariance = curvature.llt().solve(MatrixXd::Identity(curvature.rows(), curvature.cols()));
  return {-covariance * (emulator.H.transpose() * (precision.asDiagonal() * at_zero)), covariance.llt().matrixL()};
}

}  // namespace coley::statistics
