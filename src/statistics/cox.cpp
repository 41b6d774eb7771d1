// SPDX-License-Identifier: Apache-2.0
#include "statistics/cox.hpp"

#include <Eigen/Cholesky>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "statistics/cox_residuals.hpp"

namespace coley::statistics {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kCollinear = 1e-10;  // 1 - R^2 below it: the covariate is a combination of those before it

/// Which covariates carry information of their own at beta = 0, taken in order (Cholesky with column tests).
std::vector<Eigen::Index> estimable(const Eigen::MatrixXd& information, double events) {
  std::vector<Eigen::Index> kept;
  for (Eigen::Index j = 0; j < information.rows(); ++j) {
    Eigen::MatrixXd block(static_cast<Eigen::Index>(kept.size()), static_cast<Eigen::Index>(kept.size()));
    Eigen::VectorXd side(block.rows());
    for (Eigen::Index a = 0; a < block.rows(); ++a) {
      side[a] = information(kept[static_cast<std::size_t>(a)], j);
      for (Eigen::Index b = 0; b < block.rows(); ++b) block(a, b) = information(kept[static_cast<std::size_t>(a)], kept[static_cast<std::size_t>(b)]);
    }
    const double own = information(j, j), left = block.rows() == 0 ? own : own - side.dot(block.ldlt().solve(side));
    if (own > 1e-12 * events && left > kCollinear * own) kept.push_back(j);
  }
  return kept;
}

Eigen::MatrixXd inverse_of(const Eigen::MatrixXd& information, const std::vector<Eigen::Index>& kept) {
  const auto k = static_cast<Eigen::Index>(kept.size());
  Eigen::MatrixXd block(k, k);
  for (Eigen::Index a = 0; a < k; ++a)
    for (Eigen::Index b = 0; b < k; ++b) block(a, b) = information(kept[static_cast<std::size_t>(a)], kept[static_cast<std::size_t>(b)]);
  const Eigen::MatrixXd inverse = block.ldlt().solve(Eigen::MatrixXd::Identity(k, k));
  Eigen::MatrixXd full = Eigen::MatrixXd::Zero(information.rows(), information.cols());
  for (Eigen::Index a = 0; a < k; ++a)
    for (Eigen::Index b = 0; b < k; ++b) full(kept[static_cast<std::size_t>(a)], kept[static_cast<std::size_t>(b)]) = inverse(a, b);
  return full;
}

/// Newton-Raphson with step halving. Leaves the derivatives at the last point and the step it would take from there.
struct Maximum {
  Eigen::VectorXd beta, step;
  CoxDerivatives at;
  int iterations = 0;
  bool converged = false, flat = false;  ///< flat: the likelihood has stopped rising while the step has not shrunk
};

Maximum maximise(CoxLikelihood& likelihood, const CoxOptions& options, const CoxDerivatives& null, const std::vector<Eigen::Index>& kept) {
  Maximum m{Eigen::VectorXd::Zero(null.score.size()), {}, null};
  int still = 0;
  for (; m.iterations < options.iterations; ++m.iterations) {
    m.step = inverse_of(m.at.information, kept) * m.at.score;
    const double length = m.step.size() > 0 ? m.step.cwiseAbs().maxCoeff() : 0;
    if (std::isfinite(length) && length < 1e-9 * (1 + (m.beta.size() > 0 ? m.beta.cwiseAbs().maxCoeff() : 0))) {
      m.beta += m.step;
      m.converged = true;
      return m;
    }
    Eigen::VectorXd trial = m.beta + m.step;
    CoxDerivatives next = likelihood.at(trial);
    for (int half = 0; half < 40 && !(next.loglik >= m.at.loglik - 1e-12 * std::abs(m.at.loglik)); ++half) {
      m.step /= 2;
      trial = m.beta + m.step;
      next = likelihood.at(trial);
    }
    if (!(next.loglik >= m.at.loglik - 1e-9 * (1 + std::abs(m.at.loglik)))) return m;
    still = next.loglik - m.at.loglik < 1e-9 * (1 + std::abs(next.loglik)) ? still + 1 : 0;
    m.beta = trial;
    m.at = std::move(next);
    if (still >= 3) {
      m.flat = true;
      return m;
    }
  }
  return m;
}

void add_robust_variance(CoxFit& fit, const CoxData& data, const std::vector<Eigen::Index>& kept, const Eigen::MatrixXd& inverse, const Eigen::VectorXd& unscale) {
  const CoxDesign& design = *fit.design;
  const Eigen::MatrixXd meat = clustered_cross_product(weighted_score_residuals(design, fit.beta, fit.options.ties), design, data.cluster);
  fit.variance = unscale.asDiagonal() * (inverse * meat * inverse) * unscale.asDiagonal();
  fit.se_robust = fit.variance.diagonal().cwiseSqrt();
  const Eigen::MatrixXd null_scores = weighted_score_residuals(design, Eigen::VectorXd::Zero(fit.beta.size()), fit.options.ties);
  const Eigen::VectorXd score = null_scores.colwise().sum();
  fit.robust_score_test = score.dot(inverse_of(clustered_cross_product(null_scores, design, data.cluster), kept) * score);
}

void describe(CoxFit& fit, const Maximum& maximum) {
  for (std::size_t j = 0; j < fit.names.size(); ++j) {
    if (fit.state[j] == CoefficientState::not_estimable)
      fit.warnings.push_back(fit.names[j] + ": not estimable; it is constant, or a combination of the covariates before it, among those at risk");
    if (fit.state[j] == CoefficientState::infinite)
      fit.warnings.push_back(fit.names[j] + ": the coefficient is infinite (separation: the likelihood rises for ever as it " + (fit.beta[static_cast<Eigen::Index>(j)] > 0 ? "grows)" : "falls)"));
  }
  if (!maximum.converged && !maximum.flat) fit.warnings.push_back("the likelihood did not converge in " + std::to_string(maximum.iterations) + " iterations");
}

}  // namespace

