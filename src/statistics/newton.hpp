// SPDX-License-Identifier: Apache-2.0
#pragma once
// Maximum of a smooth log-likelihood by Newton's method with its exact second derivatives.

#include <Eigen/Dense>
#include <functional>

namespace coley::statistics {

/// A log-likelihood at one point: value, gradient, and information (minus the second derivatives).
struct Likelihood {
  double value = 0;
  Eigen::VectorXd score;
  Eigen::MatrixXd information;
};

struct Maximum {
  Eigen::VectorXd at;
  Likelihood likelihood;   ///< there
  bool converged = false;  ///< score' information^-1 score is at rounding level and the information positive definite
};

/// Steps are shortened to at most `longest` in any parameter, halved until the value rises, and turned towards the
/// gradient where the information is not positive definite. A point where the value is not finite is stepped back from.
Maximum maximise(const std::function<Likelihood(const Eigen::VectorXd&)>& likelihood, const Eigen::VectorXd& start,
                 double longest = 5, int steps = 100);

}  // namespace coley::statistics
