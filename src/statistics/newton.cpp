// SPDX-License-Identifier: Apache-2.0
#include "statistics/newton.hpp"

#include <algorithm>
#include <cmath>

namespace coley::statistics {
namespace {

struct Step {
  Eigen::VectorXd change;
  bool plain;  // the information itself was positive definite
};

Step newton_step(const Likelihood& here) {
  const Eigen::VectorXd diagonal = here.information.diagonal().cwiseAbs().cwiseMax(1e-10);
  for (double ridge = 0; ridge < 1e12; ridge = ridge == 0 ? 1e-4 : 10 * ridge) {
    Eigen::MatrixXd matrix = here.information;
    matrix.diagonal() += ridge * diagonal;
    const Eigen::LLT<Eigen::MatrixXd> factor(matrix);
    if (factor.info() == Eigen::Success) return {factor.solve(here.score), ridge == 0};
  }
  return {here.score.cwiseQuotient(diagonal), false};
}

bool usable(const Likelihood& point) {
  return std::isfinite(point.value) && point.score.allFinite() && point.information.allFinite();
}

}  // namespace

Maximum maximise(const std::function<Likelihood(const Eigen::VectorXd&)>& likelihood, const Eigen::VectorXd& start,
                 double longest, int steps) {
  Maximum best{start, likelihood(start), false};
  if (start.size() == 0) best.converged = true;
  for (int i = 0; i < steps && !best.converged && usable(best.likelihood); ++i) {
    const Step step = newton_step(best.likelihood);
    if (!step.change.allFinite()) break;
    const double decrement = best.likelihood.score.dot(step.change), size = step.change.cwiseAbs().maxCoeff();
    const double rounding = 1e-15 * (1 + std::abs(best.likelihood.value));
    double fraction = std::min(1.0, longest / std::max(size, 1e-300));
    Likelihood next;
    Eigen::VectorXd at;
    for (;; fraction /= 2) {
      at = best.at + fraction * step.change;
      next = likelihood(at);
      if (usable(next) && next.value >= best.likelihood.value - 100 * rounding) break;
      if (fraction < 1e-12) return best;
    }
    best = {at, next, step.plain && decrement < rounding};
  }
  return best;
}

}  // namespace coley::statistics
