// SPDX-License-Identifier: Apache-2.0
#pragma once
// Residuals of a Cox model, in the order of the data's rows; rows left out of the fit (weight 0) hold 0.
// Efron ties are treated as R's residuals.coxph does: each death counts as if any of the tied ones had come first.

#include <Eigen/Core>
#include <vector>

#include "statistics/cox.hpp"

namespace coley::statistics {

/// Event minus expected events. Throws InputError for exact ties, as all below.
std::vector<double> martingale_residuals(const CoxFit& fit, std::size_t rows);
/// Martingale residuals made symmetric.
std::vector<double> deviance_residuals(const CoxFit& fit, std::size_t rows);
/// rows x covariates: contribution of each row to the score, on the data's scale.
Eigen::MatrixXd score_residuals(const CoxFit& fit, std::size_t rows);
/// rows x covariates: change of the coefficients when the row is left out, to first order; times the row's weight.
Eigen::MatrixXd dfbeta_residuals(const CoxFit& fit, std::size_t rows);

/// One row a death, by stratum and time: covariates minus their mean in the risk set.
struct SchoenfeldResiduals {
  std::vector<double> time;
  std::vector<int> stratum;
  std::vector<std::uint32_t> row;  ///< of the data
  Eigen::MatrixXd value;
};
SchoenfeldResiduals schoenfeld_residuals(const CoxFit& fit);

/// rows x covariates score residuals at any beta on the design's scale, weighted, in the design's scale; by position.
Eigen::MatrixXd weighted_score_residuals(const CoxDesign& design, const Eigen::VectorXd& beta, CoxTies ties);

/// Sum over clusters of the outer product of the summed rows (positions of the design).
Eigen::MatrixXd clustered_cross_product(const Eigen::MatrixXd& by_position, const CoxDesign& design, std::span<const int> cluster);

}  // namespace coley::statistics
