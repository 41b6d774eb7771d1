// SPDX-License-Identifier: Apache-2.0
#include "trial/patient_level.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "protocol/vocabulary.hpp"

namespace coley {

using exchange::AdamStudy;
using exchange::AdamSubject;
using exchange::AdamTime;

namespace {

/// The last view of all patients for each endpoint, in the order in which the protocol names them.
std::vector<const View*> last_views(const Design& design) {
  std::vector<const View*> last;
  for (const View& view : design.views) {
    if (!view.covariate.empty()) continue;
    const auto same = std::find_if(last.begin(), last.end(), [&](const View* v) { return v->endpoint == view.endpoint; });
    if (same == last.end()) {
      last.push_back(&view);
    } else if (view.cutoff_day > (*same)->cutoff_day) {
      *same = &view;
    }
  }
  return last;
}

std::optional<int> day_until(int day, int cutoff) { return day == kNoDay || day > cutoff ? std::nullopt : std::optional(day); }

const char* event_words(EndpointKind endpoint, const Outcome& outcome, int day) {
  if ((endpoint == EndpointKind::DFS || endpoint == EndpointKind::RFI) && outcome.recurrence_day == day) return "RECURRENCE";
  if (endpoint == EndpointKind::PFS && outcome.progression_day == day) return "PROGRESSION";
  if (endpoint == EndpointKind::TTNT && outcome.next_line_day == day) return "START OF NEXT TREATMENT";
  if (endpoint == EndpointKind::TTD && outcome.treatment_end_day == day) return "END OF STUDY TREATMENT";
  if (endpoint == EndpointKind::TTR) return "RESPONSE";
  if (endpoint == EndpointKind::TTDET && outcome.deterioration_day == day) return "DETERIORATION";
  if (endpoint == EndpointKind::LC) return "LOCAL FAILURE";
  return "DEATH";
}

/// Nothing when the endpoint does not speak of the patient.
std::optional<AdamTime> adam_time(const Design& design, const View& view, const PatientRow& row) {
  const Outcome& outcome = *row.outcome;
  const int cutoff = static_cast<int>(std::floor(view.cutoff_day - row.enrolment_day));
  const auto found = time_to_event(view.endpoint, outcome, cutoff, design.setting.scan_days);
  if (!found) return std::nullopt;
  const TimeToEvent time = *found;
  AdamTime result{.code = view.endpoint_name, .day = time.day, .event = time.event};
  if (time.event) {
    result.event_description = event_words(view.endpoint, outcome, time.day);
    if (result.event_description == "DEATH") result.source_variable = "DTHDT";
    return result;
  }
  result.event_description = "NO EVENT";
  if (by_scan(view.endpoint)) {
    result.censoring_description = time.day == 0 ? "RANDOMISATION" : "LAST SCAN WITHOUT EVENT";
    if (time.day == 0) result.source_variable = "RANDDT";
  } else {
    result.censoring_description = outcome.withdrawal_day == time.day ? "LOST TO FOLLOW-UP" : "DATA CUT-OFF";
  }
  return result;
}

}  // namespace

AdamStudy adam_study(const Design& design) {
  const Protocol& protocol = design.protocol();
  AdamStudy study{.id = protocol.name};
  for (const Arm& arm : protocol.arms) study.arms.push_back({exchange::adam_code(arm.name), arm.label.empty() ? arm.name : arm.label});
  const auto add = [&](const std::string& covariate) {
    const bool own_column = covariate == "age" || covariate == "sex" || covariate == "ecog";
    if (own_column || std::find(study.covariates.begin(), study.covariates.end(), covariate) != study.covariates.end()) return;
    study.covariates.push_back(covariate);
  };
  for (const std::string& covariate : protocol.randomisation.strata) add(covariate);
  for (const Analysis& analysis : protocol.analyses) {
    for (const std::string& covariate : analysis.subgroups) add(covariate);
  }
  return study;
}

AdamSubject adam_subject(const Design& design, const AdamStudy& study, const PatientRow& row) {
  const Patient& patient = *row.patient;
  const Outcome& outcome = *row.outcome;
  const int cutoff = static_cast<int>(std::floor(design.longest_follow_up - row.enrolment_day));
  AdamSubject subject;
  subject.number = static_cast<long long>(row.trial) * design.protocol().population.size + static_cast<long long>(row.place);
  subject.trial = static_cast<long long>(row.trial);
  subject.arm = static_cast<std::size_t>(outcome.arm);
  subject.randomised_day = static_cast<int>(std::floor(row.enrolment_day));
  subject.age = static_cast<int>(std::floor(patient.person.age));
  subject.male = patient.person.male;
  subject.ecog = patient.ecog;
  for (const std::string& covariate : study.covariates) {
    subject.covariates.push_back(levels_of(covariate).at(static_cast<std::size_t>(level_reader(covariate)(patient))));
  }
  subject.analysed = !outcome.failed;
  if (outcome.failed) return subject;
  subject.first_dose_day = day_until(outcome.first_dose_day, cutoff);
  subject.last_dose_day = day_until(outcome.last_dose_day, cutoff);
  subject.death_day = day_until(outcome.death_day, cutoff);
  subject.lost_day = day_until(outcome.withdrawal_day, cutoff);
  subject.last_alive_day = std::min({cutoff, subject.death_day.value_or(cutoff), subject.lost_day.value_or(cutoff)});
  return subject;
}

std::vector<AdamTime> adam_times(const Design& design, const PatientRow& row) {
  std::vector<AdamTime> times;
  if (row.outcome->failed) return times;
  for (const View* view : last_views(design)) {
    const bool from_randomisation =
        view->endpoint != EndpointKind::TFS && view->endpoint != EndpointKind::DOR && view->endpoint != EndpointKind::LC;
    if (view->cutoff_day < row.enrolment_day || !from_randomisation) continue;
    if (const auto time = adam_time(design, *view, row)) times.push_back(*time);
  }
  return times;
}

PatientLevelTables::PatientLevelTables(const Design& design, std::ostream& adsl, std::ostream& adtte)
    : design_(design), study_(adam_study(design)), adsl_(adsl), adtte_(adtte) {
  write({adsl_header(study_), adtte_header(study_)});
}

void PatientLevelTables::operator()(const std::vector<PatientRow>& rows) {
  if (rows.empty()) bug("a trial without patients");
  Texts texts;
  for (const PatientRow& row : rows) {
    const AdamSubject subject = adam_subject(design_, study_, row);
    texts.adsl += adsl_row(study_, subject);
    for (const AdamTime& time : adam_times(design_, row)) texts.adtte += adtte_row(study_, subject, time);
  }
  const std::lock_guard lock(mutex_);
  early_.emplace(rows.front().trial, std::move(texts));
  for (auto turn = early_.begin(); turn != early_.end() && turn->first == next_; turn = early_.erase(turn)) {
    write(turn->second);
    ++next_;
  }
}

void PatientLevelTables::write(const Texts& texts) {
  adsl_ << texts.adsl;
  adtte_ << texts.adtte;
  if (!adsl_ || !adtte_) throw RunError("cannot write the patient-level tables: is the disk full?");
}

}  // namespace coley
