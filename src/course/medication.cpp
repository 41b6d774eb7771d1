// SPDX-License-Identifier: Apache-2.0
#include "course/medication.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"

namespace coley {

using biology::Inputs;
using biology::input_index;
using biology::State;
using treatment::DrugAction;

namespace {

constexpr double kTouch = 1e-9;

bool acts(const DosingPlan& plan) { return plan.action.kind != DrugAction::Kind::inert && plan.dosing.dose > 0; }

bool antibody(const DosingPlan& plan) {
  return plan.action.kind == DrugAction::Kind::pd1 || plan.action.kind == DrugAction::Kind::ctla4;
}

/// Standard normal deviate behind a log-normal trait of median 1.
double deviate(double trait, const Spread& spread) { return spread.sd > 0 ? std::log(trait / spread.value) / spread.sd : 0; }

}  // namespace

void Medication::begin(const std::vector<DosingPlan>& drugs, double day, const Patient& patient, const Disease& disease,
                       const solver::LaneView& lane) {
  if (drugs.size() > kMostDrugs) bug("more drugs at once than a patient can hold");
  const double ended = stopped_ >= 0 ? stopped_ : day, k_W = disease.constants.k_W;
  // off drug W has faded since the end of the line: what it was then is remembered, so that every entry fades alike
  for (std::size_t i = 0; i < count_; ++i) resistance_.note(drugs_[i].plan, lane.state(State::W) * std::exp(k_W * (day - ended)), ended);
  count_ = drugs.size();
  started_ = day;
  stopped_ = -1;
  antibody_clearance_ = deviate(patient.traits.pk_clearance, disease.pk_clearance);
  antibody_volume_ = deviate(patient.traits.pk_volume, disease.pk_volume);
  body_ = treatment::body(patient.person.weight_kg, patient.person.male);
  tki_scale_ = patient.traits.tki_scale;

  double gain = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    const DosingPlan& plan = drugs[i];
    const Dosing& dosing = plan.dosing;
    Course& course = drugs_[i] = Course{.plan = plan, .next = day + dosing.start_day};
    if (!acts(plan)) continue;
    course.next += stretch_after(dosing, 0).start;
    if (antibody(plan)) continue;
    const auto drawn = [&](Purpose purpose) { return patient.draws.stream(purpose, static_cast<std::uint64_t>(plan.action.drug_class)).normal(); };
    const double clearance = std::exp(plan.action.clearance_sd * drawn(Purpose::kinetics));
    course.exposure = treatment::exposure(plan.action, treatment::amount(dosing.dose, dosing.unit, body_), treatment::in_units(dosing.unit),
                                          dosing.route, dosing.every_days, clearance);
    if (plan.action.leak) course.limit = plan.action.leak->limit * std::exp(plan.action.leak->limit_sd * drawn(Purpose::hypotension));
    const double own = plan.action.resistance_gain;
    if (plan.action.resisted) gain = std::max(gain, own < 0 ? patient.traits.lambda_W : own * patient.traits.lambda_W / disease.lambda_W.value);
  }
  const double w = resistance_.at_start(drugs, day, k_W);
  if (w < 0) return;
  lane.state(State::W) = w;
  lane.input(input_index(&Inputs<double>::lambda_W)) = gain;
}

double Medication::next_event() const {
  double next = kNever;
  for (std::size_t i = 0; i < count_; ++i) {
    if (!drugs_[i].over && acts(drugs_[i].plan)) next = std::min(next, drugs_[i].next);
  }
  return next;
}

