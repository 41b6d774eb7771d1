// SPDX-License-Identifier: Apache-2.0
#pragma once
// Parametric survival regression by maximum likelihood: six laws, exact, right-, left- and interval-censored times,
// delayed entry, covariates on the location, a scale by stratum, and mixture or non-mixture cure with covariates of
// its own. Covariates act on the location: on log time (accelerated failure time), for Gompertz on the log hazard.

#include <Eigen/Dense>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "statistics/estimate.hpp"
#include "statistics/survival_law.hpp"

namespace coley::statistics {

/// When each subject's event happened: in (lower, upper], at lower when both are equal. upper is infinite for right
/// censoring; lower is 0 (minus infinity for a law on the whole line) for left censoring.
struct CensoredTimes {
  std::vector<double> lower;
  std::vector<double> upper;
  std::vector<double> entry;  ///< empty: observed from 0; otherwise the subject was taken in alive at this time
};

/// Times with an event (1) or right-censored (0).
CensoredTimes right_censored(std::span<const double> time, std::span<const std::uint8_t> event, std::span<const double> entry = {});

struct ParametricModel {
  Law law = Law::weibull;
  Cure cure = Cure::none;
  Eigen::MatrixXd covariates;              ///< a row a subject; no column: intercept only. The intercept is not a column.
  std::vector<std::string> names;          ///< of its columns
  std::vector<double> weight;              ///< case weights, above 0; empty: 1 each
  std::vector<double> offset;              ///< added to the location; empty: 0. Predictions are at offset 0.
  std::vector<int> scale_stratum;          ///< codes 0..k-1, a scale each; empty: one scale
  double fixed_scale = 0;                  ///< above 0: the scale, which is then not estimated
  bool robust = false;                     ///< sandwich variance; always with clusters
  std::vector<int> cluster;                ///< codes: rows of one cluster are correlated; empty: each row is its own
  Eigen::MatrixXd cure_covariates;         ///< on the logit of the cured fraction
  std::vector<std::string> cure_names;
};

/// A fitted model. Parameters stand in the order: location ("(Intercept)", covariates), "Log(scale)" (by stratum
/// "Log(scale[1])", ...), "shape" (Gompertz: a per unit of time; generalised gamma: Q), "cure (Intercept)" and
/// "cure <name>" on the logit of the cured fraction.
class ParametricFit {
 public:
  Law law = Law::weibull;
  Cure cure = Cure::none;
  std::vector<std::string> names;
  Eigen::VectorXd estimate;
  Eigen::MatrixXd variance;  ///< inverse of the observed information, or the sandwich where asked for; empty when that is singular
  Eigen::MatrixXd model_variance;  ///< the inverse of the information whatever was asked for
  double loglik = 0;
  double loglik_null = 0;    ///< without covariates
  double aic = 0;
  std::size_t subjects = 0;
  std::size_t events = 0;    ///< not right-censored
  bool converged = false;
  std::string problem;       ///< why not converged, with the parameter's name; "" when converged
  std::size_t locations = 0, scales = 0, cures = 0;  ///< how many parameters of each kind
  double given_log_scale = 0;  ///< of a scale that was not estimated
  bool robust = false;         ///< variance is the sandwich

  std::vector<double> scale() const;  ///< by stratum; {1} for the exponential law, {0.5} for Rayleigh, empty for Gompertz

  /// Survival at time t for covariates x and cure covariates z, with the interval on log(-log S).
  Estimate survival(double t, const Eigen::VectorXd& x = {}, const Eigen::VectorXd& z = {}, int stratum = 0, double level = 0.95) const;

  /// The time by which a fraction p has had the event, and its standard error by the delta method; infinite when the
  /// cured fraction (or a falling Gompertz hazard) keeps the curve above 1 - p. 0 < p < 1.
  struct Quantile {
    double time, se;
  };
  Quantile quantile(double p, const Eigen::VectorXd& x = {}, const Eigen::VectorXd& z = {}, int stratum = 0) const;

  /// The cured fraction, with the interval on its logit. Throws InputError when no cure was fitted.
  Estimate cured_fraction(const Eigen::VectorXd& z = {}, double level = 0.95) const;

 private:
  NaturalParameters natural(const Eigen::VectorXd& x, const Eigen::VectorXd& z, int stratum) const;
  Eigen::VectorXd gradient(const Jet& jet, const Eigen::VectorXd& x, const Eigen::VectorXd& z, int stratum) const;
};

/// Fits the model. Throws InputError for impossible times (with the row), for covariates as `standardise` does, and
/// when no subject has an event.
ParametricFit fit_parametric(const CensoredTimes& times, const ParametricModel& model);

/// Every law of positive times with these covariates and this cure model, the smallest AIC first; those that did not
/// converge last. model.law is not used.
std::vector<ParametricFit> compare_laws(const CensoredTimes& times, ParametricModel model);

}  // namespace coley::statistics
