// SPDX-License-Identifier: Apache-2.0
#include "population/metastatic_entry.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/units.hpp"
#include "observation/tumour_assessment.hpp"
#include "population/admission.hpp"
#include "population/candidate.hpp"
#include "population/screening.hpp"
#include "population/imaging.hpp"
#include "population/lesions.hpp"
#include "population/operation.hpp"
#include "population/prognosis.hpp"

namespace coley {

using biology::kLesions;
using solver::LaneView;
using Step = MetastaticEntry::Step;

namespace {

constexpr double kDiagnosisToSurgery = 28, kFoundToRandomisation = 28;  // days
constexpr double kSurveillanceInterval = 182;
constexpr int kSurveillanceVisits = 20;  // ten years
constexpr double kMeasurementInterval = 84;  // metastases too small to measure are watched until they are large enough
constexpr int kMeasurementVisits = 13;       // three years

Step out(Exclusion reason) { return {.excluded = reason}; }

}  // namespace

MetastaticEntry::MetastaticEntry(const Population& population, const Disease& disease) : population_(population), disease_(disease), imaging_(disease.imaging) {
  if (population.found_at_mm > 0) imaging_.half_seen_lung_mm = imaging_.half_seen_mm = population.found_at_mm;
  for (const std::string& site : population.eligibility.exclude_sites) excluded_sites_.push_back(*organ_named(site));
}

bool MetastaticEntry::operated_before(const DrawAddress& person) const {
  if (population_.eligibility.prior_nephrectomy) return *population_.eligibility.prior_nephrectomy;
  return population_.prior_nephrectomy_share < 0 || person.stream(Purpose::nephrectomy).uniform() < population_.prior_nephrectomy_share;
}

Step MetastaticEntry::await_randomisation(Way& way, double days) const {
  way.stage = Way::Stage::awaiting_randomisation;
  way.visit = 0;
  return {.wait = days};
}

Step MetastaticEntry::found(const LaneView& lane, Patient& patient, Way& way) const {
  diagnose(lane, disease_, patient, imaging_);
  patient.prior_nephrectomy = false;
  patient.disease_free = patient.since_diagnosis = 0;
  way.diagnosed = *lane.time;
  const bool synchronous = patient.pathology.metastases > 0;
  const auto& asked = population_.eligibility.synchronous;
  if (asked && *asked != synchronous) return out(synchronous ? Exclusion::synchronous : Exclusion::no_metastases);
  if (!synchronous && population_.eligibility.prior_nephrectomy == false) return out(Exclusion::no_metastases);
  if (synchronous && !way.operated_before) return await_randomisation(way, kFoundToRandomisation);
  way.stage = Way::Stage::awaiting_surgery;
  return {.wait = kDiagnosisToSurgery};
}

Step MetastaticEntry::proceed(const LaneView& lane, Patient& patient, Way& way) const {
  switch (way.stage) {
    case Way::Stage::awaiting_surgery: return operate(lane, patient, way);
    case Way::Stage::surveillance: return survey(lane, patient, way);
    case Way::Stage::awaiting_randomisation: return randomise(lane, patient, way);
  }
  bug("a candidate at no stage");
}

Step MetastaticEntry::operate(const LaneView& lane, Patient& patient, Way& way) const {
  const bool synchronous = patient.pathology.metastases > 0;
  const double size = diameter_mm(lesion_volume(lane, 0));
  if (synchronous && patient.draws.stream(Purpose::surgery).uniform() < unresectable(disease_, patient, size)) {
    if (population_.eligibility.prior_nephrectomy == true) return out(Exclusion::unresectable);
    return await_randomisation(way, kFoundToRandomisation);
  }
  Stream draw = patient.draws.stream(Purpose::operation);
  if (draw.uniform() < perioperative_death(disease_, patient, synchronous)) return out(Exclusion::perioperative_death);
  take_out_primary(lane, disease_, patient, draw);
  add_stress(lane, kStressOfNephrectomy);
  patient.prior_nephrectomy = true;
  way.operated = *lane.time;
  if (!synchronous) {
    way.stage = Way::Stage::surveillance;
    way.visit = 0;
    return {.wait = kSurveillanceInterval};
  }
  const Interval& weeks = population_.surgery_to_randomisation_weeks;
  return await_randomisation(way, 7 * (weeks.low + (weeks.high - weeks.low) * patient.draws.stream(Purpose::entry).uniform()));
}

Step MetastaticEntry::survey(const LaneView& lane, Patient& patient, Way& way) const {
  bool alive = false, seen = false;
  for (int slot = 0; slot < kLesions; ++slot) {
    const double diameter = diameter_mm(lesion_volume(lane, slot));
    if (diameter <= 0) continue;
    alive = true;
    Lesion& lesion = patient.lesions[static_cast<std::size_t>(slot)];
    const auto sub = static_cast<std::uint64_t>(8 * way.visit + slot);
    if (patient.draws.stream(Purpose::surveillance, sub).uniform() < detection_probability(diameter, lesion.organ, imaging_)) {
      lesion.known = seen = true;
    }
  }
  if (!alive || ++way.visit == kSurveillanceVisits) return out(Exclusion::no_metastases);
  if (!seen) return {.wait = kSurveillanceInterval};
  patient.disease_free = *lane.time - way.operated;
  return await_randomisation(way, kFoundToRandomisation);
}

std::optional<Exclusion> MetastaticEntry::ineligible(const Patient& patient) const {
  const Eligibility& rules = population_.eligibility;
  const bool after_stop = population_.prior_until == PriorUntil::stop;  // disease was asked for before that treatment
  if (!after_stop && metastases_seen(patient) == 0) return Exclusion::no_metastases;
  if (patient.person.age > rules.age.high) return Exclusion::age;
  if (patient.ecog > rules.ecog_max) return Exclusion::performance;
  if (rules.prior_nephrectomy && *rules.prior_nephrectomy != patient.prior_nephrectomy) return Exclusion::nephrectomy;
  if (rules.resectable_primary) {
    const bool resectable = !patient.prior_nephrectomy && patient.pathology.t_stage < 4;
    if (resectable != *rules.resectable_primary) return Exclusion::unresectable;
  }
  if (rules.metastases_max > 0 && metastases_seen(patient) > rules.metastases_max) return Exclusion::burden;
  const auto forbidden = [&](Organ organ) { return shows_disease(patient.baseline, organ); };
  if (std::any_of(excluded_sites_.begin(), excluded_sites_.end(), forbidden)) return Exclusion::site;
  if (!after_stop && rules.measurable && TumourAssessment(patient.baseline).measurable() != *rules.measurable) return Exclusion::not_measurable;
  if (!admits(rules.imdc, kMetastaticRiskNames, imdc(patient)) || !admits(rules.mskcc, kMetastaticRiskNames, mskcc(patient))) return Exclusion::risk_group;
  return std::nullopt;
}

Step MetastaticEntry::randomise(const LaneView& lane, Patient& patient, Way& way) const {
  patient.person.age += (*lane.time - way.diagnosed - patient.since_diagnosis) / kDaysPerYear;
  patient.since_diagnosis = *lane.time - way.diagnosed;
  patient.baseline = take_scan(lane, patient, LesionIds{}, 0, disease_.imaging);
  examine(lane, disease_, patient);
  const auto reason = ineligible(patient);
  if (!reason) return {.enrolled = true};
  if (*reason != Exclusion::not_measurable || !*population_.eligibility.measurable || ++way.visit > kMeasurementVisits) return out(*reason);
  return {.wait = kMeasurementInterval};
}

std::optional<Exclusion> MetastaticEntry::judge(Patient& patient) const {
  double now = 0, next = 0;
  const LaneView lane{patient.states.data(), patient.inputs.data(), &now, &next, 0};
  patient.baseline = take_scan(lane, patient, LesionIds{}, 0, disease_.imaging);
  examine(lane, disease_, patient);
  return ineligible(patient);
}

}  // namespace coley
