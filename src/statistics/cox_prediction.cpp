// SPDX-License-Identifier: Apache-2.0
#include "statistics/cox_prediction.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/error.hpp"

namespace coley::statistics {

PredictedPoint predicted_at(const PredictedCurve& curve, double time) {
  const auto after = std::upper_bound(curve.time.begin(), curve.time.end(), time);
  if (after == curve.time.begin()) return {1, 0, 1, 1, 0};
  const auto i = static_cast<std::size_t>(after - curve.time.begin() - 1);
  return {curve.survival[i], curve.se_log_survival[i], curve.low[i], curve.high[i], curve.cumulative_hazard[i]};
}

PredictedCurve predict_survival(const CoxFit& fit, std::span<const double> covariates, int stratum, const CurveOptions& options, std::optional<double> offset) {
  const CoxDesign& design = *fit.design;
  const std::size_t p = design.covariates();
  if (covariates.size() != p) throw InputError({.key = "covariates", .found = std::to_string(covariates.size()) + " values", .expected = std::to_string(p)});
  for (std::size_t j = 0; j < p; ++j)
    if (fit.state[j] == CoefficientState::infinite) throw InputError({.key = fit.names[j], .found = "an infinite coefficient", .expected = "a model without separation to predict from"});
  const auto at = std::find_if(design.strata().begin(), design.strata().end(), [stratum](const auto& s) { return s.label == stratum; });
  if (at == design.strata().end()) throw InputError({.key = "stratum", .found = std::to_string(stratum), .expected = "a stratum of the data"});

  const CoxHazard hazard = cox_hazard(design, fit.beta, fit.options.ties == CoxTies::exact ? CoxTies::breslow : fit.options.ties);
  Eigen::VectorXd x(static_cast<Eigen::Index>(p)), scale(static_cast<Eigen::Index>(p));
  for (std::size_t j = 0; j < p; ++j) {
    scale[static_cast<Eigen::Index>(j)] = design.scale(j);
    x[static_cast<Eigen::Index>(j)] = (covariates[j] - at->centre[j]) / design.scale(j);
  }
  const Eigen::MatrixXd variance = scale.asDiagonal() * fit.variance * scale.asDiagonal();
  const double risk = std::exp(x.dot(fit.beta) + (offset ? *offset - design.mean_offset() : 0));
  PredictedCurve curve{options, {}, {}, {}, {}, {}, {}};
  double cumulative = 0, square = 0;
  Eigen::VectorXd gradient = Eigen::VectorXd::Zero(x.size());
  for (std::size_t b = at->first_death; b < at->last_death; ++b) {
    cumulative += risk * hazard.step[b];
    square += risk * risk * hazard.square[b];
    for (std::size_t j = 0; j < p; ++j) {
      const auto column = static_cast<Eigen::Index>(j);
      gradient[column] += risk * (x[column] * hazard.step[b] - hazard.xbar[b * p + j]);
    }
    const double survival = std::exp(-cumulative), se = std::sqrt(square + gradient.dot(variance * gradient));
    const Estimate limits = survival_interval(survival, se, options);
    curve.time.push_back(design.deaths()[b].time);
    curve.cumulative_hazard.push_back(cumulative);
    curve.survival.push_back(survival);
    curve.se_log_survival.push_back(se);
    curve.low.push_back(limits.low);
    curve.high.push_back(limits.high);
  }
  return curve;
}

}  // namespace coley::statistics
