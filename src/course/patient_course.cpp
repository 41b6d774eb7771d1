// SPDX-License-Identifier: Apache-2.0
#include "course/patient_course.hpp"

#include <algorithm>
#include <cmath>

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
constexpr double kNegligibleDiameter = 1.5;  // mm; seen with a chance below 1e-4
constexpr int kMostMetastasectomies = 3;

int whole_day(double t) { return static_cast<int>(std::ceil(t - 1e-9)); }
}  // namespace

void PatientCourse::begin(const LaneView& lane, const CourseSetting& setting, const Patient& patient, int arm, int follow_up_days) {
  setting_ = &setting;
  patient_ = patient;
  outcome_ = {};
  outcome_.arm = arm;
  outcome_.follow_up_day = follow_up_days;
  medication_ = {};
  tumours_.reset();
  recist_.reset();
  watch_.emplace(0);
  lesion_ids_ = {};
  next_scan_ = 0;
  next_pulse_ = 0;
  fields_.assign(setting.arms[static_cast<std::size_t>(arm)].radiotherapy.size(), 0);
  scans_ = 0;
  on_study_treatment_ = true;
  line_ = 0;
  planned_later_ = -1;
  toxic_events_ = 0;
  event_ = "randomised";

  for (int k = 0; k < State::count; ++k) lane.state(k) = patient.states[static_cast<std::size_t>(k)];
  for (int k = 0; k < biology::kInputs; ++k) lane.input(k) = patient.inputs[static_cast<std::size_t>(k)];
  lane.state(State::dying) = 0;
  lane.state(State::toxicity) = 0;
  lane.input(input_index(&Inputs<double>::found_at)) = kNever;
  lane.input(input_index(&Inputs<double>::dying_at)) = patient.draws.stream(Purpose::death).exponential();
  *lane.time = 0;

  const Person& person = patient.person;
  background_death_ = setting.life_table->death_after(person.age, person.male, person.health,
                                                     patient.draws.stream(Purpose::background).exponential());
  withdrawal_ = setting.withdrawal_per_year > 0
                    ? patient.draws.stream(Purpose::withdrawal).exponential() / setting.withdrawal_per_year * kDaysPerYear
                    : kNever;
  adverse_ = setting.disease.adverse_background > 0
                 ? patient.draws.stream(Purpose::adverse).exponential() / setting.disease.adverse_background * kDaysPerYear
                 : kNever;
  line_start_ = kNever;
  await_toxicity(lane);
  medication_.begin(setting.arms[static_cast<std::size_t>(arm)].drugs, 0, patient, setting.disease, lane);
  medication_.give(0, lane);
  schedule(lane);
}

void PatientCourse::await_toxicity(const LaneView& lane) {
  toxicity_at_ = lane.state(State::toxicity) + patient_.draws.stream(Purpose::toxicity, toxic_events_).exponential();
}

void PatientCourse::schedule(const LaneView& lane) {
  double next = std::min({background_death_, withdrawal_, line_start_, static_cast<double>(outcome_.follow_up_day), medication_.next_event()});
  if (next_scan_ < setting_->scan_days.size()) next = std::min(next, static_cast<double>(setting_->scan_days[next_scan_]));
  const auto& pulses = setting_->arms[static_cast<std::size_t>(outcome_.arm)].pulses;
  if (next_pulse_ < pulses.size()) next = std::min(next, pulses[next_pulse_].day);
  *lane.next_stop = std::max(next, *lane.time);
}

Next PatientCourse::act(const LaneView& lane, Stop reason) {
  switch (reason) {
    case Stop::failed:
      event_ = "not integrated";
      outcome_.failed = true;
      return Next::leave;
    case Stop::root:
      if (remove_extinct(lane, setting_->disease, patient_) > 0) {
        event_ = "a lesion died out";
        return Next::changed;
      }
      if (lane.state(State::dying) >= lane.input(input_index(&Inputs<double>::dying_at))) return die(*lane.time, DeathCause::disease);
      event_ = "a founder cell lodged";
      lodge_founder(lane, setting_->disease, patient_);
      return Next::changed;
    case Stop::time: return act_on_time(lane);
  }
  return Next::leave;
}

