// SPDX-License-Identifier: Apache-2.0
#include "exchange/survival_json.hpp"

#include <cmath>
#include <limits>

namespace coley::exchange {

using nlohmann::json;
using namespace statistics;

namespace {

/// se of the survival itself; not defined once S is 0.
double se_survival(const CurvePoint& point) {
  return point.survival > 0 ? point.survival * point.se_log_survival : std::numeric_limits<double>::quiet_NaN();
}

json ratio_json(const CurveContrast& ratio) {
  return {{"est", ratio.estimate}, {"se_log", ratio.se}, {"lower", ratio.low}, {"upper", ratio.high}, {"p", ratio.p}, {"log10_p", ratio.log10_p}};
}

json matrix_json(const std::vector<double>& values, std::size_t columns) {
  json matrix = json::array();
  for (std::size_t i = 0; i < values.size(); i += columns)
    matrix.push_back(std::vector<double>(values.begin() + static_cast<std::ptrdiff_t>(i), values.begin() + static_cast<std::ptrdiff_t>(i + columns)));
  return matrix;
}

}  // namespace

json rows_json(const SurvivalCurve& curve) {
  return {{"time", curve.time},         {"n_risk", curve.at_risk}, {"n_event", curve.event_count},
          {"n_censor", curve.censored}, {"surv", curve.survival},  {"se_log_surv", curve.se_log_survival},
          {"lower", curve.low},         {"upper", curve.high},     {"cumhaz", curve.cumulative_hazard},
          {"se_cumhaz", curve.se_cumulative_hazard}};
}

json at_json(const SurvivalCurve& curve, std::span<const double> times) {
  json at = {{"time", json::array()},  {"surv", json::array()},   {"se_log_surv", json::array()}, {"lower", json::array()},
             {"upper", json::array()}, {"cumhaz", json::array()}, {"se_cumhaz", json::array()},   {"n_risk", json::array()}};
  for (const double time : times) {
    const CurvePoint point = curve_at(curve, time);
    at["time"].push_back(time);
    at["surv"].push_back(point.survival);
    at["se_log_surv"].push_back(point.se_log_survival);
    at["lower"].push_back(point.low);
    at["upper"].push_back(point.high);
    at["cumhaz"].push_back(point.cumulative_hazard);
    at["se_cumhaz"].push_back(point.se_cumulative_hazard);
    at["n_risk"].push_back(point.at_risk);
  }
  return at;
}

json quantiles_json(const SurvivalCurve& curve, std::span<const double> probabilities, QuantileRule rule) {
  json quantiles = {{"p", json::array()}, {"time", json::array()}, {"lower", json::array()}, {"upper", json::array()}};
  for (const double p : probabilities) {
    const Estimate q = quantile(curve, p, rule);
    quantiles["p"].push_back(p);
    quantiles["time"].push_back(q.estimate);
    quantiles["lower"].push_back(q.low);
    quantiles["upper"].push_back(q.high);
  }
  return quantiles;
}

json restricted_mean_json(const RestrictedMean& mean) {
  return {{"tau", mean.tau}, {"value", mean.value}, {"se", mean.se}, {"lower", mean.low}, {"upper", mean.high}};
}

json log_rank_json(const LogRankTest& test, const std::vector<std::string>& groups) {
  json out = {{"weight", test.weight.name()}, {"groups", groups},           {"n", test.subjects},
              {"observed", test.observed},    {"expected", test.expected},  {"variance", matrix_json(test.variance, test.observed.size())},
              {"chisq", test.chi_square},     {"df", test.df},              {"p", test.p},
              {"log10_p", test.log10_p}};
  if (test.observed.size() == 2) out.update({{"U", test.u()}, {"V", test.v()}, {"z", test.z()}});
  if (!test.not_estimable.empty()) out["not_estimable"] = test.not_estimable;
  return out;
}

json max_combo_json(const MaxCombo& combo) {
  json weights = json::array();
  for (const LogRankWeight& weight : combo.weights) weights.push_back(weight.name());
  json out = {{"weights", weights},    {"z", combo.z},                     {"corr", matrix_json(combo.correlation, combo.z.size())},
              {"z_min", combo.z_min},  {"p_one_sided", combo.p_one_sided}, {"z_max_abs", combo.z_max_abs},
              {"p_two_sided", combo.p_two_sided}};
  if (!combo.not_estimable.empty()) out["not_estimable"] = combo.not_estimable;
  return out;
}

json rmst_json(const RmstContrast& contrast) {
  const CurveContrast& d = contrast.difference;
  return {{"tau", contrast.control.tau},
          {"rmst", {contrast.control.value, contrast.treated.value}},
          {"se", {contrast.control.se, contrast.treated.se}},
          {"diff", {{"est", d.estimate}, {"se", d.se}, {"lower", d.low}, {"upper", d.high}, {"z", d.z}, {"p", d.p}, {"log10_p", d.log10_p}}},
          {"ratio", ratio_json(contrast.ratio)},
          {"rmtl_ratio", ratio_json(contrast.time_lost_ratio)}};
}

json milestone_json(const Milestone& m) {
  return {{"at", m.at},
          {"surv", {m.control.survival, m.treated.survival}},
          {"se", {se_survival(m.control), se_survival(m.treated)}},
          {"diff", m.difference.estimate},
          {"se_diff", m.difference.se},
          {"lower", m.difference.low},
          {"upper", m.difference.high},
          {"z_naive", m.difference.z},
          {"p_naive", m.difference.p},
          {"z_cloglog", m.z_cloglog},
          {"p_cloglog", m.p_cloglog}};
}

json hazard_ratio_json(const HazardRatio& ratio) {
  json out = {{"ties", to_string(ratio.ties)},
              {"coef", {ratio.log_hr}},
              {"se", {ratio.se}},
              {"hr", {{"value", {ratio.hazard_ratio.estimate}}, {"lower", {ratio.hazard_ratio.low}}, {"upper", {ratio.hazard_ratio.high}}}},
              {"p_wald", {ratio.p}},
              {"log10_p", {ratio.log10_p}},
              {"score_test", ratio.score_test},
              {"lr_test", ratio.lr_test},
              {"loglik_null", ratio.loglik_null},
              {"loglik", ratio.loglik},
              {"infinite", ratio.infinite}};
  if (!ratio.not_estimable.empty()) out["not_estimable"] = ratio.not_estimable;
  return out;
}

}  // namespace coley::exchange
