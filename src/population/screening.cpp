// SPDX-License-Identifier: Apache-2.0
#include "population/screening.hpp"

#include "core/error.hpp"
#include "core/units.hpp"
#include "observation/scan.hpp"
#include "population/admission.hpp"
#include "population/candidate.hpp"
#include "population/metastatic_entry.hpp"
#include "population/operation.hpp"

namespace coley {

using biology::Inputs;
using biology::input_index;
using biology::kLesions;
using biology::State;
using solver::LaneView;
using solver::Next;
using solver::Stop;

namespace {

constexpr double kDiagnosisToSurgery = 28;

enum class Phase : std::uint8_t { growing, awaiting_surgery, awaiting_randomisation, to_metastatic_trial };

class Screening : public solver::BatchClient {
 public:
  Screening(const Population& population, const Disease& disease, DrawKey key, std::uint64_t first, std::uint64_t count, const Places& places, const Prospects& prospects)
      : population_(population), disease_(disease), key_(key), first_(first), places_(places), prospects_(prospects), class_of_(population), people_(count) {
    if (population.entry == Entry::metastatic) metastatic_.emplace(population, disease);
  }
  bool load(LaneView lane) override;
  Next stop(LaneView lane, Stop reason) override;
  std::vector<Screened>& people() { return people_; }

 private:
  struct Candidate {
    Patient patient;
    std::size_t person = 0;  // of this batch
    Phase phase = Phase::growing;
    MetastaticEntry::Way way;
  };

  void note_diagnosis(const Candidate& candidate);
  Next exclude(const Candidate& candidate, Exclusion reason);
  Next found(LaneView lane, Candidate& candidate);
  Next operate(LaneView lane, Candidate& candidate);
  Next randomise(LaneView lane, Candidate& candidate);
  Next enrol(LaneView lane, Candidate& candidate);
  Next follow(LaneView lane, Candidate& candidate, const MetastaticEntry::Step& step);
  /// Draws a person, and says why this one need not be followed at all.
  std::optional<Exclusion> excluded_at_once(Patient& patient) const;

