// SPDX-License-Identifier: Apache-2.0
#include "statistics/ensemble_smoother.hpp"

namespace coley::statistics {

using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd sensitivities(const MatrixXd& Z, const MatrixXd& R, const VectorXd& weights, double ridge) {
  const double total = weights.sum();
  const VectorXd z_mean = Z * weights / total, r_mean = R * weights / total;
  const MatrixXd dZ = Z.colwise() - z_mean, dR = R.colwise() - r_mean;
  MatrixXd spread = dZ * weights.asDiagonal() * dZ.transpose();
  spread.diagonal().array() += ridge * total;
  return spread.ldlt().solve(dZ * weights.asDiagonal() * dR.transpose()).transpose();
}

EnsembleSmoother::EnsembleSmoother(int parameters, int misfits, int members, Stream& draws, const std::optional<VectorXd>& centre, double spread)
    : prior_(parameters, members), noise_(misfits, members) {
  for (int m = 0; m < members; ++m) {
    for (int k = 0; k < parameters; ++k) prior_(k, m) = draws.normal();
    for (int k = 0; k < misfits; ++k) noise_(k, m) = draws.normal();
  }
  z_ = centre ? MatrixXd((spread * prior_).colwise() + *centre) : prior_;
}

void EnsembleSmoother::update(const MatrixXd& misfits, const MatrixXd& H, double step) {
  MatrixXd curvature = H.transpose() * H;
  curvature.diagonal().array() += 1;
  const MatrixXd downhill = (prior_ - z_) + H.transpose() * (noise_ - misfits);
  z_ += step * curvature.ldlt().solve(downhill);
}

double EnsembleSmoother::objective(const VectorXd& misfit, int member) const {
  return (z_.col(member) - prior_.col(member)).squaredNorm() + (misfit - noise_.col(member)).squaredNorm();
}

}  // namespace coley::statistics