void Medication::dose(Course& course, double day) {
  const DrugAction& action = course.plan.action;
  const bool is_pd1 = action.kind == DrugAction::Kind::pd1;
  treatment::Antibody& drug = is_pd1 ? pd1_ : ctla4_;
  treatment::TwoCompartment kinetics = action.kinetics;
  // inter-compartmental clearance shares the spread of clearance, both volumes that of volume (Ahamadi 2017)
  const double change = treatment::clearance_factor(day - started_, action.emax, action.t50, action.hill);
  const double clearance = std::exp(action.clearance_sd * antibody_clearance_), volume = std::exp(action.volume_sd * antibody_volume_);
  kinetics.clearance *= clearance * change;
  kinetics.q *= clearance;
  kinetics.v1 *= volume;
  kinetics.v2 *= volume;
  drug.set(treatment::disposition(kinetics));
  const Dosing& dosing = course.plan.dosing;
  drug.dose(treatment::amount(dosing.dose, dosing.unit, body_));
  (is_pd1 ? pd1_action_ : ctla4_action_) = action;
  ++course.given;
  course.next += dosing.every_days;
  course.over = dosing.doses > 0 && course.given >= dosing.doses;
}

void Medication::plan_block(Course& course, double day, double& end) {
  const Dosing& dosing = course.plan.dosing;
  const double recovery = course.plan.action.leak ? course.plan.action.leak->recovery : 0;
  const double left = course.leak * std::exp(-24 * recovery * (day - course.leak_day));
  const int slots = slots_in(dosing, end - day);
  const treatment::DoseBlock block =
      treatment::plan_block(left, course.exposure.leak, 24 * dosing.every_days, slots, dosing.max_doses_per_block, recovery, course.limit);
  course.leak = block.leak;
  course.leak_day = day + block.hours / 24;
  course.withheld += block.withheld;
  course.share = block.given / std::max(1.0, static_cast<double>(block.given + block.withheld));
  if (block.severe_at_hour >= 0) course.hypotension = day + block.severe_at_hour / 24;
  end = std::min(end, course.leak_day);
}

void Medication::toggle(Course& course, double day) {
  const Dosing& dosing = course.plan.dosing;
  const double start = started_ + dosing.start_day;
  course.taking = !course.taking;
  if (course.taking) {
    ++course.given;
    double end = std::min(kNever, start + stretch_after(dosing, day - start).end);
    if (end < kNever && (course.plan.action.leak || dosing.max_doses_per_block > 0)) plan_block(course, day, end);
    course.next = end;
    return;
  }
  // a block that had its doses before its last day is over all the same
  const Stretch ended = stretch_after(dosing, day - start - 2 * kTouch);
  const Stretch next = stretch_after(dosing, std::max(day - start, ended.end));
  course.over = next.start >= kNever;
  course.next = course.over ? kNever : start + next.start;
}

void Medication::carry(double day) {
  pd1_.wait(day - carried_to_);
  ctla4_.wait(day - carried_to_);
  carried_to_ = day;
}

bool Medication::give(double day, const solver::LaneView& lane) {
  bool given = false;
  for (std::size_t i = 0; i < count_; ++i) {
    Course& course = drugs_[i];
    if (course.over || !acts(course.plan) || course.next > day + kTouch) continue;
    if (!given) carry(day);
    given = true;
    antibody(course.plan) ? dose(course, day) : toggle(course, day);
  }
  if (given) write(day, lane);
  return given;
}

void Medication::had(const std::vector<DosingPlan>& drugs, double day, const solver::LaneView& lane) {
  for (const DosingPlan& plan : drugs) resistance_.note(plan, lane.state(State::W), day);
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
  carry(day);
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
  carry(day);
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
  set(&Inputs<double>::pd1_ec50, pd1_action_.ec50);
  set(&Inputs<double>::pd1_limit, pd1_action_.limit);
  set(&Inputs<double>::ctla4_fast, ctla4.fast);
  set(&Inputs<double>::ctla4_slow, ctla4.slow);
  set(&Inputs<double>::ctla4_alpha, ctla4_.rates().alpha);
  set(&Inputs<double>::ctla4_beta, ctla4_.rates().beta);
  set(&Inputs<double>::ctla4_ec50, ctla4_action_.ec50);
  set(&Inputs<double>::pd1_toxicity, pd1_action_.toxicity);
  set(&Inputs<double>::ctla4_toxicity, ctla4_action_.toxicity);

  double resisted = 0, capacity_loss = 0, kill = 0, growth = 1, interferon = 0, toxicity = 0, u_E = 0, u_R = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    const Course& course = drugs_[i];
    if (!course.taking) continue;
    const DrugAction& a = course.plan.action;
    const double effect = course.exposure.effect;
    resisted = std::max(resisted, a.resisted ? 1.0 : 0.0);
    capacity_loss += a.capacity_loss * tki_scale_ * effect;
    kill += a.kill * tki_scale_ * effect;
    growth *= 1 - (1 - a.growth) * effect;
    interferon = std::max(interferon, a.interferon * effect);
    u_E = std::max(u_E, course.exposure.u_E * course.share);
    u_R = std::max(u_R, course.exposure.u_R * course.share);
    toxicity += course.exposure.toxicity * course.share;
  }
  set(&Inputs<double>::u_T, resisted);
  set(&Inputs<double>::capacity_loss, capacity_loss);
  set(&Inputs<double>::drug_kill, kill);
  set(&Inputs<double>::growth, growth);
  set(&Inputs<double>::u_F, interferon);
  set(&Inputs<double>::u_E, u_E);
  set(&Inputs<double>::u_R, u_R);
  set(&Inputs<double>::other_toxicity, toxicity);
}

