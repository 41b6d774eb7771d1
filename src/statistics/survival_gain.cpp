// SPDX-License-Identifier: Apache-2.0
#include "statistics/survival_gain.hpp"

#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <string>

#include "core/error.hpp"
#include "core/units.hpp"

namespace coley::statistics {

namespace {

void require_positive(double value, const char* key) {
  if (!(value > 0) || !std::isfinite(value))
    throw InputError(Fault{.key = key, .found = std::to_string(value), .expected = "a number above 0"});
}

/// Time by which the cumulative hazard of the Weibull baseline, multiplied by `ratio`, reaches 1.
double scale(double ratio, const Baseline& baseline) {
  require_positive(ratio, "hazard ratio");
  require_positive(baseline.median, "baseline median");
  require_positive(baseline.shape, "baseline shape");
  return baseline.median * std::pow(kLn2 * ratio, -1.0 / baseline.shape);
}

/// Integral of exp(-(t / scale)^shape) over 0..horizon.
double restricted_mean(double ratio, const Baseline& baseline, double horizon) {
  const double width = scale(ratio, baseline), a = 1.0 / baseline.shape;
  return width * a * boost::math::tgamma_lower(a, std::pow(horizon / width, baseline.shape));
}

template <class Of>
Gain by_limits(const Coefficient& log_hazard_ratio, Of gain_of) {
  return {gain_of(std::exp(log_hazard_ratio.estimate)),
          {gain_of(std::exp(log_hazard_ratio.interval.high)), gain_of(std::exp(log_hazard_ratio.interval.low))}};
}

}  // namespace

double median_gain(double hazard_ratio, const Baseline& baseline) {
  return scale(hazard_ratio, baseline) * std::pow(kLn2, 1.0 / baseline.shape) - baseline.median;
}

double restricted_mean_gain(double hazard_ratio, const Baseline& baseline, double horizon) {
  require_positive(horizon, "horizon");
  return restricted_mean(hazard_ratio, baseline, horizon) - restricted_mean(1.0, baseline, horizon);
}

Gain median_gain(const Coefficient& log_hazard_ratio, const Baseline& baseline) {
  return by_limits(log_hazard_ratio, [&](double ratio) { return median_gain(ratio, baseline); });
}

Gain restricted_mean_gain(const Coefficient& log_hazard_ratio, const Baseline& baseline, double horizon) {
  return by_limits(log_hazard_ratio, [&](double ratio) { return restricted_mean_gain(ratio, baseline, horizon); });
}

}  // namespace coley::statistics