Next PatientCourse::act_on_time(const LaneView& lane) {
  const double t = *lane.time;
  event_ = "";
  if (t >= background_death_) return die(t, DeathCause::background);
  if (t >= withdrawal_) {
    event_ = "withdrew";
    outcome_.withdrawal_day = whole_day(t);
    close(t);
    return Next::leave;
  }
  bool changed = false;
  if (note_toxicity(lane)) return die(t, DeathCause::toxicity);
  if (next_scan_ < setting_->scan_days.size() && t >= setting_->scan_days[next_scan_]) {
    ++next_scan_;
    if (*event_ == '\0') event_ = "scan";
    changed = assess(lane, whole_day(t)) || changed;
  }
  changed = irradiate_due(lane) || changed;
  if (t >= line_start_) {
    start_line(lane, whole_day(t));
    changed = true;
  }
  if (medication_.give(t, lane)) {
    if (*event_ == '\0') event_ = "dose";
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
  event_ = cause == DeathCause::disease ? "died of the disease" : cause == DeathCause::toxicity ? "died of treatment" : "died of another cause";
  if (day <= outcome_.follow_up_day) {
    outcome_.death_day = std::max(1, whole_day(day));
    outcome_.death_cause = cause;
  }
  close(day);
  return Next::leave;
}

/// Reads every lesion. Draws are addressed by scan and slot, so that skipping an invisible lesion shifts no other.
Scan PatientCourse::scan(const LaneView& lane, int day) {
  Scan result;
  result.day = day;
  for (int slot = 0; slot < kLesions; ++slot) {
    const auto s = static_cast<std::size_t>(slot);
    Lesion& lesion = patient_.lesions[s];
    const double volume = lesion_volume(lane, slot);
    Reading& reading = result.lesions[s];
    reading.organ = lesion.organ;
    reading.lesion = lesion_ids_[s];
    if (lesion.known) lesion.largest = std::max(lesion.largest, volume);
    if (!lesion.known && diameter_mm(volume) < kNegligibleDiameter) continue;
    Stream draw = patient_.draws.stream(Purpose::scan, static_cast<std::uint64_t>(scans_) * 8 + s);
    const ScannedLesion seen{volume, lesion.largest, lesion.scar, volume > 0 ? lane.state(State::E + slot) : 0.0, lesion.organ,
                             lesion_ids_[s], lesion.known};
    const double relative = draw.normal(), additive = draw.normal();
    reading = read_lesion(seen, {relative, additive, draw.uniform()}, setting_->scan_error);
    if (reading.mm > 0 && !lesion.known) {
      lesion.known = true;
      lesion.largest = volume;
    }
  }
  ++scans_;
  return result;
}

/// Starts to follow known disease by RECIST from this day on.
void PatientCourse::follow(const LaneView& lane, int day) {
  watch_.reset();
  const Scan baseline = scan(lane, day);
  tumours_.emplace(baseline);
  recist_.emplace(*tumours_, day, Criteria{setting_->confirm_days > 0 ? setting_->confirm_days : 28, 42});
}

/// True when the scan changed treatment.
bool PatientCourse::assess(const LaneView& lane, int day) {
  const Scan seen = scan(lane, day);
  if (watch_) {
    if (!watch_->assess(seen)) {
      if (outcome_.recurrence_day == kNoDay) outcome_.last_scan_day = day;
      return false;
    }
    event_ = "recurrence seen";
    relapse(lane, day);
    return true;
  }
  if (!recist_ || recist_->history().progression_day()) return false;
  recist_->assess(tumours_->read(seen));
  if (!recist_->history().progression_day()) return false;
  event_ = "progression";
  relapse(lane, day);
  return true;
}

/// Radiotherapy of the arm that is due, unless disease has moved on to a further line. True when cells were killed.
bool PatientCourse::irradiate_due(const LaneView& lane) {
  const ArmPlan& arm = setting_->arms[static_cast<std::size_t>(outcome_.arm)];
  bool any = false;
  for (; next_pulse_ < arm.pulses.size() && *lane.time >= arm.pulses[next_pulse_].day; ++next_pulse_) {
    if (line_ > 0) continue;
    const Pulse& pulse = arm.pulses[next_pulse_];
    const Radiotherapy& plan = arm.radiotherapy[pulse.plan];
    if (pulse.first) fields_[pulse.plan] = choose_lesions(lane, patient_, plan);
    if (fields_[pulse.plan] == 0) continue;
    irradiate(lane, setting_->disease, patient_, fields_[pulse.plan], pulse.fractions, plan.dose_gy, medication_.blocked(*lane.time));
    event_ = "radiotherapy";
    any = true;
  }
  return any;
}

/// Recurrence or progression: the regimen ends, the next line is planned.
void PatientCourse::relapse(const LaneView& lane, int day) {
  if (line_ == 0 && outcome_.recurrence_day == kNoDay) {
    outcome_.recurrence_day = day;
    outcome_.stopped_for_progression = medication_.ongoing() && !medication_.completed(day);
    close(day);
  }
  on_study_treatment_ = false;
  medication_.stop(day, lane);
  watch_.reset();
  plan_next_line(lane, day);
}

/// Chooses among the options of the next line by their shares; an operation that is not possible passes its share on.
void PatientCourse::plan_next_line(const LaneView& lane, int day) {
  ++line_;
  planned_later_ = -1;
  line_start_ = kNever;
  int lesions = 0;
  for (int slot = 0; slot < kLesions; ++slot) {
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
  double left = patient_.draws.stream(Purpose::later, static_cast<std::uint64_t>(line_)).uniform() * std::max(1.0, offered);
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
  const bool cleared = !plan.rule.operations.empty() && operate(lane);
  if (cleared && plan.drugs.empty()) {
    watch_.emplace(day);
  } else {
    follow(lane, day);
  }
  medication_.begin(plan.drugs, *lane.time, patient_, setting_->disease, lane);
}

/// Metastasectomy: every lesion that is known is taken out. False when there was none.
bool PatientCourse::operate(const LaneView& lane) {
  bool any = false;
  for (int slot = 0; slot < kLesions; ++slot) {
    Lesion& lesion = patient_.lesions[static_cast<std::size_t>(slot)];
    if (!lesion.known) continue;
    if (lesion_volume(lane, slot) > 0) remove_lesion(lane, setting_->disease, patient_, slot);
    lesion.known = false;
    lesion.largest = 0;
    ++lesion_ids_[static_cast<std::size_t>(slot)];
    any = true;
  }
  if (any) lane.state(State::J) = std::max(lane.state(State::J), 0.5);
  return any;
}

/// A grade 3+ event of the drugs has happened when its cumulative hazard has passed the drawn deviate, or when blood pressure
/// fell under a block of doses. True when it is fatal.
bool PatientCourse::note_toxicity(const LaneView& lane) {
  while (const auto fall = medication_.take_hypotension()) {
    if (harm(lane, whole_day(fall->first), fall->second, patient_.draws.stream(Purpose::toxicity, 1000 + toxic_events_++))) return true;
  }
  if (lane.state(State::toxicity) < toxicity_at_) return false;
  Stream draw = patient_.draws.stream(Purpose::toxicity, 1000 + toxic_events_++);
  await_toxicity(lane);
  Stream later = draw;
  later.uniform();
  return harm(lane, whole_day(*lane.time), medication_.culprit(*lane.time, later.uniform()), draw);
}

/// What a grade 3+ event leads to: death, or the end of the drug that caused it. True when it is fatal.
bool PatientCourse::harm(const LaneView& lane, int day, const Culprit& culprit, Stream draw) {
  if (on_study_treatment_ && outcome_.toxicity_day == kNoDay) outcome_.toxicity_day = day;
  const double stops = draw.uniform();
  draw.uniform();  // spent on the culprit
  if (draw.uniform() < culprit.fatal_share) return true;
  if (!medication_.ongoing() || culprit.drug == kMostDrugs || stops >= culprit.stop_share) return false;
  medication_.stop_drug(culprit.drug, *lane.time, lane);
  if (medication_.ongoing()) {
    event_ = "one drug stopped for toxicity";
    return false;
  }
  event_ = "stopped for toxicity";
  if (on_study_treatment_ && line_ == 0 && !medication_.completed(*lane.time)) outcome_.stopped_for_toxicity = true;
  return false;
}

/// Doses and events up to the end of study treatment, which is `day` unless treatment ended before.
void PatientCourse::close(double day) {
  if (line_ > 0 || outcome_.first_dose_day != kNoDay) return;
  const DosesDue due = medication_.doses_due(day);
  outcome_.doses = due.doses;
  outcome_.completed = medication_.completed(day);
  const auto& drugs = setting_->arms[static_cast<std::size_t>(outcome_.arm)].drugs;
  if (due.doses == 0) return;
  outcome_.first_dose_day = static_cast<int>(drugs.front().dosing.start_day);
  outcome_.last_dose_day = static_cast<int>(due.last_day);
  // events are counted to 30 days after the last dose, as trials do
  const double window = std::min(day, outcome_.last_dose_day + 30.0);
  int event = adverse_ <= window ? whole_day(adverse_) : kNoDay;
  if (outcome_.toxicity_day != kNoDay && outcome_.toxicity_day <= window) {
    event = event == kNoDay ? outcome_.toxicity_day : std::min(event, outcome_.toxicity_day);
  }
  outcome_.adverse_day = event;
}

}  // namespace coley
