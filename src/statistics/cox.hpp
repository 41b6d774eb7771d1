// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cox's proportional hazards model: stratified, with delayed entry or (start, stop] rows, weights, offset, robust
// variance. The fit is the maximum of the partial likelihood, not the point where a default tolerance stops. A
// coefficient that has no finite value, or that the data cannot tell from others, is marked by name, never printed as a
// number. Cox 1972; Efron 1977; Lin & Wei 1989 for the robust variance.

#include <Eigen/Core>
#include <memory>
#include <string>
#include <vector>

#include "statistics/cox_design.hpp"
#include "statistics/cox_likelihood.hpp"
#include "statistics/estimate.hpp"

namespace coley::statistics {

struct CoxOptions {
  CoxTies ties = CoxTies::efron;
  bool robust = false;  ///< sandwich variance; always with clusters
  double level = 0.95;
  int iterations = 100;
};

enum class CoefficientState {
  estimated,
  infinite,      ///< the likelihood still rises as the coefficient runs away: separation
  not_estimable  ///< constant, or a combination of the covariates before it, among those at risk
};

/// Vectors by covariate, on the data's scale; NaN where not estimable.
struct CoxFit {
  CoxOptions options;
  std::vector<std::string> names;
  std::size_t subjects = 0, events = 0;
  std::vector<CoefficientState> state;
  Eigen::VectorXd coef, se;           ///< se is model based
  Eigen::VectorXd se_robust;          ///< empty unless robust
  Eigen::MatrixXd variance;           ///< the robust one where asked for; 0 in rows that are not estimable
  Eigen::MatrixXd model_variance;
  double loglik_null = 0, loglik = 0;
  double lr_test, wald_test, score_test;  ///< chi-square with df
  double robust_score_test;               ///< NaN unless robust
  int df = 0;                             ///< estimated coefficients
  int iterations = 0;
  bool converged = false;
  std::vector<std::string> warnings;  ///< separation, non-convergence, collinearity, each with the variable's name
  std::shared_ptr<const CoxDesign> design;
  Eigen::VectorXd beta;  ///< on the design's scale, 0 where not estimable: what residuals and predictions use

  /// Standard error that intervals and tests use.
  const Eigen::VectorXd& inference_se() const { return se_robust.size() > 0 ? se_robust : se; }
};

/// Throws InputError: impossible rows, exact ties with weights.
CoxFit fit_cox(const CoxData& data, const CoxOptions& options = {});

}  // namespace coley::statistics
