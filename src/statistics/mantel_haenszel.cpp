// SPDX-License-Identifier: Apache-2.0
#include "statistics/mantel_haenszel.hpp"

#include <cmath>
#include <vector>

#include "core/error.hpp"
#include "core/random.hpp"
#include "statistics/p_value.hpp"

namespace coley::statistics {

namespace {

/// All with, or all without, the event: such a table says nothing about a ratio.
bool informative(const TwoByTwo& t) {
  return t.treated_events + t.control_events > 0 && t.treated_without + t.control_without > 0;
}

void check(const TwoByTwo& t) {
  for (const double cell : {t.treated_events, t.treated_without, t.control_events, t.control_without})
    if (!(cell >= 0) || !std::isfinite(cell))
      throw InputError(Fault{.key = "count", .found = std::to_string(cell), .expected = "0 or more patients"});
  if (!(t.treated_events + t.treated_without > 0) || !(t.control_events + t.control_without > 0))
    throw InputError(Fault{.key = "arm", .found = "no patients", .expected = "patients in both arms"});
}

std::vector<TwoByTwo> usable(std::span<const TwoByTwo> tables) {
  std::vector<TwoByTwo> kept;
  for (const TwoByTwo& t : tables) {
    check(t);
    if (informative(t)) kept.push_back(t);
  }
  if (kept.empty()) throw InputError(Fault{.found = "no table with and without events", .expected = "at least one"});
  return kept;
}

Coefficient pooled(double estimate, double variance, double level) {
  if (!std::isfinite(estimate) || !(variance > 0) || !std::isfinite(variance))
    throw InputError(Fault{.found = "a pooled effect without a finite variance", .expected = "events in both arms over all studies"});
  Coefficient c{estimate, std::sqrt(variance), 0, 1, {}};
  c.statistic = estimate / c.se;
  c.p = two_sided_normal_tail(c.statistic).p;
  const double half = normal_quantile(0.5 + 0.5 * level) * c.se;
  c.interval = {estimate - half, estimate + half};
  return c;
}

void test_homogeneity(StratifiedEffect& result, const std::vector<StudyEffect>& studies) {
  result.k = static_cast<int>(studies.size());
  result.q_df = result.k - 1;
  for (const StudyEffect& s : studies)
    result.q += (s.estimate - result.effect.estimate) * (s.estimate - result.effect.estimate) / s.variance;
  result.q_p = result.q_df > 0 ? chi_square_tail(result.q, result.q_df).p : 1.0;
}

Coefficient odds_ratio(const std::vector<TwoByTwo>& tables, double level) {
  double r = 0, s = 0, pr = 0, ps_qr = 0, qs = 0;
  for (const TwoByTwo& t : tables) {
    const double n = t.treated_events + t.treated_without + t.control_events + t.control_without;
    const double p_i = (t.treated_events + t.control_without) / n, q_i = (t.treated_without + t.control_events) / n;
    const double r_i = t.treated_events * t.control_without / n, s_i = t.treated_without * t.control_events / n;
    r += r_i;
    s += s_i;
    pr += p_i * r_i;
    ps_qr += p_i * s_i + q_i * r_i;
    qs += q_i * s_i;
  }
  return pooled(std::log(r / s), 0.5 * (pr / (r * r) + ps_qr / (r * s) + qs / (s * s)), level);
}

Coefficient risk_ratio(const std::vector<TwoByTwo>& tables, double level) {
  double r = 0, s = 0, v = 0;
  for (const TwoByTwo& t : tables) {
    const double n1 = t.treated_events + t.treated_without, n2 = t.control_events + t.control_without, n = n1 + n2;
    const double events = t.treated_events + t.control_events;
    r += t.treated_events * n2 / n;
    s += t.control_events * n1 / n;
    v += (n1 * n2 * events - t.treated_events * t.control_events * n) / (n * n);
  }
  return pooled(std::log(r / s), v / (r * s), level);
}

/// With the variance of Sato, Greenland and Robins 1989, which holds for many small and for few large strata.
Coefficient risk_difference(const std::vector<TwoByTwo>& tables, double level) {
  double sum = 0, weight = 0, p = 0, q = 0;
  for (const TwoByTwo& t : tables) {
    const double a = t.treated_events, c = t.control_events, n1 = a + t.treated_without, n2 = c + t.control_without, n = n1 + n2;
    sum += (a * n2 - c * n1) / n;
    weight += n1 * n2 / n;
    p += (c * (n1 / n) * (n1 / n) - a * (n2 / n) * (n2 / n) + (n1 / n) * (n2 / n) * (n2 - n1) / 2);
    q += (a * (n2 - c) / n + c * (n1 - a) / n) / 2;
  }
  if (!(weight > 0)) throw InputError(Fault{.found = "no table", .expected = "at least one"});
  const double estimate = sum / weight;
  return pooled(estimate, (estimate * p + q) / (weight * weight), level);
}

}  // namespace

StratifiedEffect mantel_haenszel(std::span<const TwoByTwo> tables, Contrast measure, double level) {
  const bool odds = measure == Contrast::odds_ratio, difference_of_risks = measure == Contrast::risk_difference;
  if (!odds && !difference_of_risks && measure != Contrast::risk_ratio)
    throw InputError(Fault{.key = "measure", .expected = "the odds ratio, the risk ratio or the risk difference for Mantel-Haenszel"});
  if (difference_of_risks)
    for (const TwoByTwo& t : tables) check(t);
  const std::vector<TwoByTwo> kept = difference_of_risks ? std::vector<TwoByTwo>(tables.begin(), tables.end()) : usable(tables);
  StratifiedEffect result;
  result.effect = odds ? odds_ratio(kept, level) : difference_of_risks ? risk_difference(kept, level) : risk_ratio(kept, level);
  std::vector<StudyEffect> studies;
  double difference = 0, variance = 0;
  for (const TwoByTwo& t : kept) {
    if (informative(t)) studies.push_back(contrast(t, measure));
    const ObservedMinusExpected oe = observed_minus_expected(t);
    difference += oe.difference;
    variance += oe.variance;
  }
  test_homogeneity(result, studies);
  if (odds) {
    const double corrected = std::max(0.0, std::fabs(difference) - 0.5);
    result.cmh = corrected * corrected / variance;
    result.cmh_p = chi_square_tail(*result.cmh, 1).p;
  }
  return result;
}

StratifiedEffect peto(std::span<const TwoByTwo> tables, double level) {
  std::vector<StudyEffect> studies;
  double difference = 0, variance = 0;
  for (const TwoByTwo& t : usable(tables)) {
    const ObservedMinusExpected oe = observed_minus_expected(t);
    difference += oe.difference;
    variance += oe.variance;
    studies.push_back(log_hazard_ratio(oe.difference, oe.variance));
  }
  StratifiedEffect result;
  result.effect = pooled(difference / variance, 1.0 / variance, level);
  test_homogeneity(result, studies);
  return result;
}

}  // namespace coley::statistics
