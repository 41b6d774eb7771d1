// SPDX-License-Identifier: Apache-2.0
#pragma once
// A step function of survival with its standard error and interval at every distinct time, and what is read off it:
// survival at a time, quantiles, restricted mean. Columns of equal length, times ascending. What is not defined is NaN.

#include <string>
#include <string_view>
#include <vector>

#include "statistics/estimate.hpp"

namespace coley::statistics {

/// Scale on which the interval of S(t) is symmetric. R's default is log, SAS's log_log.
enum class IntervalType { plain, log, log_log, logit, arcsin };
/// "plain", "log", "log-log", "logit", "arcsin".
std::string_view to_string(IntervalType type);
/// Throws InputError for another word.
IntervalType interval_type(std::string_view word);

/// Which survival estimate: the product limit, or exp(-H).
enum class SurvivalEstimator { kaplan_meier, exp_cumulative_hazard };
/// Cumulative hazard at tied events: Nelson-Aalen's d/n, or Fleming-Harrington's as if the ties fell one by one.
enum class HazardTies { nelson_aalen, fleming_harrington };
/// Quantile when S equals 1 - p exactly on a step: R's midpoint of the step, or its beginning.
enum class QuantileRule { midpoint, infimum };

/// Where the standard errors come from: Greenwood's formula, for which a weight is a number of subjects, or the
/// infinitesimal jackknife over rows, for which it is a sampling weight (what survfit does with fractional weights).
enum class CurveVariance { greenwood, robust };

struct CurveOptions {
  IntervalType interval = IntervalType::log_log;
  double level = 0.95;
  SurvivalEstimator estimator = SurvivalEstimator::kaplan_meier;
  HazardTies ties = HazardTies::nelson_aalen;
  CurveVariance variance = CurveVariance::greenwood;
};

struct SurvivalCurve {
  CurveOptions options;
  double subjects = 0;  ///< rows that went in
  double events = 0;    ///< weighted
  std::vector<double> time;
  std::vector<double> at_risk;  ///< weighted, just before `time`
  std::vector<double> event_count;
  std::vector<double> censored;
  std::vector<double> survival;
  std::vector<double> se_log_survival;  ///< infinite once S is 0
  std::vector<double> low, high;
  std::vector<double> cumulative_hazard;
  std::vector<double> se_cumulative_hazard;

  std::size_t size() const { return time.size(); }
};

struct CurvePoint {
  double time, survival, se_log_survival, low, high, cumulative_hazard, se_cumulative_hazard;
  double at_risk;  ///< just before the first row at or after `time`; 0 beyond the last
};

struct RestrictedMean {
  double tau, value, se, low, high;  ///< interval: value -+ z se
  bool extrapolated;                 ///< tau lies beyond the last follow-up and the curve had not reached 0
  std::string not_estimable;         ///< why there is no standard error: nobody's follow-up ends before tau
};

/// Limits of S at one point (survfit's formulas; NaN where the scale is not defined: S = 0, and S = 1 for log_log).
Estimate survival_interval(double survival, double se_log, const CurveOptions& options);

/// The curve at a time; before the first row S = 1.
CurvePoint curve_at(const SurvivalCurve& curve, double time);

/// Smallest time with S <= 1 - p and the same rule on both limits; NaN when not reached. p in (0, 1).
Estimate quantile(const SurvivalCurve& curve, double p, QuantileRule rule = QuantileRule::midpoint);

/// Area under S from 0 to tau with Greenwood's standard error; the curve stays flat beyond the last row. tau > 0.
RestrictedMean restricted_mean(const SurvivalCurve& curve, double tau);

}  // namespace coley::statistics
