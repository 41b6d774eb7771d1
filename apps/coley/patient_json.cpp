// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "patient_report.hpp"
#include "population/prognosis.hpp"
#include "protocol/vocabulary.hpp"

namespace coley {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kDeathNames{"none", "disease", "background", "toxicity", "operation"};

Json day_or_null(int day) { return day == kNoDay ? Json() : Json(day); }

Json lesions_json(const Lesions& lesions) {
  Json list = Json::array();
  for (std::size_t slot = 0; slot < lesions.size(); ++slot) {
    const LesionState& lesion = lesions[slot];
    if (lesion.diameter_mm <= 0) continue;
    list.push_back({{"slot", slot}, {"organ", to_string(lesion.organ)}, {"diameter_mm", lesion.diameter_mm}, {"known", lesion.known}, {"effectors", lesion.effectors}});
  }
  return list;
}

/// Drawn values with meaning and unit of the parameter table.
Json biology_json(const Design& design, const Patient& patient) {
  const TumourTraits& t = patient.traits;
  const std::pair<const char*, double> drawn[] = {{"gamma", t.gamma}, {"mu", t.mu}, {"iota", t.iota}, {"a", t.a}, {"pi", t.pi}, {"lambda_W", t.lambda_W},
                                                  {"tki_scale", t.tki_scale}, {"pk_clearance", t.pk_clearance}, {"pk_volume", t.pk_volume}, {"health", patient.person.health}};
  Json list = Json::array();
  for (const auto& [symbol, value] : drawn) {
    const Parameter& row = design.inputs.parameters.row(symbol);
    list.push_back({{"symbol", symbol}, {"value", value}, {"unit", row.unit}, {"meaning", row.meaning}});
  }
  list.push_back({{"symbol", "ln_K"}, {"value", t.capacity}, {"unit", "log cells"}, {"meaning", "Capacity of the primary"}});
  list.push_back({{"symbol", "found_at"}, {"value", t.found_at}, {"unit", "cm3"}, {"meaning", "Volume at which the primary is found"}});
  return list;
}

Json patient_object(const Design& design, const Patient& p) {
  const Pathology& path = p.pathology;
  return {{"age_years", p.person.age}, {"sex", p.person.male ? "male" : "female"}, {"weight_kg", p.person.weight_kg}, {"ecog", p.ecog},
          {"histology", kHistologyNames[static_cast<std::size_t>(p.person.histology)]}, {"sarcomatoid", p.person.sarcomatoid},
          {"size_mm", path.size_mm}, {"t_stage", path.t_stage}, {"t1a", path.t1a}, {"node_positive", path.node_positive}, {"grade", path.grade},
          {"necrosis", path.necrosis}, {"metastases", path.metastases}, {"leibovich_score", p.leibovich_score},
          {"leibovich", kLeibovichNames[static_cast<std::size_t>(leibovich(p.leibovich_score))]}, {"risk", kRiskNames[static_cast<std::size_t>(p.risk)]},
          {"laboratory", {{"haemoglobin_g_per_dl", p.laboratory.haemoglobin}, {"calcium_mmol_per_l", p.laboratory.calcium},
                          {"neutrophils_1e9_per_l", p.laboratory.neutrophils}, {"platelets_1e9_per_l", p.laboratory.platelets},
                          {"ldh_times_upper_limit", p.laboratory.ldh}}},
          {"days_since_diagnosis", p.since_diagnosis}, {"prior_nephrectomy", p.prior_nephrectomy}, {"disease_free_days", p.disease_free},
          {"imdc", kMetastaticRiskNames[static_cast<std::size_t>(imdc(p))]}, {"mskcc", kMetastaticRiskNames[static_cast<std::size_t>(mskcc(p))]},
          {"screened_before", p.draws.patient}, {"founders", p.founders}, {"biology", biology_json(design, p)}};
}

Json irradiated_json(const IrradiatedLesions& lesions) {
  Json list = Json::array();
  for (std::size_t slot = 0; slot < lesions.size(); ++slot) {
    if (lesions[slot].day != kNoDay) list.push_back({{"slot", slot}, {"day", lesions[slot].day}, {"failure_day", day_or_null(lesions[slot].failure_day)}});
  }
  return list;
}

Json outcome_json(const Design& design, const Outcome& o) {
  const Json later = o.later_treatment < 0 ? Json() : Json(design.protocol().later[static_cast<std::size_t>(o.later_treatment)].label);
  return {{"failed", o.failed}, {"death_day", day_or_null(o.death_day)}, {"death_cause", kDeathNames[static_cast<std::size_t>(o.death_cause)]},
          {"withdrawal_day", day_or_null(o.withdrawal_day)}, {"recurrence_day", day_or_null(o.recurrence_day)}, {"progression_day", day_or_null(o.progression_day)},
          {"last_scan_day", o.last_scan_day}, {"first_dose_day", day_or_null(o.first_dose_day)}, {"last_dose_day", day_or_null(o.last_dose_day)},
          {"doses", o.doses}, {"withheld", o.withheld}, {"completed", o.completed}, {"stopped_for_toxicity", o.stopped_for_toxicity}, {"stopped_for_progression", o.stopped_for_progression},
          {"toxicity_day", day_or_null(o.toxicity_day)}, {"adverse_day", day_or_null(o.adverse_day)}, {"next_line_day", day_or_null(o.next_line_day)},
          {"later_treatment", later}, {"progression_day", day_or_null(o.progression_day)}, {"operation_day", day_or_null(o.operation_day)},
          {"unresectable", o.unresectable}, {"second_procedure", o.second_procedure}, {"treatment_end_day", day_or_null(o.treatment_end_day)},
          {"stopped_by_plan", o.stopped_by_plan}, {"retreatment_day", day_or_null(o.retreatment_day)},
          {"best_response", o.measurable ? Json(std::string(to_string(o.best_response))) : Json(nullptr)},
          {"response_day", day_or_null(o.response_day)}, {"complete_response_day", day_or_null(o.complete_response_day)}, {"deterioration_day", day_or_null(o.deterioration_day)},
          {"irradiated", irradiated_json(o.irradiated)}};
}

Json point_json(const ReplayPoint& p) {
  return {{"day", p.day}, {"event", p.event}, {"lesions", lesions_json(p.lesions)}, {"C", p.C}, {"X", p.X}, {"M", p.M}, {"R", p.R}, {"Q", p.Q}, {"J", p.J}, {"W", p.W},
          {"D", p.D}, {"pd1_occupancy", p.pd1_occupancy}, {"ctla4_occupancy", p.ctla4_occupancy},
          {"ecog", p.ecog}, {"weight_kg", p.weight_kg}, {"utility", p.utility}};
}

Json arm_json(const Design& design, const Replay& replay, const ArmReplay& arm) {
  const Arm& described = design.protocol().arms[static_cast<std::size_t>(arm.arm)];
  Json endpoints = Json::object(), course = Json::array();
  for (std::size_t e = 0; e < arm.times.size(); ++e) {
    if (const auto& time = arm.times[e]) endpoints[replay.endpoints[e]] = {{"day", time->day}, {"event", time->event}};
  }
  for (const ReplayPoint& point : arm.course) course.push_back(point_json(point));
  return {{"name", described.name}, {"label", described.label}, {"assigned", arm.arm == replay.assigned_arm}, {"outcome", outcome_json(design, arm.outcome)},
          {"endpoints", endpoints}, {"course", course}};
}

}  // namespace

nlohmann::ordered_json patient_json(const Design& design, const PatientAddress& address, const Replay& replay) {
  Json arms = Json::array();
  for (const ArmReplay& arm : replay.arms) arms.push_back(arm_json(design, replay, arm));
  return {{"trial", design.protocol().name}, {"seed", address.seed}, {"trial_number", address.trial}, {"place", address.place}, {"id", address.id},
          {"enrolment_day", replay.enrolment_day}, {"follow_up_days", replay.follow_up_days}, {"patient", patient_object(design, replay.patient)},
          {"lesions_at_randomisation", lesions_json(replay.at_randomisation)}, {"arms", arms}};
}

}  // namespace coley
