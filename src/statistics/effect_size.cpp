// SPDX-License-Identifier: Apache-2.0
#include "statistics/effect_size.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/error.hpp"
#include "core/random.hpp"

namespace coley::statistics {

namespace {

void require(bool holds, const std::string& key, const std::string& found, const std::string& expected) {
  if (!holds) throw InputError(Fault{.key = key, .found = found, .expected = expected});
}

void check_arm(const ArmMean& arm, const std::string& name) {
  require(std::isfinite(arm.mean), name + " mean", std::to_string(arm.mean), "a number");
  require(arm.sd > 0 && std::isfinite(arm.sd), name + " standard deviation", std::to_string(arm.sd), "a number above 0");
  require(arm.n > 1 && std::isfinite(arm.n), name + " size", std::to_string(arm.n), "2 or more patients");
}

void check_proportion(double events, double n) {
  require(n > 0 && std::isfinite(n) && events >= 0 && events <= n, "events", std::to_string(events), "0 to the number of subjects, of which there is one at least");
}

/// Hedges' exact correction of a standardised difference for small samples.
double small_sample_factor(double df) { return std::exp(std::lgamma(0.5 * df) - 0.5 * std::log(0.5 * df) - std::lgamma(0.5 * (df - 1.0))); }

/// Correlation of arm and outcome; variance by the delta method, the table being multinomial (Yule 1912).
StudyEffect phi(double a, double b, double c, double d) {
  const double n = a + b + c + d, with = a + c, without = b + d;
  require(with > 0 && without > 0, "table", "all patients with, or all without, the event", "some of each; leave the study out");
  const double arms = (a + b) * (c + d) / (n * n), outcomes = with * without / (n * n), y = (a * d - b * c) / (n * n * std::sqrt(arms * outcomes));
  const double by_arm = (a + b - c - d) / n, by_outcome = (with - without) / n;
  return {y, (1 - y * y + y * (1 + 0.5 * y * y) * by_arm * by_outcome / std::sqrt(arms * outcomes) - 0.75 * y * y * (by_arm * by_arm / arms + by_outcome * by_outcome / outcomes)) / n};
}

}  // namespace

StudyEffect log_ratio(double ratio, double low, double high, double level) {
  const std::string found = std::to_string(ratio) + " (" + std::to_string(low) + " to " + std::to_string(high) + ")";
  require(low > 0 && high > low && std::isfinite(high) && ratio >= low && ratio <= high, "ratio", found,
          "0 < low <= ratio <= high with low < high");
  require(level > 0 && level < 1, "level", std::to_string(level), "a confidence level between 0 and 1");
  const double se = std::log(high / low) / (2.0 * normal_quantile(0.5 + 0.5 * level));
  return {std::log(ratio), se * se};
}

StudyEffect log_hazard_ratio(double observed_minus_expected, double variance) {
  require(std::isfinite(observed_minus_expected), "O-E", std::to_string(observed_minus_expected), "a number");
  require(variance > 0 && std::isfinite(variance), "V", std::to_string(variance), "a variance above 0");
  return {observed_minus_expected / variance, 1.0 / variance};
}

ObservedMinusExpected observed_minus_expected(const TwoByTwo& t) {
  const double n1 = t.treated_events + t.treated_without, n2 = t.control_events + t.control_without;
  const double n = n1 + n2, events = t.treated_events + t.control_events;
  return {t.treated_events - n1 * events / n, n1 * n2 * events * (n - events) / (n * n * (n - 1.0))};
}

StudyEffect contrast(const TwoByTwo& table, Contrast measure) {
  double a = table.treated_events, b = table.treated_without, c = table.control_events, d = table.control_without;
  for (const double cell : {a, b, c, d})
    require(cell >= 0 && std::isfinite(cell), "count", std::to_string(cell), "0 or more patients");
  require(a + b > 0 && c + d > 0, "arm", "no patients", "patients in both arms");
  if (measure == Contrast::peto_odds_ratio) {
    const ObservedMinusExpected oe = observed_minus_expected(table);
    require(oe.variance > 0, "table", "all patients with, or all without, the event",
            "some of each; leave the study out");
    return log_hazard_ratio(oe.difference, oe.variance);
  }
  if (measure == Contrast::arcsine_difference)
    return {std::asin(std::sqrt(a / (a + b))) - std::asin(std::sqrt(c / (c + d))), 1 / (4 * (a + b)) + 1 / (4 * (c + d))};
  if (measure == Contrast::phi) return phi(a, b, c, d);
  if (a == 0 || b == 0 || c == 0 || d == 0) {
    for (double* cell : {&a, &b, &c, &d}) *cell += 0.5;
  }
  const double n1 = a + b, n2 = c + d;
  switch (measure) {
    case Contrast::risk_ratio: return {std::log((a / n1) / (c / n2)), 1 / a - 1 / n1 + 1 / c - 1 / n2};
    case Contrast::odds_ratio: return {std::log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d};
    case Contrast::yule_q:
    case Contrast::yule_y: {  // Q = tanh(log OR / 2), Y = tanh(log OR / 4)
      const double share = measure == Contrast::yule_q ? 0.5 : 0.25, y = std::tanh(share * std::log(a * d / (b * c))), slope = share * (1 - y * y);
      return {y, slope * slope * (1 / a + 1 / b + 1 / c + 1 / d)};
    }
    default: return {a / n1 - c / n2, a * b / (n1 * n1 * n1) + c * d / (n2 * n2 * n2)};
  }
}

StudyEffect log_rate_ratio(const ArmRate& treated, const ArmRate& control) {
  for (const ArmRate& arm : {treated, control}) {
    require(arm.events >= 0 && std::isfinite(arm.events), "events", std::to_string(arm.events), "0 or more");
    require(arm.time > 0 && std::isfinite(arm.time), "person-time", std::to_string(arm.time), "a time above 0");
  }
  const double add = treated.events == 0 || control.events == 0 ? 0.5 : 0, x1 = treated.events + add, x2 = control.events + add;
  return {std::log(x1 / treated.time / (x2 / control.time)), 1 / x1 + 1 / x2};
}

StudyEffect fisher_z(double correlation, double n) {
  require(std::abs(correlation) < 1, "correlation", std::to_string(correlation), "a number between -1 and 1");
  require(n > 3 && std::isfinite(n), "size", std::to_string(n), "4 or more subjects");
  return {std::atanh(correlation), 1 / (n - 3)};
}

StudyEffect logit_proportion(double events, double n) {
  check_proportion(events, n);
  const double add = events == 0 || events == n ? 0.5 : 0, with = events + add, without = n - events + add;
  return {std::log(with / without), 1 / with + 1 / without};
}

StudyEffect log_ratio_of_means(const ArmMean& treated, const ArmMean& control) {
  check_arm(treated, "treated");
  check_arm(control, "control");
  require(treated.mean > 0 && control.mean > 0, "mean", std::to_string(std::min(treated.mean, control.mean)), "means above 0");
  const auto share = [](const ArmMean& arm) { return arm.sd * arm.sd / (arm.n * arm.mean * arm.mean); };
  return {std::log(treated.mean / control.mean), share(treated) + share(control)};
}

StudyEffect mean_difference(const ArmMean& treated, const ArmMean& control) {
  check_arm(treated, "treated");
  check_arm(control, "control");
  return {treated.mean - control.mean, treated.sd * treated.sd / treated.n + control.sd * control.sd / control.n};
}

StudyEffect standardised_mean_difference(const ArmMean& treated, const ArmMean& control) {
  check_arm(treated, "treated");
  check_arm(control, "control");
  const double n = treated.n + control.n, df = n - 2.0;
  const double pooled = std::sqrt(((treated.n - 1) * treated.sd * treated.sd + (control.n - 1) * control.sd * control.sd) / df);
  const double g = small_sample_factor(df) * (treated.mean - control.mean) / pooled;
  return {g, 1 / treated.n + 1 / control.n + g * g / (2.0 * n)};
}

StudyEffect standardised_mean_difference_unequal(const ArmMean& treated, const ArmMean& control) {
  check_arm(treated, "treated");
  check_arm(control, "control");
  const double v1 = treated.sd * treated.sd, v2 = control.sd * control.sd, df1 = treated.n - 1, df2 = control.n - 1;
  const double factor = small_sample_factor(df1 + df2), mean = 0.5 * (v1 + v2), g = factor * (treated.mean - control.mean) / std::sqrt(mean);
  return {g, factor * factor * (g * g * (v1 * v1 / df1 + v2 * v2 / df2) / (8 * mean * mean) + (v1 / df1 + v2 / df2) / mean)};
}

StudyEffect double_arcsine_proportion(double events, double n) {
  check_proportion(events, n);
  return {0.5 * (std::asin(std::sqrt(events / (n + 1))) + std::asin(std::sqrt((events + 1) / (n + 1)))), 1 / (4 * n + 2)};
}

}  // namespace coley::statistics