bool Medication::ongoing() const {
  return stopped_ < 0 && count_ > 0;
}

DosesDue Medication::doses_due(double day) const {
  if (count_ == 0) return {};
  const Dosing& dosing = drugs_[0].plan.dosing;
  const double last = stopped_ >= 0 ? std::min(stopped_, day) : day;
  DosesDue due = coley::doses_due(dosing, last - started_ - dosing.start_day);
  due.last_day += started_ + dosing.start_day;
  due.withheld = std::min(due.doses, drugs_[0].withheld);
  due.doses -= due.withheld;
  return due;
}

bool Medication::pressure_fell() const {
  return std::any_of(drugs_.begin(), drugs_.begin() + static_cast<std::ptrdiff_t>(count_), [](const Course& course) { return course.hypotension >= 0 && !course.taking; });
}

std::optional<std::pair<double, Culprit>> Medication::take_hypotension() {
  for (std::size_t i = 0; i < count_; ++i) {
    Course& course = drugs_[i];
    if (course.hypotension < 0 || course.taking) continue;
    const double day = course.hypotension;
    course.hypotension = -1;
    if (stopped_ >= 0 && day > stopped_) continue;  // the block was cut short before it came to that
    return std::pair{day, Culprit{i, 0, course.plan.action.fatal_share}};
  }
  return std::nullopt;
}

double Medication::level(treatment::Antibody drug, double day) const {
  drug.wait(day - carried_to_);
  const treatment::Concentration now = drug.concentration();
  return now.fast + now.slow;
}

double Medication::blocked(double day) const {
  const double c = level(pd1_, day);
  return pd1_action_.limit * c / (c + pd1_action_.ec50);
}

Culprit Medication::culprit(double day, double u) const {
  struct Share {
    Culprit cause;
    double hazard = 0;
  };
  std::array<Share, kMostDrugs + 2> shares{};
  std::size_t n = 0;
  const auto add_antibody = [&](const treatment::Antibody& drug, const DrugAction& action) {
    const double c = level(drug, day);
    Culprit cause{kMostDrugs, action.stop_share, action.fatal_share};
    for (std::size_t i = 0; i < count_; ++i) {
      if (drugs_[i].plan.action.kind == action.kind && drugs_[i].given > 0) cause.drug = i;
    }
    if (c > 0) shares[n++] = {cause, action.toxicity * action.limit * c / (c + action.ec50)};
  };
  add_antibody(pd1_, pd1_action_);
  add_antibody(ctla4_, ctla4_action_);
  for (std::size_t i = 0; i < count_; ++i) {
    const Course& course = drugs_[i];
    if (course.taking) shares[n++] = {{i, course.plan.action.stop_share, course.plan.action.fatal_share}, course.exposure.toxicity * course.share};
  }
  double total = 0;
  for (std::size_t i = 0; i < n; ++i) total += shares[i].hazard;
  double left = u * total;
  for (std::size_t i = 0; i < n; ++i) {
    left -= shares[i].hazard;
    if (left < 0) return shares[i].cause;
  }
  return {};
}

}  // namespace coley
