// SPDX-License-Identifier: Apache-2.0
// The order of keys here is the order in the file and in docs/summary.md.
#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "core/error.hpp"
#include "report/summary.hpp"
#include "report/thin.hpp"
#include "report/words.hpp"

namespace coley::report {
namespace {

using Json = nlohmann::ordered_json;

Json value(double x) {
  return x;
}
Json value(const Number& x) {
  return x ? value(*x) : Json(nullptr);
}
Json value(const std::optional<std::string>& x) {
  return x ? Json(*x) : Json(nullptr);
}
Json text_or_null(const std::string& x) {
  return x.empty() ? Json(nullptr) : Json(x);
}

/// Curves are drawn, not computed with: `digits` decimals keep the file small.
Json rounded(double x, int digits) {
  const double scale = std::pow(10.0, digits);
  return value(std::round(x * scale) / scale);
}
Json rounded(const Number& x, int digits) {
  return x ? rounded(*x, digits) : Json(nullptr);
}

void put(Json& object, const Estimate& e) {
  object["estimate"] = value(e.estimate);
  object["low"] = value(e.low);
  object["high"] = value(e.high);
}

Json json(const Estimate& e) {
  Json object;
  put(object, e);
  return object;
}

Json json(const std::optional<Estimate>& e) {
  return e ? json(*e) : Json(nullptr);
}

Json json(const std::optional<RestrictedMean>& mean) {
  if (!mean) return nullptr;
  Json object{{"month", value(mean->month)}};
  put(object, mean->months);
  return object;
}

Json counts(const std::vector<NamedCount>& rows) {
  Json object = Json::object();
  for (const NamedCount& row : rows) object[row.name] = row.patients;
  return object;
}

Json json(const Provenance& p) {
  return {{"version", p.version},
          {"seed", p.seed},
          {"patients", p.patients},
          {"replicates", p.replicates},
          {"parameters_sha256", text_or_null(p.parameters_sha256)},
          {"command", text_or_null(p.command)}};
}

Json json(const WorkFacts& work) {
  return {{"steps", work.steps}, {"rejected", work.rejected}, {"stops", work.stops}, {"occupancy", value(work.occupancy)}};
}

Json json(const RunFacts& run) {
  return {{"threads", run.threads},
          {"ranks", run.ranks},
          {"wall_seconds", value(run.wall_seconds)},
          {"patients_per_second", value(run.patients_per_second)},
          {"work", {{"natural_history", json(run.natural_history)}, {"courses", json(run.courses)}}}};
}

Json json(const TrialFacts& trial) {
  return {{"name", trial.name},
          {"title", trial.title},
          {"protocol_sha256", text_or_null(trial.protocol_sha256)},
          {"sources", trial.sources},
          {"assumed", trial.assumed}};
}

Json json(const std::optional<Screening>& screening) {
  if (!screening) return nullptr;
  return {
      {"screened", screening->screened}, {"enrolled", screening->enrolled}, {"excluded", counts(screening->excluded)}};
}

Json json(const BaselineRow& row) {
  return {{"covariate", row.covariate}, {"level", row.level}, {"patients", row.patients}, {"share", value(row.share)}};
}

Json json(const Endpoint& e) {
  Json at = Json::array();
  for (const Landmark& landmark : e.at) {
    Json row{{"month", value(landmark.month)}};
    put(row, landmark.survival);
    at.push_back(std::move(row));
  }
  return {{"cutoff", value(e.cutoff)}, {"n", e.n},
          {"events", e.events},        {"median_months", json(e.median_months)},
          {"at", std::move(at)},       {"rmst", json(e.rmst)}};
}

Json json(const std::optional<Response>& r) {
  if (!r) return nullptr;
  return {{"n", r->n},
          {"CR", r->cr},
          {"PR", r->pr},
          {"SD", r->sd},
          {"PD", r->pd},
          {"NE", r->ne},
          {"orr", json(r->orr)},
          {"cr_rate", json(r->cr_rate)},
          {"durable_cr_rate", json(r->durable_cr_rate)},
          {"median_duration_months", json(r->median_duration_months)},
          {"median_time_months", json(r->median_time_months)}};
}

Json json(const std::optional<QualityAdjusted>& q) {
  if (!q) return nullptr;
  Json object = json(std::optional(q->survival));
  object["mean_utility"] = value(q->mean_utility);
  return object;
}

Json safety(const ArmSummary& arm) {
  if (arm.safety.empty()) return nullptr;
  Json object{{"n", arm.treated ? Json(*arm.treated) : Json(nullptr)}};
  for (const SafetyRow& row : arm.safety) {
    Json entry{{"patients", row.patients}};
    put(entry, row.share);
    object[row.name] = std::move(entry);
  }
  return object;
}

Json json(const ArmSummary& arm) {
  Json flow = Json::object();
  for (const FlowStep& step : arm.flow) flow[step.name] = step.patients;
  Json endpoints = Json::object();
  for (const Endpoint& e : arm.endpoints) {
    endpoints[endpoints.contains(e.name) ? e.name + "@" + e.cutoff.value_or("") : e.name] = json(e);
  }
  return {{"name", arm.name},
          {"label", arm.label},
          {"treatment", text_or_null(arm.treatment)},
          {"n", arm.n},
          {"flow", std::move(flow)},
          {"endpoints", std::move(endpoints)},
          {"response", json(arm.response)},
          {"quality_adjusted", json(arm.quality_adjusted)},
          {"safety", safety(arm)}};
}

Json json(const std::optional<HazardRatio>& hr) {
  if (!hr) return nullptr;
  Json object = json(hr->ratio);
  object["p"] = value(hr->p);
  return object;
}

Json json(const std::optional<LogRank>& test) {
  if (!test) return nullptr;
  return {{"statistic", value(test->statistic)}, {"p", value(test->p)}};
}

Json json(const Comparison& c) {
  const std::string subgroup = c.covariate ? *c.covariate + "=" + c.level.value_or("") : "all";
  return {{"endpoint", c.endpoint},
          {"experimental", c.experimental},
          {"control", c.control},
          {"cutoff", value(c.cutoff)},
          {"subgroup", subgroup},
          {"covariate", value(c.covariate)},
          {"level", value(c.level)},
          {"n_experimental", c.n_experimental},
          {"events_experimental", c.events_experimental},
          {"n_control", c.n_control},
          {"events_control", c.events_control},
          {"hazard_ratio", json(c.hazard_ratio)},
          {"logrank", json(c.logrank)},
          {"rmst_difference", json(c.rmst_difference)},
          {"interaction_p", value(c.interaction_p)}};
}

Json json(const TwinGroup& group) {
  return {{"covariate", group.covariate},
          {"level", group.level},
          {"n", group.n},
          {"mean_benefit_days", json(group.mean_benefit_days)},
          {"share_better", value(group.share_better)},
          {"share_worse", value(group.share_worse)}};
}

Json json(const TwinSummary& t) {
  Json quantiles = Json::array();
  for (const BenefitQuantile& q : t.benefit_days) {
    quantiles.push_back({{"share", rounded(q.share, 4)}, {"days", rounded(q.days, 2)}});
  }
  Json by = Json::array();
  for (const TwinGroup& group : t.by) by.push_back(json(group));
  Json patients = t.patients.empty() ? Json() : Json::array();
  for (const TwinPatient& p : t.patients) {
    Json levels = Json::object();
    for (const auto& [covariate, level] : p.levels) levels[covariate] = level;
    patients.push_back({{"id", p.id}, {"benefit_days", p.benefit_days}, {"levels", std::move(levels)}});
  }
  return {{"experimental", t.experimental},
          {"control", t.control},
          {"n", t.n},
          {"horizon_months", value(t.horizon_months)},
          {"mean_benefit_days", json(t.mean_benefit_days)},
          {"benefit_days", {{"quantiles", std::move(quantiles)}}},
          {"share_better", value(t.share_better)},
          {"share_worse", value(t.share_worse)},
          {"by", std::move(by)},
          {"patients", std::move(patients)}};
}

Json twins(const std::vector<TwinSummary>& rows) {
  if (rows.empty()) return nullptr;
  Json object = Json::object();
  const std::vector<std::string> keys = twin_keys(rows);
  for (std::size_t i = 0; i < rows.size(); ++i) object[keys[i]] = json(rows[i]);
  return object;
}

const char* word(Role role) {
  switch (role) {
    case Role::calibration:
      return "calibration";
    case Role::validation:
      return "validation";
    case Role::context:
      return "context";
  }
  bug("unknown role of an evidence row");
}

const char* word(Scale scale) {
  switch (scale) {
    case Scale::ratio:
      return "ratio";
    case Scale::probability:
      return "probability";
    case Scale::months:
      return "months";
  }
  bug("unknown scale of an evidence row");
}

Json json(const EvidenceRow& row) {
  Json trials = nullptr;
  if (row.simulated_trials) {
    trials = json(*row.simulated_trials);
    trials["level"] = value(row.trials_level);
  }
  return {{"id", row.id},
          {"quantity", row.quantity},
          {"scale", word(row.scale)},
          {"source", text_or_null(row.source)},
          {"published", json(row.published)},
          {"simulated", json(row.simulated)},
          {"simulated_trials", std::move(trials)},
          {"published_percentile", value(row.published_percentile)},
          {"role", word(row.role)},
          {"agrees", row.agrees ? Json(*row.agrees) : Json(nullptr)}};
}

Json json(const ParameterRow& row) {
  return {{"group", text_or_null(row.group)},
          {"symbol", row.symbol},
          {"meaning", row.meaning},
          {"unit", row.unit},
          {"value", value(row.value)},
          {"distribution", text_or_null(row.distribution)},
          {"source", row.source},
          {"changed", row.changed}};
}

Json json(const SurvivalCurve& curve, std::size_t most) {
  Json points = Json::array(), risk = Json::array(), envelope = nullptr, one_trial = nullptr;
  for (const SurvivalPoint& p : thinned(curve.points, most)) {
    points.push_back({{"month", rounded(p.month, 4)},
                      {"survival", rounded(p.survival, 6)},
                      {"low", rounded(p.low, 6)},
                      {"high", rounded(p.high, 6)}});
  }
  for (const RiskRow& row : curve.at_risk) {
    risk.push_back({{"month", rounded(row.month, 4)},
                    {"at_risk", row.at_risk},
                    {"censored", row.censored},
                    {"events", row.events}});
  }
  if (!curve.envelope.empty()) {
    Json rows = Json::array();
    for (const EnvelopePoint& p : thinned(curve.envelope, most)) {
      rows.push_back({{"month", rounded(p.month, 4)}, {"low", rounded(p.low, 6)}, {"high", rounded(p.high, 6)}});
    }
    envelope = {{"level", value(curve.envelope_level)}, {"points", std::move(rows)}};
  }
  if (!curve.one_trial.empty()) one_trial = Json::array();
  for (const SurvivalPoint& p : thinned(curve.one_trial, most)) {
    one_trial.push_back({{"month", rounded(p.month, 4)}, {"survival", rounded(p.survival, 6)}});
  }
  return {{"endpoint", curve.endpoint},       {"arm", curve.arm},           {"cutoff", value(curve.cutoff)},
          {"points", std::move(points)},      {"at_risk", std::move(risk)}, {"envelope", std::move(envelope)},
          {"one_trial", std::move(one_trial)}};
}

Json survival(const std::vector<SurvivalCurve>& curves) {
  Json list = Json::array();
  for (const SurvivalCurve& curve : curves) list.push_back(json(curve, points_a_series(curves)));
  return list;
}

Json json(const PatientLine& p) {
  Json change = Json::array();
  for (const auto& [month, share] : p.change) change.push_back({rounded(month, 2), rounded(share, 3)});
  return {{"id", p.id},
          {"arm", p.arm},
          {"months", rounded(p.months, 2)},
          {"treatment_months", rounded(p.treatment_months, 2)},
          {"response", p.response ? Json(*p.response) : Json()},
          {"best_change", rounded(p.best_change, 3)},
          {"change", std::move(change)},
          {"events",
           {{"response", rounded(p.response_month, 2)},
            {"progression", rounded(p.progression_month, 2)},
            {"next_line", rounded(p.next_line_month, 2)},
            {"death", rounded(p.death_month, 2)}}}};
}

Json patients(const std::vector<PatientLine>& lines) {
  if (lines.empty()) return nullptr;
  Json list = Json::array();
  for (const PatientLine& line : lines) list.push_back(json(line));
  return list;
}

Json consort(const std::vector<ArmSummary>& arms) {
  Json rows = Json::array();
  for (const ArmSummary& arm : arms) {
    Json flow = Json::array();
    for (const FlowStep& step : arm.flow) {
      flow.push_back(
          {{"name", step.name}, {"label", step.label}, {"patients", step.patients}, {"leaves", step.leaves}});
    }
    rows.push_back({{"arm", arm.name}, {"steps", std::move(flow)}});
  }
  return rows;
}

/// Names the first number that is not finite.
void require_finite(const Json& value, const std::string& place = "") {
  if (value.is_structured()) {
    for (const auto& [key, inner] : value.items()) require_finite(inner, place + '/' + key);
  } else if (value.is_number_float() && !std::isfinite(value.get<double>())) {
    bug("the summary was given a number that is not finite at " + place + "; absent is std::nullopt");
  }
}

template <typename Rows>
Json array(const Rows& rows) {
  Json list = Json::array();
  for (const auto& row : rows) list.push_back(json(row));
  return list;
}

}  // namespace

Json summary_json(const Summary& s) {
  Json summary{
      {"schema_version", kSummarySchemaVersion},
      {"coley", json(s.coley)},
      {"run", json(s.run)},
      {"trial", json(s.trial)},
      {"screening", json(s.screening)},
      {"baseline", array(s.baseline)},
      {"arms", array(s.arms)},
      {"comparisons", array(s.comparisons)},
      {"twins", twins(s.twins)},
      {"evidence", array(s.evidence)},
      {"evidence_rule", text_or_null(s.evidence_rule)},
      {"failures", {{"integration", s.failures.integration}, {"excluded", s.failures.excluded}}},
      {"parameters", array(s.parameters)},
      {"limits", s.limits},
      {"figures", {{"consort", consort(s.arms)}, {"survival", survival(s.survival)}, {"patients", patients(s.patients)}, {"words", figure_words(s)}}}};
  require_finite(summary);
  return summary;
}

nlohmann::ordered_json evidence_row_json(const EvidenceRow& row) {
  return json(row);
}

void write_summary_json(std::ostream& out, const Summary& summary) {
  out << summary_json(summary).dump(2) << '\n';
  if (!out.flush()) throw RunError("the summary could not be written");
}

}  // namespace coley::report
