// SPDX-License-Identifier: Apache-2.0
#pragma once
// Covariates as a fit wants them: centred and scaled, so that 1e8 + x and 1e6 x behave as x does.

#include <Eigen/Dense>
#include <string>
#include <vector>

namespace coley::statistics {

/// (value - centre) / scale by column.
struct StandardCovariates {
  Eigen::MatrixXd values;
  Eigen::VectorXd centre;
  Eigen::VectorXd scale;
};

/// Centres at the mean and scales by the standard deviation. Throws InputError, naming row and covariate, for a value
/// that is not finite; for a covariate that does not vary; and for one that is a linear combination of those before it.
StandardCovariates standardise(const Eigen::MatrixXd& covariates, const std::vector<std::string>& names);

}  // namespace coley::statistics