  const Population& population_;
  const Disease& disease_;
  DrawKey key_;
  std::uint64_t first_;
  const Places& places_;
  const Prospects& prospects_;
  ClassReader class_of_;
  std::size_t next_ = 0;
  std::optional<MetastaticEntry> metastatic_;  // when that is the entry
  std::vector<Candidate> lanes_{solver::kMostSeats};
  std::vector<Screened> people_;
};

std::optional<Exclusion> Screening::excluded_at_once(Patient& patient) const {
  draw_person(disease_, patient);
  if (!admits(population_.eligibility.histology, kHistologyNames, patient.person.histology)) return Exclusion::histology;
  const Interval& age = population_.eligibility.age;
  if (patient.person.age < age.low || patient.person.age > age.high) return Exclusion::age;
  TraitDraws traits(disease_, patient);
  traits.draw_growth();
  if (const auto reason = prospects_.barred(patient)) return reason;
  traits.draw_answers();
  return std::nullopt;
}

/// The next person who is to be followed.
bool Screening::load(LaneView lane) {
  Candidate& candidate = lanes_[static_cast<std::size_t>(lane.seat)];
  for (; next_ < people_.size(); ++next_) {
    candidate.patient = Patient{};
    candidate.patient.draws = {key_, first_ + next_};
    people_[next_].excluded = excluded_at_once(candidate.patient);
    if (!people_[next_].excluded) break;
  }
  if (next_ == people_.size()) return false;
  candidate.person = next_++;
  candidate.phase = Phase::growing;
  if (metastatic_) candidate.way = {.operated_before = metastatic_->operated_before(candidate.patient.draws)};
  *lane.time = 0;
  *lane.next_stop = kLongestNaturalHistory;
  begin_natural_history(lane, disease_, candidate.patient);
  return true;
}

Next Screening::exclude(const Candidate& candidate, Exclusion reason) {
  people_[candidate.person].excluded = reason;
  return Next::leave;
}

void Screening::note_diagnosis(const Candidate& candidate) {
  Screened& person = people_[candidate.person];
  person.found = true;
  person.synchronous = candidate.patient.pathology.metastases > 0;
}

Next Screening::found(LaneView lane, Candidate& candidate) {
  Patient& patient = candidate.patient;
  const Eligibility& rules = population_.eligibility;
  lane.input(input_index(&Inputs<double>::found_at)) = kNever;
  lane.input(input_index(&Inputs<double>::held_below)) = 0;
  if (metastatic_) {
    candidate.phase = Phase::to_metastatic_trial;
    const MetastaticEntry::Step step = metastatic_->found(lane, patient, candidate.way);
    note_diagnosis(candidate);
    if (!step.excluded && !places_.open_to(patient.pathology.metastases > 0)) return exclude(candidate, Exclusion::group_full);
    return follow(lane, candidate, step);
  }
  diagnose(lane, disease_, patient, disease_.imaging);
  note_diagnosis(candidate);
  if (!admits(rules.risk, kRiskNames, patient.risk)) return exclude(candidate, patient.pathology.metastases > 0 ? Exclusion::metastatic : Exclusion::risk_low);
  if (patient.ecog > rules.ecog_max) return exclude(candidate, Exclusion::performance);
  take_blood(lane, disease_, patient);
  if (!places_.open(class_of_(patient))) return exclude(candidate, Exclusion::group_full);
  candidate.phase = Phase::awaiting_surgery;
  *lane.next_stop = *lane.time + kDiagnosisToSurgery;
  return Next::changed;
}

/// Kidney out, with regional nodes and the metastases that were seen; what was not seen stays.
Next Screening::operate(LaneView lane, Candidate& candidate) {
  Patient& patient = candidate.patient;
  Stream draw = patient.draws.stream(Purpose::operation);
  if (draw.uniform() < perioperative_death(disease_, patient, patient.risk == RiskGroup::m1_ned)) {
    return exclude(candidate, Exclusion::perioperative_death);
  }
  take_out_primary(lane, disease_, patient, draw);
  for (int slot = 1; slot < kLesions; ++slot) {
    if (lesion_volume(lane, slot) > 0 && patient.lesions[static_cast<std::size_t>(slot)].known) remove_lesion(lane, disease_, patient, slot);
  }
  add_stress(lane, kStressOfNephrectomy);
  patient.prior_nephrectomy = true;
  candidate.phase = Phase::awaiting_randomisation;
  const Interval& weeks = population_.surgery_to_randomisation_weeks;
  *lane.next_stop = *lane.time + 7 * (weeks.low + (weeks.high - weeks.low) * patient.draws.stream(Purpose::entry).uniform());
  return Next::changed;
}

Next Screening::randomise(LaneView lane, Candidate& candidate) {
  Patient& patient = candidate.patient;
  for (int slot = 0; slot < kLesions; ++slot) {
    const double diameter = diameter_mm(lesion_volume(lane, slot));
    const auto sub = static_cast<std::uint64_t>(8 + slot);
    if (diameter > 0 && patient.draws.stream(Purpose::staging, sub).uniform() <
                            detection_probability(diameter, patient.lesions[static_cast<std::size_t>(slot)].organ, disease_.imaging)) {
      return exclude(candidate, Exclusion::early_recurrence);
    }
  }
  for (Lesion& lesion : patient.lesions) lesion.known = false;
  return enrol(lane, candidate);
}

/// The snapshot that every arm starts from.
Next Screening::enrol(LaneView lane, Candidate& candidate) {
  Patient& patient = candidate.patient;
  for (int k = 0; k < State::count; ++k) patient.states[static_cast<std::size_t>(k)] = lane.state(k);
  for (int k = 0; k < biology::kInputs; ++k) patient.inputs[static_cast<std::size_t>(k)] = lane.input(k);
  people_[candidate.person].patient = std::make_unique<Patient>(patient);
  return Next::leave;
}

/// Does what was decided on the way to a trial of metastatic disease.
Next Screening::follow(LaneView lane, Candidate& candidate, const MetastaticEntry::Step& step) {
  if (step.excluded) return exclude(candidate, *step.excluded);
  if (step.enrolled) return enrol(lane, candidate);
  *lane.next_stop = *lane.time + step.wait;
  return Next::changed;
}

Next Screening::stop(LaneView lane, Stop reason) {
  Candidate& candidate = lanes_[static_cast<std::size_t>(lane.seat)];
  switch (reason) {
    case Stop::failed: return exclude(candidate, Exclusion::not_integrated);
    case Stop::root:
      if (remove_extinct(lane, disease_, candidate.patient) > 0) {
        if (candidate.phase == Phase::growing && lesion_volume(lane, 0) == 0) return exclude(candidate, Exclusion::never_found);
        return Next::changed;
      }
      if (lane.state(State::seeding) >= lane.input(input_index(&Inputs<double>::seeding_at))) {
        lodge_founder(lane, disease_, candidate.patient);
        return Next::changed;
      }
      if (candidate.phase == Phase::growing && lane.state(State::x) <= lane.input(input_index(&Inputs<double>::held_below))) return exclude(candidate, Exclusion::never_found);
      return found(lane, candidate);
    case Stop::time:
      switch (candidate.phase) {
        case Phase::growing: return exclude(candidate, Exclusion::never_found);
        case Phase::awaiting_surgery: return operate(lane, candidate);
        case Phase::awaiting_randomisation: return randomise(lane, candidate);
        case Phase::to_metastatic_trial: return follow(lane, candidate, metastatic_->proceed(lane, candidate.patient, candidate.way));
      }
  }
  bug("a stop of no kind");
}

}  // namespace

ScreenedPeople screen(const Population& population, const Disease& disease, DrawKey key, std::uint64_t first, std::uint64_t count, const Places& places,
                      const Prospects& prospects, const solver::Tolerance& tolerance, const biology::Integrate& integrate) {
  Screening screening(population, disease, key, first, count, places, prospects);
  const solver::Work work = integrate(disease.constants, tolerance, screening);
  return {std::move(screening.people()), work};
}

}  // namespace coley
