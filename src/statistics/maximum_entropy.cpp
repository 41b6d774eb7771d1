// SPDX-License-Identifier: Apache-2.0
#include "statistics/maximum_entropy.hpp"

#include <cmath>

#include "statistics/newton.hpp"

namespace coley::statistics {

using Eigen::MatrixXd;
using Eigen::VectorXd;

PrevalenceWeights maximum_entropy_weights(const MatrixXd& features, const VectorXd& wanted) {
  const auto n = static_cast<double>(features.rows());
  PrevalenceWeights result;
  result.weights = VectorXd::Ones(features.rows());
  // centred on what is wanted and scaled, the dual is smooth with its minimum where the weighted means are zero
  MatrixXd x = features.rowwise() - wanted.transpose();
  const VectorXd scale = ((features.rowwise() - features.colwise().mean()).array().square().colwise().mean().sqrt()).matrix().transpose();
  for (Eigen::Index k = 0; k < x.cols(); ++k) {
    if (!(scale[k] > 0)) {
      if (x.col(k).cwiseAbs().maxCoeff() > 1e-12) result.not_reached = "quantity " + std::to_string(k + 1) + " is the same in the whole sample";
      x.col(k).setZero();
      continue;
    }
    x.col(k) /= scale[k];
    if (x.col(k).minCoeff() >= 0 || x.col(k).maxCoeff() <= 0) result.not_reached = "the mean wanted of quantity " + std::to_string(k + 1) + " lies outside the sample";
  }
  if (!result.not_reached.empty()) return result;
  const auto weights_at = [&](const VectorXd& lambda, double& log_sum) {
    const VectorXd exponent = x * lambda;
    const double top = exponent.maxCoeff();
    VectorXd w = (exponent.array() - top).exp();
    log_sum = top + std::log(w.sum());
    return VectorXd(w / w.sum());
  };
  // minus the log of the normalising sum is concave; its maximum has weighted means of zero
  const auto dual = [&](const VectorXd& lambda) {
    Likelihood at;
    const VectorXd p = weights_at(lambda, at.value);
    at.value = -at.value;
    const VectorXd mean = x.transpose() * p;
    at.score = -mean;
    at.information = x.transpose() * p.asDiagonal() * x - mean * mean.transpose();
    for (Eigen::Index k = 0; k < x.cols(); ++k) {
      if (!(scale[k] > 0)) at.information(k, k) = 1;
    }
    return at;
  };
  const Maximum best = maximise(dual, VectorXd::Zero(x.cols()));
  double log_sum = 0;
  const VectorXd p = weights_at(best.at, log_sum);
  result.worst = (x.transpose() * p).cwiseAbs().maxCoeff();
  if (!(result.worst < 1e-6)) {
    result.not_reached = "no weights give these means together";
    return result;
  }
  result.weights = n * p;
  result.effective_sample_size = 1 / p.squaredNorm();
  return result;
}

}  // namespace coley::statistics
