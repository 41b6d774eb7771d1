// SPDX-License-Identifier: Apache-2.0
// Treatment by the arm's plan: drugs, elective stops, operations and what comes after them.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/units.hpp"
#include "course/patient_course.hpp"
#include "course/schedule.hpp"
#include "population/lesions.hpp"

namespace coley {

using biology::State;
using solver::LaneView;

namespace {
int whole_day(double t) { return static_cast<int>(std::ceil(t - 1e-9)); }

/// Last day of the schedule, counted from `begun`; a day that never comes where it has no end.
double last_planned_day(const Dosing& dosing, double begun) {
  const bool limited = dosing.doses > 0 || (dosing.cycles > 0 && dosing.cycle_days > 0);
  constexpr double far = 1e6;
  return limited ? begun + dosing.start_day + doses_due(dosing, far).last_day : kNever;
}
}  // namespace

/// Begins the regimen, or goes on with what an operation left of it.
void PatientCourse::begin_treatment(const LaneView& lane) {
  begun_ = *lane.time;
  if (doses_before_ == 0) study_start_ = begun_;
  medication_.begin(regimen_, begun_, patient_, setting_->disease, lane);
  plan_stops(study_start_ + (arm().drugs.empty() ? 0.0 : arm().drugs.front().dosing.start_day));
  medication_.give(begun_, lane);
}

/// Elective stops a time after `start`, the day of the first dose.
void PatientCourse::plan_stops(double start) {
  for (std::size_t i = 0; i < regimen_.size(); ++i) {
    const double months = regimen_[i].dosing.stop.after_months;
    if (months >= 0) stop_at_[i] = start + months * kDaysPerMonth;
  }
}

/// Stops study drugs for an operation and keeps what is left of them.
void PatientCourse::interrupt_treatment(const LaneView& lane) {
  if (waiting_) return;
  waiting_ = true;
  const double day = *lane.time;
  medication_.stop(day, lane);
  stop_at_.fill(kNever);
  const DosesDue before = doses_of_first(day);
  doses_before_ += before.doses;
  withheld_before_ += before.withheld;
  last_dose_before_ = std::max(last_dose_before_, last_dose(day));
  std::vector<DosingPlan> left;
  for (std::size_t i = 0; i < regimen_.size(); ++i) {
    DosingPlan plan = regimen_[i];
    const bool limited = plan.dosing.doses > 0;
    plan.dosing.doses -= limited ? doses_due(plan.dosing, day - begun_ - plan.dosing.start_day).doses : 0;
    const double since = day - begun_ - plan.dosing.start_day;
    const bool over = all_due(regimen_[i].dosing, since);
    if (plan.dosing.cycles > 0 && since > 0) plan.dosing.cycles -= static_cast<int>(std::floor(since / plan.dosing.cycle_days));
    plan.dosing.start_day = 0;
    if (stopped_[i] == kNever && !over) left.push_back(std::move(plan));
  }
  regimen_ = std::move(left);
  stopped_.fill(kNever);
}

/// Elective stops that hang on a response are set on the day it is confirmed.
void PatientCourse::note_responses(int day) {
  const Confirmation confirmation = setting_->confirm_days > 0 ? Confirmation::required : Confirmation::not_required;
  const bool response = history().response_day(confirmation).has_value(), complete = history().complete_response_day(confirmation).has_value();
  for (std::size_t i = 0; i < regimen_.size(); ++i) {
    const StopRules& stop = regimen_[i].dosing.stop;
    if (stopped_[i] < kNever) continue;
    if (response && stop.after_response_months >= 0) stop_at_[i] = std::min(stop_at_[i], day + stop.after_response_months * kDaysPerMonth);
    if (complete && stop.after_complete_response_months >= 0) stop_at_[i] = std::min(stop_at_[i], day + stop.after_complete_response_months * kDaysPerMonth);
  }
}

/// True when a drug was stopped by the protocol's plan.
bool PatientCourse::stop_electively(const LaneView& lane) {
  bool any = false;
  for (std::size_t i = 0; i < stop_at_.size(); ++i) {
    if (*lane.time < stop_at_[i]) continue;
    stop_at_[i] = kNever;
    if (!medication_.ongoing() || stopped_[i] < kNever) continue;
    stopped_[i] = *lane.time;
    medication_.stop_drug(i, *lane.time, lane);
    event_ = "stopped by plan";
    any = true;
  }
  if (!any || medication_.ongoing()) return any;
  stopped_by_plan_ = true;
  if (line_ == 0) outcome_.stopped_by_plan = true;
  return true;
}

/// After an elective stop drugs may be given again, once. True when they are.
bool PatientCourse::retreat(const LaneView& lane, int day) {
  if (!stopped_by_plan_) return false;
  const auto& drugs = line_ == 0 ? arm().retreatment : setting_->later[static_cast<std::size_t>(planned_later_)].retreatment;
  if (drugs.empty()) return false;
  stopped_by_plan_ = false;
  if (line_ == 0) outcome_.retreatment_day = outcome_.next_line_day = day;
  event_ = line_ == 0 ? "study drugs given again" : "drugs given again";
  medication_.begin(drugs, *lane.time, patient_, setting_->disease, lane);
  follow(scan(lane, day));
  return true;
}

/// The arm's next operation, unless it hangs on a response that is not there or there is no kidney to take out. Study drugs
/// pause and go on, or begin, when the patient has recovered.
void PatientCourse::operate(const LaneView& lane, int day) {
  const Operation& operation = arm().operations[next_operation_++];
  const bool on_primary = operation.kind != OperationKind::metastasectomy;
  const bool possible = !on_primary || (!patient_.prior_nephrectomy && lesion_volume(lane, 0) > 0);
  const bool wanted = line_ == 0 && (!operation.if_response || (following_ && is_response(seen_)));
  if (!possible || !wanted) {
    if (!waiting_ || line_ > 0) return;
    waiting_ = false;
    begin_treatment(lane);
    return;
  }
  interrupt_treatment(lane);
  double longer = 0;
  if (on_primary) {
    longer = operate_on_primary(lane, operation.kind);
  } else {
    event_ = "metastasectomy";
    outcome_.complete_resection = clear_metastases(lane);
  }
  if (outcome_.operation_day == kNoDay && !outcome_.unresectable) outcome_.operation_day = day;
  follow(scan(lane, day));
  if (!arm().drugs.empty()) line_start_ = *lane.time + operation.delay_systemic_days + longer;
}

/// Returns by how many days recovery is longer than planned.
double PatientCourse::operate_on_primary(const LaneView& lane, OperationKind kind) {
  const double before = ln_burden(lane);
  const NephrectomyReport report = operate_on_kidney(lane, setting_->disease, patient_, kind, fatal_factor());
  lane.state(State::recent) += ln_burden(lane) - before;  // what is taken out has not shrunk
  event_ = report.unresectable ? "found unresectable" : "nephrectomy";
  outcome_.unresectable = report.unresectable;
  outcome_.transabdominal = report.transabdominal;
  outcome_.second_procedure = report.second_procedure;
  operation_death_ = std::min(operation_death_, *lane.time + report.death_after);
  if (!report.unresectable) ++lesion_ids_[0];
  return report.longer_recovery;
}

/// True when no metastasis that was known is left.
bool PatientCourse::clear_metastases(const LaneView& lane) {
  const double before = ln_burden(lane);
  const MetastasectomyReport report = take_out_metastases(lane, setting_->disease, patient_, lesion_ids_, ++operations_, fatal_factor());
  lane.state(State::recent) += ln_burden(lane) - before;
  operation_death_ = std::min(operation_death_, *lane.time + report.death_after);
  return report.complete;
}

/// Recovered: staged anew, and treated if fit for it. Who has progressed meanwhile begins treatment in progression.
void PatientCourse::begin_after_operation(const LaneView& lane, int day) {
  const Operation& operation = arm().operations[next_operation_ - 1];
  const Scan staging = scan(lane, day);
  if (following_) judge(lane, staging);
  line_start_ = kNever;
  const bool progressed = history().progression_day().has_value();
  outcome_.unfit = unfit_for_treatment(lane, setting_->disease, patient_, operation.fitness, staging, progressed);
  if (outcome_.unfit != Unfit::none) {
    static constexpr std::array<const char*, 6> why{"", "not treated: disease in an organ", "not treated: performance status", "not treated: progression",
                                                   "not treated: heart or lung disease", "refuses treatment"};
    event_ = why[static_cast<std::size_t>(outcome_.unfit)];
    if (progressed) relapse(lane, day);
    return;
  }
  outcome_.eligible_after_surgery = true;
  event_ = "systemic treatment begins";
  follow(staging);
  waiting_ = false;
  begin_treatment(lane);
}

/// Last day of study treatment as far as it is settled; a day that never comes while it goes on.
double PatientCourse::end_of_treatment() const {
  if (waiting_) return study_start_ == kNever ? 0 : medication_.stopped();
  double end = 0;
  for (std::size_t i = 0; i < regimen_.size(); ++i) {
    const Dosing& dosing = regimen_[i].dosing;
    double last = std::min(last_planned_day(dosing, begun_), stopped_[i]);
    if (medication_.stopped() >= 0) last = std::min(last, medication_.stopped());
    end = std::max(end, last);
  }
  return end;
}

/// Doses of the arm's first drug that were given in the current stretch of treatment, and the day of the last.
DosesDue PatientCourse::doses_of_first(double day) const {
  if (waiting_ || regimen_.empty() || regimen_.front().dosing.drug != arm().drugs.front().dosing.drug) return {};
  return medication_.doses_due(std::min(day, stopped_.front()));
}

/// Day of the last dose of any study drug up to `day`; kNoDay when none was given in the current stretch of treatment.
int PatientCourse::last_dose(double day) const {
  int last = kNoDay;
  if (waiting_) return last;
  for (std::size_t i = 0; i < regimen_.size(); ++i) {
    const double until = std::min(day, medication_.stopped() >= 0 ? std::min(medication_.stopped(), stopped_[i]) : stopped_[i]);
    const double start = begun_ + regimen_[i].dosing.start_day;
    const DosesDue due = doses_due(regimen_[i].dosing, until - start);
    if (due.doses > 0) last = std::max(last, static_cast<int>(start + due.last_day));
  }
  return last;
}

/// True when every drug was given to its last planned dose; never where one goes on until it is stopped.
bool PatientCourse::planned_doses_done(double day) const {
  if (waiting_) return false;
  return std::all_of(regimen_.begin(), regimen_.end(), [&](const DosingPlan& plan) {
    const auto i = static_cast<std::size_t>(&plan - regimen_.data());
    const double stop = medication_.stopped() >= 0 ? std::min(medication_.stopped(), stopped_[i]) : stopped_[i];
    return last_planned_day(plan.dosing, begun_) <= std::min(day, stop);
  });
}

/// Doses, response and events up to the end of study treatment, which is `day` unless treatment ended before.
void PatientCourse::close(double day) {
  if (closed_) return;
  closed_ = true;
  if (setting_->entry == Entry::metastatic) {
    const Confirmation confirmation = setting_->confirm_days > 0 ? Confirmation::required : Confirmation::not_required;
    outcome_.best_response = history().best(confirmation);
    outcome_.response_day = history().response_day(confirmation).value_or(kNoDay);
    outcome_.complete_response_day = history().complete_response_day(confirmation).value_or(kNoDay);
    if (outcome_.response_day != kNoDay) outcome_.response_end_day = history().progression_day().value_or(kNoDay);
  }
  if (end_of_treatment() <= day) outcome_.treatment_end_day = whole_day(end_of_treatment());
  const auto& drugs = arm().drugs;
  if (study_start_ == kNever || drugs.empty()) return;
  const DosesDue now = doses_of_first(day);
  outcome_.doses = doses_before_ + now.doses;
  outcome_.withheld = withheld_before_ + now.withheld;
  outcome_.completed = planned_doses_done(day);
  if (outcome_.doses == 0) return;
  outcome_.first_dose_day = whole_day(study_start_ + drugs.front().dosing.start_day);
  outcome_.last_dose_day = std::max(last_dose_before_, last_dose(day));
  const double window = std::min(day, outcome_.last_dose_day + kEventWindow);
  int event = adverse_ <= window ? whole_day(adverse_) : kNoDay;
  if (outcome_.toxicity_day != kNoDay && outcome_.toxicity_day <= window) {
    event = event == kNoDay ? outcome_.toxicity_day : std::min(event, outcome_.toxicity_day);
  }
  outcome_.adverse_day = event;
}

}  // namespace coley
