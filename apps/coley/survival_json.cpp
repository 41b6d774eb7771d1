// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "exchange/cox_json.hpp"
#include "exchange/survival_json.hpp"
#include "statistics/day_counts.hpp"
#include "survival_report.hpp"

namespace coley {

using nlohmann::json;
using namespace statistics;

namespace {

json data_json(const SurvivalReport& report) {
  const exchange::SurvivalTable& table = report.table;
  double events = 0;
  for (const auto event : table.event) events += event;
  return {{"file", report.options.file},
          {"rows", table.rows},
          {"n", table.size()},
          {"events", events},
          {"n_missing", table.missing},
          {"n_start_not_before_end", table.empty_follow_up},
          {"n_without_interval", table.unknown},
          {"censoring", table.upper.empty() ? "right" : "interval"},
          {"landmark", report.options.columns.landmark > 0 ? json(report.options.columns.landmark) : json()},
          {"n_before_landmark", table.before_landmark},
          {"time_unit", table.dates ? "days" : "as in the file"},
          {"event_code", table.reversed ? "CNSR: 0 is the event" : "1 is the event"},
          {"near_ties", report.options.merge_near_ties ? "merged within 1.49e-8 (R's timefix)" : "exact"}};
}

json curve_json(const SurvivalReport& report, std::size_t g) {
  std::vector<double> quartiles = {0.25, 0.5, 0.75};
  for (const double p : report.options.quantiles) quartiles.push_back(p);
  std::sort(quartiles.begin(), quartiles.end());
  quartiles.erase(std::unique(quartiles.begin(), quartiles.end()), quartiles.end());
  const SurvivalCurve& curve = report.curves[g];
  json out = {{"group", report.table.group.levels.empty() ? json() : json(report.groups[g])},
              {"n", curve.subjects},
              {"events", curve.events},
              {"n_rows", curve.size()},
              {"quantiles", exchange::quantiles_json(curve, quartiles, report.median_rule)}};
  if (g < report.means.size()) out["rmst"] = exchange::restricted_mean_json(report.means[g]);
  if (!report.options.at.empty()) {
    out["at"] = exchange::at_json(curve, report.options.at);
    for (const RiskTableRow& row : risk_table(curve, report.options.at)) {
      out["at"]["n_event"].push_back(row.events);
      out["at"]["n_censor"].push_back(row.censored);
    }
  }
  if (report.options.curves) out["curve"] = exchange::rows_json(curve);
  return out;
}

json contrast_json(const GroupContrast& contrast) {
  json out = {{"group", contrast.group}, {"control", contrast.control}};
  if (contrast.rmst) out["rmst"] = exchange::rmst_json(*contrast.rmst);
  else out["rmst_not_estimable"] = contrast.no_rmst;
  for (const Milestone& m : contrast.milestones) out["milestone"].push_back(exchange::milestone_json(m));
  return out;
}

}  // namespace

json survival_json(const SurvivalReport& report) {
  json out = {{"schema_version", 1}, {"data", data_json(report)}, {"notes", report.notes}};
  if (!report.curves.empty())
    out["km"] = {{"estimator", report.options.estimator == "kaplan-meier" ? "kaplan-meier" : "exp(-" + report.options.estimator + ")"},
                {"cumhaz", report.options.estimator == "fleming-harrington" ? "fleming-harrington tie correction" : "nelson-aalen"},
                {"variance", report.options.robust ? "robust (infinitesimal jackknife)" : "Greenwood"},
                {"conf_type", report.options.interval},
                {"conf_level", report.options.level},
                {"quantile_rule", report.options.median_rule},
                {"groups", json::array()}};
  for (std::size_t g = 0; g < report.curves.size(); ++g) out["km"]["groups"].push_back(curve_json(report, g));
  for (const LogRankTest& test : report.tests) {
    json one = exchange::log_rank_json(test, report.groups);
    one["strata"] = report.options.columns.strata;
    out["logrank"].push_back(one);
  }
  if (report.max_combo) out["maxcombo"] = exchange::max_combo_json(*report.max_combo);
  for (const GroupContrast& contrast : report.contrasts) out["contrasts"].push_back(contrast_json(contrast));
  out.update(survival_models_json(report.models, report.options.at, report.options.level));
  if (!report.cox) return out;
  out["cox"] = exchange::cox_json(*report.cox);
  out["cox"]["strata"] = report.options.columns.strata;
  json profile = {{"lower", json::array()}, {"upper", json::array()}};
  for (const Estimate& limits : report.profile) {
    profile["lower"].push_back(std::exp(limits.low));
    profile["upper"].push_back(std::isinf(limits.high) ? json("Inf") : json(std::exp(limits.high)));
  }
  out["cox"]["hr"]["profile"] = profile;
  if (!report.predictions.empty()) {
    std::vector<PredictedCurve> curves;
    json who = json::array();
    for (const CoxPrediction& prediction : report.predictions) {
      who.push_back(prediction.who);
      curves.push_back(prediction.curve);
    }
    out["cox"]["predict"] = exchange::predictions_json(curves, report.options.at.empty() ? curves[0].time : report.options.at);
    out["cox"]["predict"].update({{"newdata", who}, {"conf_type", report.options.interval}, {"conf_level", report.options.level}});
  }
  if (report.concordance) out["cox"]["concordance"] = exchange::concordance_json(*report.concordance);
  if (report.proportional_hazards) out["cox"]["ph_test"]["km"] = exchange::ph_test_json(*report.proportional_hazards);
  return out;
}

}  // namespace coley
