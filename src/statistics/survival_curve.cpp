// SPDX-License-Identifier: Apache-2.0
#include "statistics/survival_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/error.hpp"
#include "core/random.hpp"
#include "core/units.hpp"
#include "statistics/weighted_mean.hpp"

namespace coley::statistics {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kStepTolerance = 1.4901161193847656e-8;  // R's sqrt(eps): S "equals" 1 - p within it

constexpr std::pair<IntervalType, std::string_view> kIntervalNames[] = {{IntervalType::plain, "plain"},
                                                                        {IntervalType::log, "log"},
                                                                        {IntervalType::log_log, "log-log"},
                                                                        {IntervalType::logit, "logit"},
                                                                        {IntervalType::arcsin, "arcsin"}};

/// The row whose step is the highest below `bound`, the first of equal ones; the number of rows when there is none. On a
/// falling curve that is the first row below it. A limit may rise again, and then R's quantile takes this row.
template <class Below>
std::size_t highest_below(const std::vector<double>& step, Below below) {
  std::size_t best = step.size();
  for (std::size_t i = 0; i < step.size(); ++i)
    if (below(step[i]) && (best == step.size() || step[i] > step[best])) best = i;
  return best;
}

/// Time at which `step` has fallen to q, by the rule; NaN when it never does.
double first_at_or_below(const SurvivalCurve& curve, const std::vector<double>& step, double q, QuantileRule rule) {
  const std::size_t n = step.size();
  if (rule == QuantileRule::infimum) {
    const auto at = std::find_if(step.begin(), step.end(), [q](double s) { return s <= q + kStepTolerance; });
    return at == step.end() ? kNaN : curve.time[static_cast<std::size_t>(at - step.begin())];
  }
  const std::size_t first = highest_below(step, [q](double s) { return s <= q + kStepTolerance; });
  if (first == n) return kNaN;
  if (step[first] < q - kStepTolerance) return curve.time[first];
  const std::size_t next = highest_below(step, [q](double s) { return s < q - kStepTolerance; });
  if (next == n) return std::isnan(step[n - 1]) ? kNaN : (curve.time[first] + curve.time[n - 1]) / 2;
  return (curve.time[first] + curve.time[next]) / 2;
}

}  // namespace

std::string_view to_string(IntervalType type) {
  for (const auto& [candidate, name] : kIntervalNames)
    if (candidate == type) return name;
  bug("an interval type without a name");
}

IntervalType interval_type(std::string_view word) {
  for (const auto& [type, name] : kIntervalNames)
    if (name == word) return type;
  throw InputError({.key = "interval type", .found = "'" + std::string(word) + "'", .expected = "plain, log, log-log, logit or arcsin"});
}

Estimate survival_interval(double s, double se, const CurveOptions& options) { return survival_interval(s, se, options.interval, two_sided_deviate(options.level)); }

Estimate survival_interval(double s, double se, IntervalType type, double z) {
  if (!(s > 0) || std::isinf(se)) return {s, kNaN, kNaN};
  switch (type) {
    case IntervalType::plain:
      return {s, std::max(s - z * se * s, 0.0), std::min(s + z * se * s, 1.0)};
    case IntervalType::log:
      return {s, s * std::exp(-z * se), std::min(s * std::exp(z * se), 1.0)};
    case IntervalType::log_log: {
      if (s >= 1) return {s, kNaN, kNaN};
      const double log_s = std::log(s), factor = std::exp(z * se / -log_s);
      return {s, std::exp(log_s * factor), std::exp(log_s / factor)};
    }
    case IntervalType::logit: {
      if (s >= 1) return {s, kNaN, kNaN};
      const double half = z * se / (1 - s), odds = (1 - s) / s;
      return {s, 1 / (1 + odds * std::exp(half)), 1 / (1 + odds * std::exp(-half))};
    }
    case IntervalType::arcsin: {
      if (s >= 1) return {s, kNaN, kNaN};
      const double angle = std::asin(std::sqrt(s)), half = 0.5 * z * se * std::sqrt(s / (1 - s));
      const double low = std::sin(std::max(0.0, angle - half)), high = std::sin(std::min(kPi / 2, angle + half));
      return {s, low * low, high * high};
    }
  }
  bug("an interval type without a formula");
}

CurvePoint curve_at(const SurvivalCurve& curve, double time) {
  const auto after = std::upper_bound(curve.time.begin(), curve.time.end(), time);
  const auto risk = std::lower_bound(curve.time.begin(), curve.time.end(), time);
  const double at_risk = risk == curve.time.end() ? 0 : curve.at_risk[static_cast<std::size_t>(risk - curve.time.begin())];
  if (after == curve.time.begin()) return {time, 1, 0, 1, 1, 0, 0, at_risk};
  const auto i = static_cast<std::size_t>(after - curve.time.begin() - 1);
  return {time, curve.survival[i], curve.se_log_survival[i], curve.low[i], curve.high[i], curve.cumulative_hazard[i],
          curve.se_cumulative_hazard[i], at_risk};
}

Estimate quantile(const SurvivalCurve& curve, double p, QuantileRule rule) {
  const double q = 1 - p;
  return {first_at_or_below(curve, curve.survival, q, rule), first_at_or_below(curve, curve.low, q, rule),
          first_at_or_below(curve, curve.high, q, rule)};
}

RestrictedMean restricted_mean(const SurvivalCurve& curve, double tau) {
  return weighted_mean(curve, tau, [](double from, double to) { return to - from; });
}

RestrictedMean weighted_mean(const SurvivalCurve& curve, double tau, const std::function<double(double, double)>& weight) {
  if (!(tau > 0)) throw InputError({.key = "tau", .found = std::to_string(tau), .expected = "a restriction time above 0"});
  std::size_t rows = static_cast<std::size_t>(std::upper_bound(curve.time.begin(), curve.time.end(), tau) - curve.time.begin());
  double area = 0, variance = 0, right = tau;
  for (std::size_t i = rows; i-- > 0; right = curve.time[i]) {
    area += curve.survival[i] * weight(curve.time[i], right);
    const double n = curve.at_risk[i], d = curve.event_count[i];
    if (n > d) variance += area * area * d / (n * (n - d));
  }
  if (rows == 0) return {tau, weight(0, tau), kNaN, kNaN, kNaN, curve.size() == 0, "no follow-up ends before tau"};
  const double value = area + weight(0, right), se = std::sqrt(variance), half = two_sided_deviate(curve.options.level) * se;
  const bool beyond = curve.size() == 0 || (tau > curve.time.back() && curve.survival.back() > 0);
  return {tau, value, se, value - half, value + half, beyond, ""};
}

}  // namespace coley::statistics
