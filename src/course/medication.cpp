// SPDX-License-Identifier: Apache-2.0
#include "course/medication.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"

namespace coley {

using biology::Inputs;
using biology::input_index;
using treatment::DrugAction;

namespace {

bool acts(const DosingPlan& plan) { return plan.action.kind != DrugAction::Kind::inert && plan.dosing.dose > 0; }

bool antibody(const DosingPlan& plan) {
  return plan.action.kind == DrugAction::Kind::pd1 || plan.action.kind == DrugAction::Kind::ctla4;
}

/// Last day on drug of a schedule that is taken without break, counted from its start.
double length(const Dosing& dosing) { return dosing.doses > 0 ? dosing.doses * dosing.every_days : kNever; }
}  // namespace

void Medication::begin(const std::vector<DosingPlan>& drugs, double day, const Patient& patient) {
  if (drugs.size() > kMostDrugs) bug("more drugs at once than a patient can hold");
  count_ = drugs.size();
  started_ = day;
  stopped_ = -1;
  clearance_ = patient.traits.pk_clearance;
  volume_ = patient.traits.pk_volume;
  weight_ = patient.person.weight_kg;
  tki_scale_ = patient.traits.tki_scale;
  for (std::size_t i = 0; i < count_; ++i) drugs_[i] = {&drugs[i], day + drugs[i].dosing.start_day, 0, false, false};
}

double Medication::next_event() const {
  double next = kNever;
  for (std::size_t i = 0; i < count_; ++i) {
    if (!drugs_[i].over && acts(*drugs_[i].plan)) next = std::min(next, drugs_[i].next);
  }
  return next;
}

double Medication::mg(const DosingPlan& plan) const {
  return plan.dosing.unit == "mg/kg" ? plan.dosing.dose * weight_ : plan.dosing.dose;
}

void Medication::dose(Course& course, double day) {
  const DrugAction& action = course.plan->action;
  const bool is_pd1 = action.kind == DrugAction::Kind::pd1;
  treatment::Antibody& drug = is_pd1 ? pd1_ : ctla4_;
  treatment::TwoCompartment kinetics = action.kinetics;
  // inter-compartmental clearance shares the spread of clearance, both volumes that of volume (Ahamadi 2017)
  const double change = treatment::clearance_factor(day - started_, action.emax, action.t50, action.hill);
  kinetics.clearance *= clearance_ * change;
  kinetics.q *= clearance_;
  kinetics.v1 *= volume_;
  kinetics.v2 *= volume_;
  drug.set(treatment::disposition(kinetics));
  drug.dose(mg(*course.plan));
  if (is_pd1) {
    pd1_ec50_ = action.ec50;
    pd1_limit_ = action.limit;
    pd1_toxicity_ = action.toxicity;
  } else {
    ctla4_ec50_ = action.ec50;
    ctla4_toxicity_ = action.toxicity;
  }
  ++course.given;
  const Dosing& dosing = course.plan->dosing;
  course.next += dosing.every_days;
  course.over = dosing.doses > 0 && course.given >= dosing.doses;
}

void Medication::toggle(Course& course, double day) {
  const Dosing& dosing = course.plan->dosing;
  const double start = started_ + dosing.start_day;
  if (!course.taking) ++course.given;
  course.taking = !course.taking;
  if (dosing.cycle_days <= 0 || dosing.days_on.empty()) {
    course.next = course.taking ? start + length(dosing) : kNever;
    course.over = !course.taking;
    return;
  }
  // next boundary of the pattern [first, last] within a cycle
  const double cycle = std::floor((day - start) / dosing.cycle_days + 1e-9);
  for (double c = cycle; c <= cycle + 1; ++c) {
    for (const Interval& block : dosing.days_on) {
      const double edge = start + c * dosing.cycle_days + (course.taking ? block.high + 1 : block.low);
      if (edge > day + 1e-9) {
        course.next = edge;
        if (!course.taking && dosing.cycles > 0 && c >= dosing.cycles) course.over = true;
        return;
      }
    }
  }
}

bool Medication::give(double day, const solver::LaneView& lane) {
  bool given = false;
  for (std::size_t i = 0; i < count_; ++i) {
    Course& course = drugs_[i];
    if (course.over || !acts(*course.plan) || course.next > day + 1e-9) continue;
    if (!given) {
      pd1_.wait(day - carried_to_);
      ctla4_.wait(day - carried_to_);
      carried_to_ = day;
    }
    given = true;
    antibody(*course.plan) ? dose(course, day) : toggle(course, day);
  }
  if (given) write(day, lane);
  return given;
}

void Medication::stop(double day, const solver::LaneView& lane) {
  bool taken = false;
  for (std::size_t i = 0; i < count_; ++i) {
    Course& course = drugs_[i];
    taken = taken || course.taking;
    course.taking = false;
    course.over = true;
  }
  stopped_ = day;
  if (!taken) return;
  pd1_.wait(day - carried_to_);
  ctla4_.wait(day - carried_to_);
  carried_to_ = day;
  write(day, lane);
}

void Medication::stop_drug(std::size_t drug, double day, const solver::LaneView& lane) {
  if (drug >= count_ || drugs_[drug].over) return;
  Course& course = drugs_[drug];
  const bool taken = course.taking;
  course.taking = false;
  course.over = true;
  if (std::all_of(drugs_.begin(), drugs_.begin() + static_cast<std::ptrdiff_t>(count_), [](const Course& c) { return c.over; })) stopped_ = day;
  if (!taken) return;
  pd1_.wait(day - carried_to_);
  ctla4_.wait(day - carried_to_);
  carried_to_ = day;
  write(day, lane);
}

void Medication::write(double day, const solver::LaneView& lane) const {
  const auto set = [&lane](double Inputs<double>::*member, double value) { lane.input(input_index(member)) = value; };
  const treatment::Concentration pd1 = pd1_.concentration(), ctla4 = ctla4_.concentration();
  set(&Inputs<double>::epoch, day);
  set(&Inputs<double>::pd1_fast, pd1.fast);
  set(&Inputs<double>::pd1_slow, pd1.slow);
  set(&Inputs<double>::pd1_alpha, pd1_.rates().alpha);
  set(&Inputs<double>::pd1_beta, pd1_.rates().beta);
  set(&Inputs<double>::pd1_ec50, pd1_ec50_);
  set(&Inputs<double>::pd1_limit, pd1_limit_);
  set(&Inputs<double>::ctla4_fast, ctla4.fast);
  set(&Inputs<double>::ctla4_slow, ctla4.slow);
  set(&Inputs<double>::ctla4_alpha, ctla4_.rates().alpha);
  set(&Inputs<double>::ctla4_beta, ctla4_.rates().beta);
  set(&Inputs<double>::ctla4_ec50, ctla4_ec50_);
  set(&Inputs<double>::pd1_toxicity, pd1_toxicity_);
  set(&Inputs<double>::ctla4_toxicity, ctla4_toxicity_);

  double resisted = 0, capacity_loss = 0, kill = 0, growth = 1, interferon = 0, toxicity = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    if (!drugs_[i].taking) continue;
    const DrugAction& action = drugs_[i].plan->action;
    resisted = std::max(resisted, action.resisted ? 1.0 : 0.0);
    capacity_loss += action.capacity_loss * tki_scale_;
    kill += action.kill * tki_scale_;
    growth *= action.growth;
    interferon = std::max(interferon, action.interferon);
    toxicity += action.toxicity;
  }
  set(&Inputs<double>::u_T, resisted);
  set(&Inputs<double>::capacity_loss, capacity_loss);
  set(&Inputs<double>::drug_kill, kill);
  set(&Inputs<double>::growth, growth);
  set(&Inputs<double>::u_F, interferon);
  set(&Inputs<double>::other_toxicity, toxicity);
}

bool Medication::ongoing() const {
  return stopped_ < 0 && count_ > 0;
}

int Medication::doses_due(double day) const {
  if (count_ == 0) return 0;
  const Dosing& dosing = drugs_[0].plan->dosing;
  const double last = stopped_ >= 0 ? std::min(stopped_, day) : day;
  const double since = last - started_ - dosing.start_day;
  if (since < 0) return 0;
  const int due = 1 + static_cast<int>(std::floor(since / dosing.every_days + 1e-9));
  return dosing.doses > 0 ? std::min(due, dosing.doses) : due;
}

bool Medication::completed(double day) const {
  return count_ > 0 && drugs_[0].plan->dosing.doses > 0 && doses_due(day) >= drugs_[0].plan->dosing.doses;
}

double Medication::stop_share() const {
  double share = 0;
  for (std::size_t i = 0; i < count_; ++i) share = std::max(share, drugs_[i].plan->action.stop_share);
  return share;
}

}  // namespace coley
