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

Coefficient log_ratio_of(double estimate, double variance, double level) {
  if (!std::isfinite(estimate) || !(variance > 0) || !std::isfinite(variance))
    throw InputError(Fault{.found = "a pooled ratio of 0 or infinity", .expected = "events in both arms over all studies"});
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
  return log_ratio_of(std::log(r / s), 0.5 * (pr / (r * r) + ps_qr / (r * s) + qs / (s * s)), level);
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
  return log_ratio_of(std::log(r / s), v / (r * s), level);
}

}  // namespace

StratifiedEffect mantel_haenszel(std::span<const TwoByTwo> tables, Contrast measure, double level) {
  const bool odds = measure == Contrast::odds_ratio;
  if (!odds && measure != Contrast::risk_ratio)
    throw InputError(Fault{.key = "measure", .expected = "the odds ratio or the risk ratio for Mantel-Haenszel"});
  const std::vector<TwoByTwo> kept = usable(tables);
  StratifiedEffect result;
  result.effect = odds ? odds_ratio(kept, level) : risk_ratio(kept, level);
  std::vector<StudyEffect> studies;
  double difference = 0, variance = 0;
  for (const TwoByTwo& t : kept) {
    studies.push_back(contrast(t, measure));
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
  result.effect = log_ratio_of(difference / variance, 1.0 / variance, level);
  test_homogeneity(result, studies);
  return result;
}

}  // namespace coley::statistics
