// SPDX-License-Identifier: Apache-2.0
#include "course/patient_course.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"
#include "population/lesions.hpp"

namespace coley {

using biology::Inputs;
using biology::input_index;
using biology::kLesions;
using biology::State;
using solver::LaneView;
using solver::Next;
using solver::Stop;

namespace {
constexpr int kMostMetastasectomies = 3;

int whole_day(double t) { return static_cast<int>(std::ceil(t - 1e-9)); }
}  // namespace

void PatientCourse::begin(const LaneView& lane, const CourseSetting& setting, const Patient& patient, int arm, int follow_up_days) {
  *this = {};
  setting_ = &setting;
  patient_ = patient;
  outcome_.arm = arm;
  outcome_.follow_up_day = follow_up_days;
  fields_.assign(this->arm().radiotherapy.size(), 0);
  event_ = "randomised";
  targets_.reset();

  for (int k = 0; k < State::count; ++k) lane.state(k) = patient.states[static_cast<std::size_t>(k)];
  for (int k = 0; k < biology::kInputs; ++k) lane.input(k) = patient.inputs[static_cast<std::size_t>(k)];
  lane.state(State::recent) = ln_burden(lane);
  lane.state(State::dying) = 0;
  lane.state(State::toxicity) = 0;
  lane.input(input_index(&Inputs<double>::found_at)) = kNever;
  lane.input(input_index(&Inputs<double>::dying_at)) = patient.draws.on_treatment(Purpose::death).exponential();
  *lane.time = 0;

  const Person& person = patient.person;
  background_death_ = setting.life_table->death_after(person.age, person.male, person.health,
                                                     patient.draws.on_treatment(Purpose::background).exponential());
  withdrawal_ = setting.withdrawal_per_year > 0
                    ? patient.draws.on_treatment(Purpose::withdrawal).exponential() / setting.withdrawal_per_year * kDaysPerYear
                    : kNever;
  adverse_ = setting.disease.adverse_background > 0
                 ? patient.draws.on_treatment(Purpose::adverse).exponential() / setting.disease.adverse_background * kDaysPerYear
                 : kNever;
  line_start_ = operation_death_ = kNever;
  stop_at_.fill(kNever);
  stopped_.fill(kNever);
  if (setting.entry == Entry::metastatic) {
    outcome_.measurable = TumourAssessment(patient.baseline).measurable();
    follow(patient.baseline);
  } else {
    watch_.emplace(0);
  }
  await_toxicity(lane);
  const auto& operations = this->arm().operations;
  waiting_ = !operations.empty() && !operations.front().if_response && !operations.front().drugs_first;
  regimen_ = this->arm().drugs;
  medication_.had(setting.had, 0, lane);
  if (!waiting_) begin_treatment(lane);
  condition_.begin(lane, setting.disease, patient_);
  schedule(lane);
}

void PatientCourse::await_toxicity(const LaneView& lane) {
  toxicity_at_ = lane.state(State::toxicity) + patient_.draws.on_treatment(Purpose::toxicity, toxic_events_).exponential();
}

void PatientCourse::schedule(const LaneView& lane) {
  double next = std::min({background_death_, operation_death_, withdrawal_, line_start_, medication_.next_event()});
  for (double stop : stop_at_) next = std::min(next, stop);
  if (next_scan_ < setting_->scan_days.size()) next = std::min(next, static_cast<double>(setting_->scan_days[next_scan_]));
  if (next_pulse_ < arm().pulses.size()) next = std::min(next, arm().pulses[next_pulse_].day);
  if (next_operation_ < arm().operations.size()) next = std::min(next, arm().operations[next_operation_].day);
  visit_ = next;
  *lane.next_stop = std::max(std::min(next, static_cast<double>(outcome_.follow_up_day)), *lane.time);
}

Next PatientCourse::act(const LaneView& lane, Stop reason) {
  if (reason == Stop::failed) {
    event_ = "not integrated";
    outcome_.failed = true;
    return Next::leave;
  }
  targets_.reset();
  condition_.arrive(lane, setting_->disease);
  const Next next = reason == Stop::root ? act_on_root(lane) : act_on_time(lane);
  if (next != Next::leave) {
    condition_.leave(lane, setting_->disease);
    return next;
  }
  outcome_.utilities = condition_.take_utilities();
  outcome_.irradiated = local_control_.lesions();
  return next;
}

Next PatientCourse::act_on_root(const LaneView& lane) {
  if (remove_extinct(lane, setting_->disease, patient_) > 0) {
    event_ = "a lesion died out";
    settle_lost_lesions(lane);
    return Next::changed;
  }
  if (lane.state(State::dying) >= lane.input(input_index(&Inputs<double>::dying_at))) return die(*lane.time, DeathCause::disease);
  event_ = "a founder cell lodged";
  lodge_founder(lane, setting_->disease, patient_);
  return Next::changed;
}

Next PatientCourse::act_on_time(const LaneView& lane) {
  const double t = *lane.time;
  event_ = "";
  if (t >= background_death_) return die(t, DeathCause::background);
  if (t >= operation_death_) return die(t, DeathCause::operation);
  if (t >= withdrawal_) {
    event_ = "withdrew";
    outcome_.withdrawal_day = whole_day(t);
    close(t);
    return Next::leave;
  }
  bool changed = stop_electively(lane);
  const int stopped_before = drugs_stopped_for_harm_;
  // what harmed since the last visit is seen at the next one, which the end of follow-up is not
  if (t >= visit_ && note_toxicity(lane)) return die(t, DeathCause::toxicity);
  changed = changed || drugs_stopped_for_harm_ > stopped_before;
  if (next_scan_ < setting_->scan_days.size() && t >= setting_->scan_days[next_scan_]) {
    ++next_scan_;
    changed = assess(lane, whole_day(t)) || changed;
    if (*event_ == '\0') event_ = scan_event();
  }
  if (next_operation_ < arm().operations.size() && t >= arm().operations[next_operation_].day) {
    operate(lane, whole_day(t));
    changed = true;
  }
  changed = irradiate_due(lane) || changed;
  if (t >= line_start_) {
    line_ == 0 ? begin_after_operation(lane, whole_day(t)) : start_line(lane, whole_day(t));
    changed = true;
  }
  if (medication_.give(t, lane)) {
    if (*event_ == '\0') event_ = medication_.pressure_fell() ? "doses, blood pressure fell" : "dose";
    changed = true;
  }
  if (t >= outcome_.follow_up_day) {
    event_ = "end of follow-up";
    close(t);
    return Next::leave;
  }
  schedule(lane);
  return changed ? Next::changed : Next::unchanged;
}

Next PatientCourse::die(double day, DeathCause cause) {
  event_ = cause == DeathCause::disease ? "died of the disease" : cause == DeathCause::operation ? "died after the operation" : cause == DeathCause::toxicity ? "died of treatment" : "died of another cause";
  if (day <= outcome_.follow_up_day) {
    outcome_.death_day = std::max(1, whole_day(day));
    outcome_.death_cause = cause;
  }
  close(day);
  return Next::leave;
}

/// A scan without news, by what it showed where disease is followed.
const char* PatientCourse::scan_event() const {
  if (!following_) return "scan";
  switch (seen_) {
    case Response::NE: return "scan: not evaluable";
    case Response::UPD: return "scan: progression to be confirmed";
    case Response::PD: return "scan: PD";
    case Response::SD: return "scan: SD";
    case Response::non_cr_non_pd: return "scan: neither CR nor PD";
    case Response::NED: return "scan: no disease";
    case Response::PR: return "scan: PR";
    case Response::CR: return "scan: CR";
  }
  bug("a response of no kind");
}

/// Follows known disease by RECIST from this scan on.
void PatientCourse::follow(const Scan& baseline) {
  watch_.reset();
  const Criteria criteria{setting_->confirm_days > 0 ? setting_->confirm_days : 28, 42};
  tumours_.emplace(baseline);
  recist_.emplace(*tumours_, baseline.day, criteria);
  irecist_.emplace(*tumours_, baseline.day, criteria);
  following_ = true;
  seen_ = Response::NE;
  targets_.reset();
  if (tumours_->measurable()) targets_ = {tumours_->baseline_sum(), true};
}

/// True when the scan changed treatment.
bool PatientCourse::assess(const LaneView& lane, int day) {
  const Scan seen = scan(lane, day);
  note_deterioration(day);
  local_control_.assess(seen);
  if (!watch_) return following_ && judge(lane, seen);
  if (!watch_->assess(seen)) {
    if (outcome_.recurrence_day == kNoDay) outcome_.last_scan_day = day;
    return false;
  }
  event_ = "recurrence seen";
  relapse(lane, day);
  return true;
}

/// Reads the scan by RECIST. Progression ends treatment unless a drug goes on until a further scan confirms it (iRECIST), or
/// the patient waits for treatment after an operation, who then begins it in progression.
bool PatientCourse::judge(const LaneView& lane, const Scan& seen) {
  const Findings findings = tumours_->read(seen);
  constexpr auto kTarget = static_cast<std::size_t>(Role::target);
  if (tumours_->measurable() && findings.evaluated && findings.complete[kTarget]) targets_ = {findings.sum[kTarget], false};
  seen_ = recist_->assess(findings);
  irecist_->assess(findings);
  if (rules_apply_) note_responses(seen.day);
  if (!history().progression_day()) return false;
  event_ = "progression";
  if (line_ == 0 && setting_->entry == Entry::metastatic && outcome_.progression_day == kNoDay) outcome_.progression_day = *history().progression_day();
  const bool awaiting_treatment = line_ == 0 && line_start_ < kNever;
  if (!awaiting_treatment && treated_beyond_progression(seen.day) && !irecist_->history().progression_day()) return false;
  following_ = false;
  if (awaiting_treatment) return false;
  relapse(lane, seen.day);
  return true;
}

/// Deterioration counts from the first of two visits in a row that find it.
void PatientCourse::note_deterioration(int day) {
  if (outcome_.deterioration_day != kNoDay) return;
  if (!condition_.deteriorated()) {
    worse_since_ = kNoDay;
  } else if (worse_since_ == kNoDay) {
    worse_since_ = day;
  } else {
    outcome_.deterioration_day = worse_since_;
  }
}

bool PatientCourse::treated_beyond_progression(int day) const {
  if (!rules_apply_ || end_of_treatment() <= day) return false;
  return std::any_of(regimen_.begin(), regimen_.end(), [](const DosingPlan& plan) { return plan.dosing.stop.treat_beyond_progression; });
}

/// Radiotherapy of the arm that is due, unless disease has moved on to a further line. True when cells were killed.
bool PatientCourse::irradiate_due(const LaneView& lane) {
  bool any = false;
  for (; next_pulse_ < arm().pulses.size() && *lane.time >= arm().pulses[next_pulse_].day; ++next_pulse_) {
    if (line_ > 0) continue;
    const Pulse& pulse = arm().pulses[next_pulse_];
    const Radiotherapy& plan = arm().radiotherapy[pulse.plan];
    if (pulse.first) plan_fields(lane, pulse.plan);
    if (fields_[pulse.plan] == 0) continue;
    irradiate(lane, setting_->disease, patient_, fields_[pulse.plan], pulse.fractions, plan.dose_gy, medication_.blocked(*lane.time));
    settle_lost_lesions(lane);
    event_ = "radiotherapy";
    any = true;
  }
  return any;
}

/// Chooses the lesions of a radiotherapy, measures them and begins to follow them. The planning scan finds nothing new.
void PatientCourse::plan_fields(const LaneView& lane, std::size_t plan) {
  const std::uint8_t slots = fields_[plan] = choose_lesions(lane, patient_, arm().radiotherapy[plan]);
  if (slots == 0) return;
  Patient on_the_table = patient_;
  const Scan planning = take_scan(lane, on_the_table, lesion_ids_, whole_day(*lane.time), setting_->disease.imaging);
  for (std::size_t slot = 0; slot < kLesions; ++slot) {
    if (slots >> slot & 1) local_control_.follow(slot, planning);
  }
}

void PatientCourse::settle_lost_lesions(const LaneView& lane) {
  for (int slot = 0; slot < kLesions; ++slot) {
    if (lesion_volume(lane, slot) <= 0) local_control_.settle(static_cast<std::size_t>(slot));
  }
}

/// Recurrence or progression: what the rules say is stopped, the next line is planned.
void PatientCourse::relapse(const LaneView& lane, int day) {
  if (line_ == 0 && setting_->entry == Entry::adjuvant && outcome_.recurrence_day == kNoDay) outcome_.recurrence_day = day;
  const bool first = !closed_;
  if (first) outcome_.stopped_for_progression = !waiting_ && end_of_treatment() > day;
  stop_at_.fill(kNever);
  bool goes_on = false;
  for (std::size_t i = 0; i < regimen_.size() && rules_apply_; ++i) {
    if (!regimen_[i].dosing.stop.progression) {
      goes_on = true;
    } else if (stopped_[i] == kNever) {
      stopped_[i] = day;
      medication_.stop_drug(i, day, lane);
    }
  }
  if (first) close(day);
  rules_apply_ = false;
  if (retreat(lane, day)) return;
  on_study_treatment_ = false;
  if (!goes_on) medication_.stop(day, lane);
  watch_.reset();
  plan_next_line(lane, day);
}

/// Chooses among the options of the next line by their shares; an operation that is not possible passes its share on.
void PatientCourse::plan_next_line(const LaneView& lane, int day) {
  ++line_;
  planned_later_ = -1;
  line_start_ = kNever;
  int lesions = 0;
  for (int slot = patient_.prior_nephrectomy ? 0 : 1; slot < kLesions; ++slot) {
    if (lesion_volume(lane, slot) > 0 && patient_.lesions[static_cast<std::size_t>(slot)].known) ++lesions;
  }
  const bool operable = lesions > 0 && lesions <= kMostMetastasectomies;
  const std::string& arm = setting_->arm_names[static_cast<std::size_t>(outcome_.arm)];
  const auto applies = [&](const LaterTreatment& rule) {
    return rule.line == line_ && (rule.arms.empty() || std::find(rule.arms.begin(), rule.arms.end(), arm) != rule.arms.end());
  };
  double offered = 0, possible = 0;
  for (const LaterPlan& plan : setting_->later) {
    if (!applies(plan.rule)) continue;
    offered += plan.rule.share;
    if (plan.rule.operations.empty() || operable) possible += plan.rule.share;
  }
  if (possible <= 0) return;
  double left = patient_.draws.on_treatment(Purpose::later, static_cast<std::uint64_t>(line_)).uniform() * std::max(1.0, offered);
  for (std::size_t i = 0; i < setting_->later.size(); ++i) {
    const LaterTreatment& rule = setting_->later[i].rule;
    if (!applies(rule) || (!rule.operations.empty() && !operable)) continue;
    left -= rule.share * offered / possible;
    if (left >= 0) continue;
    planned_later_ = static_cast<int>(i);
    line_start_ = day + rule.delay_days;
    return;
  }
}

void PatientCourse::start_line(const LaneView& lane, int day) {
  const LaterPlan& plan = setting_->later[static_cast<std::size_t>(planned_later_)];
  event_ = plan.rule.label.c_str();
  line_start_ = kNever;
  if (outcome_.next_line_day == kNoDay) {
    outcome_.next_line_day = day;
    outcome_.later_treatment = static_cast<std::int8_t>(planned_later_);
  }
  const bool cleared = !plan.rule.operations.empty() && clear_metastases(lane);
  if (cleared && plan.drugs.empty()) {
    watch_.emplace(day);
  } else {
    follow(scan(lane, day));
  }
  waiting_ = stopped_by_plan_ = false;
  rules_apply_ = true;
  regimen_ = plan.drugs;
  begun_ = *lane.time;
  stopped_.fill(kNever);
  medication_.begin(regimen_, begun_, patient_, setting_->disease, lane);
  plan_stops(begun_ + (regimen_.empty() ? 0.0 : regimen_.front().dosing.start_day));
}

/// A grade 3+ event of the drugs has happened when its cumulative hazard has passed the drawn deviate, or when blood pressure
/// fell under a block of doses. True when it is fatal.
bool PatientCourse::note_toxicity(const LaneView& lane) {
  const auto event = [&] { return patient_.draws.on_treatment(Purpose::toxicity, 1000 + toxic_events_++); };
  while (const auto fall = medication_.take_hypotension()) {
    if (harm(lane, whole_day(fall->first), fall->second, event())) return true;
  }
  if (lane.state(State::toxicity) < toxicity_at_) return false;
  const Stream draw = event();
  event_ = "grade 3+ event";
  await_toxicity(lane);
  Stream later = draw;
  later.uniform();
  return harm(lane, whole_day(*lane.time), medication_.culprit(*lane.time, later.uniform()), draw);
}

/// What a grade 3+ event leads to: death, or the end of the drug that caused it unless the protocol's rule lets it go on. True
/// when it is fatal.
bool PatientCourse::harm(const LaneView& lane, int day, const Culprit& culprit, Stream draw) {
  if (on_study_treatment_ && outcome_.toxicity_day == kNoDay) outcome_.toxicity_day = day;
  condition_.fall_ill(lane, setting_->disease);
  const double stops = draw.uniform();
  draw.uniform();  // spent on the culprit
  if (draw.uniform() < culprit.fatal_share * fatal_factor()) return true;
  if (!medication_.ongoing() || culprit.drug == kMostDrugs || stops >= culprit.stop_share) return false;
  if (rules_apply_ && !regimen_[culprit.drug].dosing.stop.toxicity) return false;
  const bool before_the_end = line_ == 0 && rules_apply_ && end_of_treatment() > *lane.time;
  for (std::size_t i = 0; i < medication_.size(); ++i) {  // a drug stopped in induction is not given as maintenance
    if (!medication_.same_drug(i, culprit.drug)) continue;
    if (rules_apply_) stopped_[i] = std::min(stopped_[i], *lane.time);
    medication_.stop_drug(i, *lane.time, lane);
  }
  ++drugs_stopped_for_harm_;
  const bool ended = before_the_end && end_of_treatment() <= *lane.time;
  event_ = ended || !medication_.ongoing() ? "stopped for toxicity" : "one drug stopped for toxicity";
  if (ended) outcome_.stopped_for_toxicity = true;
  else if (before_the_end) outcome_.a_drug_stopped = true;
  return false;
}

}  // namespace coley
