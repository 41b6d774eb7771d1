// SPDX-License-Identifier: Apache-2.0
#pragma once
// Baseline hazard and predicted survival of a Cox model. The hazard estimate follows the way of ties of the fit (exact:
// Breslow), the interval covers the coefficients and the hazard. Tsiatis 1981; Link 1984.

#include <optional>
#include <span>
#include <vector>

#include "statistics/cox.hpp"
#include "statistics/survival_curve.hpp"

namespace coley::statistics {

/// A step function at the death times of one stratum; 1 before the first.
struct PredictedCurve {
  CurveOptions options;
  std::vector<double> time, cumulative_hazard, survival, se_log_survival, low, high;
};

struct PredictedPoint {
  double survival, se_log_survival, low, high, cumulative_hazard;
};
PredictedPoint predicted_at(const PredictedCurve& curve, double time);

/// Survival of somebody with these covariates (on the data's scale) and this offset (the data's mean without one), in the stratum of this label. Throws InputError when
/// there is no such stratum, or a coefficient is infinite.
PredictedCurve predict_survival(const CoxFit& fit, std::span<const double> covariates, int stratum = 0,
                                const CurveOptions& options = {IntervalType::log}, std::optional<double> offset = {});

}  // namespace coley::statistics
