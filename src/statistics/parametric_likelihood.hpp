// SPDX-License-Identifier: Apache-2.0
#pragma once
// The log-likelihood of a parametric survival model over all subjects, with gradient and information.

#include <Eigen/Dense>
#include <array>

#include "statistics/newton.hpp"
#include "statistics/parametric_survival.hpp"

namespace coley::statistics {

/// Each natural parameter of a subject is linear in the model's parameters: one design matrix for each, a row a
/// subject. Parameters stand in the order location, log scale, shape, cure logit; a matrix may have no columns.
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Designs = std::array<RowMajor, Jet::variables>;

/// What is given and not estimated. By subject; empty: 1 and 0.
struct WeightsAndOffsets {
  Eigen::VectorXd weight, offset;
  double log_scale = 0;  ///< where no column of the designs estimates it
};

/// log-likelihood of one subject: event in (lower, upper] or at lower, given alive at entry (0: always).
Jet subject_loglik(Law law, Cure cure, double lower, double upper, double entry, const NaturalParameters& p);

/// Weighted sum over subjects at these parameters; offsets are added to the location.
Likelihood parametric_loglik(Law law, Cure cure, const CensoredTimes& times, const Designs& designs, const Eigen::VectorXd& parameters,
                             const WeightsAndOffsets& given = {});

/// The weighted score of each subject, a row each: their sum is the gradient.
Eigen::MatrixXd parametric_scores(Law law, Cure cure, const CensoredTimes& times, const Designs& designs, const Eigen::VectorXd& parameters,
                                  const WeightsAndOffsets& given = {});

}  // namespace coley::statistics
