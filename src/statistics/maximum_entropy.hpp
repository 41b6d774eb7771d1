// SPDX-License-Identifier: Apache-2.0
#pragma once
// Prevalence weights: those closest to equal weights (largest entropy) under which a sample has the means that are wanted.

#include <Eigen/Dense>
#include <string>

namespace coley::statistics {

struct PrevalenceWeights {
  Eigen::VectorXd weights;           ///< one a row; they sum to the number of rows
  double effective_sample_size = 0;  ///< (sum w)^2 / sum w^2
  double worst = 0;                  ///< largest difference of a weighted mean from the one wanted, in its standard deviations
  std::string not_reached;           ///< why there are no such weights; "" when there are
};

/// `features`: a row a patient, a column a quantity whose weighted mean shall be `wanted`. Means outside the range of the
/// sample cannot be had, and are said so.
PrevalenceWeights maximum_entropy_weights(const Eigen::MatrixXd& features, const Eigen::VectorXd& wanted);

}  // namespace coley::statistics
