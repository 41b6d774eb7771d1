// SPDX-License-Identifier: Apache-2.0
// The JSON of `coley meta`. Keys and their meaning: docs/meta.md.
#include <cmath>

#include "meta_report.hpp"

namespace coley {

namespace {

using nlohmann::ordered_json;
using statistics::Coefficient;
using statistics::Interval;
using statistics::PooledEffect;

ordered_json finite(double x) { return std::isfinite(x) ? ordered_json(x) : ordered_json(nullptr); }

ordered_json estimate_json(const MetaReport& report, double estimate, const Interval& interval) {
  return {{"estimate", shown(report, estimate)}, {"low", shown(report, interval.low)}, {"high", shown(report, interval.high)}};
}

ordered_json effect_json(const MetaReport& report, const Coefficient& c) {
  ordered_json j = estimate_json(report, c.estimate, c.interval);
  j["se"] = c.se;
  j["statistic"] = finite(c.statistic);
  j["p"] = c.p;
  return j;
}

ordered_json pooled_json(const MetaReport& report, const PooledEffect& pooled) {
  ordered_json j = effect_json(report, pooled.effect);
  j["k"] = pooled.k;
  j["test_df"] = pooled.test_df > 0 ? ordered_json(pooled.test_df) : ordered_json(nullptr);
  j["tau2"] = pooled.heterogeneity.tau2;
  j["i2"] = pooled.heterogeneity.i2;
  return j;
}

ordered_json heterogeneity_json(const MetaReport& report) {
  const auto& h = report.pooled.heterogeneity;
  ordered_json j = {{"q", h.q}, {"df", h.df}, {"p", h.p}, {"i2", h.i2}, {"h2", h.h2}, {"tau2", {{"estimate", h.tau2}}}};
  j["tau2"]["se"] = h.tau2_se ? ordered_json(*h.tau2_se) : ordered_json(nullptr);
  j["tau2"]["low"] = report.profile ? ordered_json(report.profile->tau2_interval.low) : ordered_json(nullptr);
  j["tau2"]["high"] = report.profile ? ordered_json(report.profile->tau2_interval.high) : ordered_json(nullptr);
  if (report.profile) {
    j["i2_low"] = report.profile->i2_interval.low;
    j["i2_high"] = report.profile->i2_interval.high;
  }
  return j;
}

/// Rows of the forest plot, top to bottom, on the scale of the axis.
ordered_json forest_json(const MetaReport& report) {
  ordered_json rows = ordered_json::array();
  for (std::size_t i = 0; i < report.studies.effects.size(); ++i) {
    const auto& study = report.studies.effects[i];
    ordered_json row = {{"kind", "study"}, {"label", report.studies.labels[i]}};
    row.update(estimate_json(report, study.estimate, study_interval(report, study)));
    row["weight"] = report.weights.empty() ? ordered_json(nullptr) : ordered_json(report.weights[i]);
    if (!report.studies.subgroups.empty()) row["subgroup"] = report.studies.subgroups[i];
    rows.push_back(row);
  }
  if (report.subgroups)
    for (const auto& group : report.subgroups->groups) {
      ordered_json row = {{"kind", "subgroup"}, {"label", group.name}};
      row.update(estimate_json(report, group.pooled.effect.estimate, group.pooled.effect.interval));
      rows.push_back(row);
    }
  ordered_json pooled = {{"kind", "pooled"}, {"label", report.method}};
  pooled.update(estimate_json(report, report.pooled.effect.estimate, report.pooled.effect.interval));
  rows.push_back(pooled);
  if (report.pooled.prediction) {
    ordered_json row = {{"kind", "prediction"}, {"label", "a further study"}};
    row.update(estimate_json(report, report.pooled.effect.estimate, *report.pooled.prediction));
    rows.push_back(row);
  }
  return {{"scale", report.ratio ? "log" : "linear"}, {"no_effect", report.ratio ? 1.0 : 0.0}, {"rows", rows}};
}

ordered_json asymmetry_json(const statistics::AsymmetryTest& test) {
  return {{"statistic", finite(test.statistic)}, {"df", test.df > 0 ? ordered_json(test.df) : ordered_json(nullptr)}, {"p", test.p}};
}

ordered_json small_study_json(const MetaReport& report) {
  const SmallStudyChecks& s = *report.small_study;
  return {{"egger", asymmetry_json(s.egger)},
          {"egger_classical", asymmetry_json(s.egger_classical)},
          {"begg", {{"tau", s.begg.tau}, {"p", s.begg.p}, {"exact", s.begg.exact}}},
          {"trim_and_fill",
           {{"filled", s.trim_and_fill.filled}, {"side", s.trim_and_fill.side}, {"pooled", pooled_json(report, s.trim_and_fill.pooled)}}}};
}

ordered_json gain_json(const statistics::Gain& gain) {
  return {{"estimate", gain.estimate}, {"low", gain.interval.low}, {"high", gain.interval.high}};
}

ordered_json regression_json(const MetaReport& report) {
  const auto& r = *report.regression;
  ordered_json j = {{"covariate", report.covariate}};
  const char* names[] = {"intercept", "slope"};
  for (std::size_t i = 0; i < r.coefficients.size(); ++i) {
    const Coefficient& c = r.coefficients[i];
    j[names[i]] = {{"estimate", c.estimate}, {"low", c.interval.low}, {"high", c.interval.high}, {"se", c.se}, {"p", c.p}};
  }
  j["tau2"] = r.residual.tau2;
  j["i2"] = r.residual.i2;
  j["r2"] = r.r2 ? ordered_json(*r.r2) : ordered_json(nullptr);
  return j;
}

}  // namespace

ordered_json to_json(const MetaReport& report) {
  ordered_json j = {{"schema_version", 1}, {"file", report.file},  {"measure", report.measure},
                    {"method", report.method}, {"test", report.test}, {"level", report.level},
                    {"studies", report.studies.effects.size()}, {"left_out", report.studies.left_out}};
  j["pooled"] = pooled_json(report, report.pooled);
  j["prediction"] = nullptr;
  if (report.pooled.prediction)
    j["prediction"] = {{"low", shown(report, report.pooled.prediction->low)},
                       {"high", shown(report, report.pooled.prediction->high)},
                       {"df", report.pooled.k - 2}};
  j["heterogeneity"] = heterogeneity_json(report);
  for (const auto& [name, pooled] : report.alternatives) {
    ordered_json row = {{"model", name}};
    row.update(pooled_json(report, pooled));
    j["alternatives"].push_back(row);
  }
  for (std::size_t i = 0; i < report.leave_one_out.size(); ++i) {
    ordered_json row = {{"without", report.studies.labels[i]}};
    row.update(pooled_json(report, report.leave_one_out[i]));
    j["leave_one_out"].push_back(row);
  }
  for (std::size_t i = 0; i < report.cumulative.size(); ++i) {
    ordered_json row = {{"up_to", report.studies.labels[i]}};
    row.update(pooled_json(report, report.cumulative[i]));
    j["cumulative"].push_back(row);
  }
  if (report.subgroups) {
    for (const auto& group : report.subgroups->groups) {
      ordered_json row = {{"subgroup", group.name}};
      row.update(pooled_json(report, group.pooled));
      j["subgroups"]["groups"].push_back(row);
    }
    j["subgroups"]["between"] = {{"q", report.subgroups->q_between}, {"df", report.subgroups->df}, {"p", report.subgroups->p}};
  }
  if (report.regression) j["regression"] = regression_json(report);
  if (report.small_study) j["small_study"] = small_study_json(report);
  if (report.gains) {
    const SurvivalGains& g = *report.gains;
    j["gain_months"] = {{"baseline_median", g.baseline.median}, {"baseline_shape", g.baseline.shape}, {"median", gain_json(g.median)}};
    if (g.horizon) {
      j["gain_months"]["horizon"] = *g.horizon;
      j["gain_months"]["restricted_mean"] = gain_json(g.restricted_mean);
    }
  }
  j["forest"] = forest_json(report);
  j["warnings"] = report.warnings;
  return j;
}

}  // namespace coley
