// SPDX-License-Identifier: Apache-2.0
#include "statistics/contrasts.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "core/error.hpp"
#include "statistics/p_value.hpp"

namespace coley::statistics {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

CurveContrast on_linear_scale(double estimate, double se, double z) {
  const double statistic = se > 0 ? estimate / se : kNaN;
  const PValue tail = two_sided_normal_tail(statistic);
  return {estimate, se, estimate - z * se, estimate + z * se, statistic, tail.p, tail.log10_p};
}

CurveContrast on_log_scale(double numerator, double se_numerator, double denominator, double se_denominator, double z) {
  if (!(numerator > 0 && denominator > 0)) return {kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN};
  CurveContrast log_ratio = on_linear_scale(std::log(numerator / denominator), std::hypot(se_numerator / numerator, se_denominator / denominator), z);
  log_ratio.estimate = std::exp(log_ratio.estimate);
  log_ratio.low = std::exp(log_ratio.low);
  log_ratio.high = std::exp(log_ratio.high);
  return log_ratio;
}

}  // namespace

RmstContrast rmst_contrast(const SurvivalCurve& control, const SurvivalCurve& treated, double tau, bool extrapolate) {
  const RestrictedMean c = restricted_mean(control, tau), t = restricted_mean(treated, tau);
  if (!extrapolate && (c.extrapolated || t.extrapolated)) {
    const auto end = [](const SurvivalCurve& curve) { return curve.size() == 0 ? 0.0 : curve.time.back(); };
    const double longest = c.extrapolated && t.extrapolated ? std::min(end(control), end(treated)) : (c.extrapolated ? end(control) : end(treated));
    throw InputError({.key = "tau", .found = std::to_string(tau), .expected = "at most " + std::to_string(longest) + ", where follow-up ends in one group"});
  }
  const double z = two_sided_deviate(control.options.level);
  return {c, t, on_linear_scale(t.value - c.value, std::hypot(c.se, t.se), z), on_log_scale(t.value, t.se, c.value, c.se, z),
          on_log_scale(tau - t.value, t.se, tau - c.value, c.se, z)};
}

Milestone milestone(const SurvivalCurve& control, const SurvivalCurve& treated, double at) {
  const CurvePoint c = curve_at(control, at), t = curve_at(treated, at);
  const auto se = [](const CurvePoint& point) { return point.survival > 0 ? point.survival * point.se_log_survival : kNaN; };
  Milestone result{at, c, t, on_linear_scale(t.survival - c.survival, std::hypot(se(c), se(t)), two_sided_deviate(control.options.level)), kNaN, kNaN};
  const auto usable = [](const CurvePoint& point) { return point.survival > 0 && point.survival < 1; };
  if (!usable(c) || !usable(t)) return result;
  const auto scaled = [](const CurvePoint& point) { return point.se_log_survival / std::abs(std::log(point.survival)); };
  result.z_cloglog = (std::log(-std::log(c.survival)) - std::log(-std::log(t.survival))) / std::hypot(scaled(c), scaled(t));
  result.p_cloglog = two_sided_normal_tail(result.z_cloglog).p;
  return result;
}

}  // namespace coley::statistics