CoxFit fit_cox(const CoxData& data, const CoxOptions& options) {
  CoxFit fit;
  fit.options = options;
  fit.options.robust = options.robust || !data.cluster.empty();
  fit.names = data.names;
  fit.lr_test = fit.wald_test = fit.score_test = fit.robust_score_test = kNaN;
  fit.design = std::make_shared<const CoxDesign>(data);
  const CoxDesign& design = *fit.design;
  const auto p = static_cast<Eigen::Index>(data.names.size());
  fit.subjects = data.rows.size();
  double event_weight = 0;
  for (const DeathTime& death : design.deaths()) {
    fit.events += death.deaths;
    event_weight += death.weight;
  }
  CoxLikelihood likelihood(design, options.ties);
  const CoxDerivatives null = likelihood.at(Eigen::VectorXd::Zero(p));
  const std::vector<Eigen::Index> kept = fit.events > 0 ? estimable(null.information, event_weight) : std::vector<Eigen::Index>();
  const Maximum maximum = maximise(likelihood, options, null, kept);
  fit.beta = maximum.beta;
  fit.iterations = maximum.iterations;
  fit.converged = maximum.converged;
  fit.loglik_null = null.loglik;
  fit.loglik = maximum.at.loglik;
  fit.df = static_cast<int>(kept.size());

  Eigen::VectorXd unscale(p);
  for (Eigen::Index j = 0; j < p; ++j) unscale[j] = 1 / design.scale(static_cast<std::size_t>(j));
  fit.state.assign(data.names.size(), CoefficientState::not_estimable);
  for (const Eigen::Index j : kept)
    fit.state[static_cast<std::size_t>(j)] = maximum.flat && std::abs(maximum.step[j]) > 1e-3 * maximum.step.cwiseAbs().maxCoeff() ? CoefficientState::infinite : CoefficientState::estimated;
  const Eigen::MatrixXd inverse = inverse_of(maximum.at.information, kept);
  fit.model_variance = unscale.asDiagonal() * inverse * unscale.asDiagonal();
  fit.variance = fit.model_variance;
  fit.coef = unscale.cwiseProduct(fit.beta);
  fit.se = fit.model_variance.diagonal().cwiseSqrt();
  if (fit.options.robust && options.ties == CoxTies::exact)
    throw InputError({.key = "ties", .found = "exact, with a robust variance", .expected = "efron or breslow"});
  if (fit.options.robust && !kept.empty()) add_robust_variance(fit, data, kept, inverse, unscale);
  if (!kept.empty()) {
    fit.lr_test = 2 * (fit.loglik - fit.loglik_null);
    fit.score_test = null.score.dot(inverse_of(null.information, kept) * null.score);
    fit.wald_test = fit.coef.dot(inverse_of(fit.variance, kept) * fit.coef);
  }
  for (std::size_t j = 0; j < data.names.size(); ++j)
    if (fit.state[j] != CoefficientState::estimated) {
      const auto at = static_cast<Eigen::Index>(j);
      fit.coef[at] = fit.state[j] == CoefficientState::infinite ? std::copysign(std::numeric_limits<double>::infinity(), fit.beta[at]) : kNaN;
      fit.se[at] = kNaN;
      if (fit.se_robust.size() > 0) fit.se_robust[at] = kNaN;
    }
  describe(fit, maximum);
  return fit;
}

}  // namespace coley::statistics
