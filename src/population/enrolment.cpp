// SPDX-License-Identifier: Apache-2.0
#include "population/enrolment.hpp"

#include <algorithm>
#include <cmath>

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

constexpr double kLongestNaturalHistory = 50 * kDaysPerYear;
constexpr double kDiagnosisToSurgery = 28;
constexpr std::uint32_t kMostAttempts = 200000;  // a place that cannot be filled is an error in the protocol

enum class Phase : std::uint8_t { growing, awaiting_surgery, awaiting_randomisation, to_metastatic_trial };

class Screening : public solver::BatchClient {
 public:
  Screening(const Population& population, const Disease& disease, DrawKey key, std::span<const Place> places)
      : population_(population), disease_(disease), key_(key), places_(places) {
    result_.patients.resize(places.size());
    if (population.entry == Entry::metastatic) metastatic_.emplace(population, disease);
  }
  bool load(LaneView lane) override;
  Next stop(LaneView lane, Stop reason) override;
  Enrolment& result() { return result_; }

 private:
  struct Candidate {
    Patient patient;
    std::size_t place = 0;
    Phase phase = Phase::growing;
    RiskGroup wanted = RiskGroup::low;
    MetastaticEntry::Way way;
  };

  Next exclude(LaneView lane, Candidate& candidate, Exclusion reason);
  Next found(LaneView lane, Candidate& candidate);
  Next operate(LaneView lane, Candidate& candidate);
  Next randomise(LaneView lane, Candidate& candidate);
  Next enrol(LaneView lane, Candidate& candidate);
  Next follow(LaneView lane, Candidate& candidate, const MetastaticEntry::Step& step);
  void screen_next(LaneView lane, Candidate& candidate);
  void count(Exclusion reason) { ++result_.screening.excluded[static_cast<std::size_t>(reason)]; }
  RiskGroup wanted_group(const DrawAddress& address) const;

  const Population& population_;
  const Disease& disease_;
  DrawKey key_;
  std::span<const Place> places_;
  std::size_t next_place_ = 0;
  std::optional<MetastaticEntry> metastatic_;  // when that is the entry
  std::array<Candidate, solver::kMostSeats> lanes_;
  Enrolment result_;
};

RiskGroup risk_named(const std::string& name) {
  for (std::size_t i = 0; i < kRiskNames.size(); ++i) {
    if (kRiskNames[i] == name) return static_cast<RiskGroup>(i);
  }
  bug("a risk group that the protocol's check let pass: " + name);
}

RiskGroup Screening::wanted_group(const DrawAddress& address) const {
  if (population_.mix.empty()) return RiskGroup::low;
  return risk_named(drawn_group(population_.mix, address.stream(Purpose::enrolment).uniform()));
}

bool Screening::load(LaneView lane) {
  if (next_place_ == places_.size()) return false;
  Candidate& candidate = lanes_[static_cast<std::size_t>(lane.seat)];
  candidate.place = next_place_++;
  candidate.patient.draws = {key_, places_[candidate.place].number, 0};
  if (metastatic_) {
    candidate.way.wanted = metastatic_->wanted(candidate.patient.draws);
  } else {
    candidate.wanted = wanted_group(candidate.patient.draws);
  }
  candidate.patient.draws.attempt = places_[candidate.place].attempt;
  screen_next(lane, candidate);
  return true;
}

/// The next person for this place. Whom age or histology already exclude is counted without following the tumour.
void Screening::screen_next(LaneView lane, Candidate& candidate) {
  Patient& patient = candidate.patient;
  patient.pathology = {};
  for (;; patient.draws.attempt = next_attempt(patient.draws.attempt)) {
    ++result_.screening.screened;
    draw_candidate(disease_, patient);
    if (!admits(population_.eligibility.histology, kHistologyNames, patient.person.histology)) {
      count(Exclusion::histology);
    } else if (patient.person.age < population_.eligibility.age.low || patient.person.age > population_.eligibility.age.high) {
      count(Exclusion::age);
    } else {
      break;
    }
  }
  candidate.phase = Phase::growing;
  *lane.time = 0;
  *lane.next_stop = kLongestNaturalHistory;
  begin_natural_history(lane, disease_, patient);
}

Next Screening::exclude(LaneView lane, Candidate& candidate, Exclusion reason) {
  count(reason);
  candidate.patient.draws.attempt = next_attempt(candidate.patient.draws.attempt);
  screen_next(lane, candidate);
  return Next::changed;
}

Next Screening::found(LaneView lane, Candidate& candidate) {
  Patient& patient = candidate.patient;
  const Eligibility& rules = population_.eligibility;
  lane.input(input_index(&Inputs<double>::found_at)) = kNever;
  if (metastatic_) {
    candidate.phase = Phase::to_metastatic_trial;
    return follow(lane, candidate, metastatic_->found(lane, patient, candidate.way));
  }
  diagnose(lane, disease_, patient);
  if (patient.risk == RiskGroup::metastatic && !admits(rules.risk, kRiskNames, RiskGroup::metastatic)) return exclude(lane, candidate, Exclusion::metastatic);
  if (!admits(rules.risk, kRiskNames, patient.risk)) return exclude(lane, candidate, Exclusion::risk_low);
  if (patient.ecog > rules.ecog_max) return exclude(lane, candidate, Exclusion::performance);
  if (!population_.mix.empty() && patient.risk != candidate.wanted) return exclude(lane, candidate, Exclusion::group_full);
  candidate.phase = Phase::awaiting_surgery;
  *lane.next_stop = *lane.time + kDiagnosisToSurgery;
  return Next::changed;
}

/// Kidney out, with regional nodes and the metastases that were seen; what was not seen stays.
Next Screening::operate(LaneView lane, Candidate& candidate) {
  Patient& patient = candidate.patient;
  Stream draw = patient.draws.stream(Purpose::operation);
  if (draw.uniform() < perioperative_death(disease_, patient, patient.risk == RiskGroup::m1_ned)) {
    return exclude(lane, candidate, Exclusion::perioperative_death);
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
                            detection_probability(diameter, patient.lesions[static_cast<std::size_t>(slot)].organ, ScanError{})) {
      return exclude(lane, candidate, Exclusion::early_recurrence);
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
  result_.patients[candidate.place] = patient;
  ++result_.screening.enrolled;
  return Next::leave;
}

/// Does what was decided on the way to a trial of metastatic disease.
Next Screening::follow(LaneView lane, Candidate& candidate, const MetastaticEntry::Step& step) {
  if (step.excluded) return exclude(lane, candidate, *step.excluded);
  if (step.enrolled) return enrol(lane, candidate);
  *lane.next_stop = *lane.time + step.wait;
  return Next::changed;
}

Next Screening::stop(LaneView lane, Stop reason) {
  Candidate& candidate = lanes_[static_cast<std::size_t>(lane.seat)];
  switch (reason) {
    case Stop::failed: return exclude(lane, candidate, Exclusion::not_integrated);
    case Stop::root:
      if (remove_extinct(lane, disease_, candidate.patient) > 0) {
        if (candidate.phase == Phase::growing && lesion_volume(lane, 0) == 0) return exclude(lane, candidate, Exclusion::never_found);
        return Next::changed;
      }
      if (lane.state(State::seeding) >= lane.input(input_index(&Inputs<double>::seeding_at))) {
        lodge_founder(lane, disease_, candidate.patient);
        return Next::changed;
      }
      return found(lane, candidate);
    case Stop::time:
      switch (candidate.phase) {
        case Phase::growing: return exclude(lane, candidate, Exclusion::never_found);
        case Phase::awaiting_surgery: return operate(lane, candidate);
        case Phase::awaiting_randomisation: return randomise(lane, candidate);
        case Phase::to_metastatic_trial: return follow(lane, candidate, metastatic_->proceed(lane, candidate.patient, candidate.way));
      }
  }
  bug("a stop of no kind");
}

}  // namespace

ScreeningCount& ScreeningCount::operator+=(const ScreeningCount& other) {
  screened += other.screened;
  enrolled += other.enrolled;
  for (std::size_t i = 0; i < excluded.size(); ++i) excluded[i] += other.excluded[i];
  return *this;
}

std::uint32_t next_attempt(std::uint32_t attempt) {
  if (attempt < kMostAttempts) return attempt + 1;
  throw RunError("no eligible patient among " + std::to_string(kMostAttempts) +
                 " screened for one place: the eligibility, or a share of the mix, asks for people who hardly exist");
}

Enrolment enrol(const Population& population, const Disease& disease, DrawKey key, std::span<const Place> places,
                const solver::Tolerance& tolerance, const biology::Integrate& integrate) {
  Screening screening(population, disease, key, places);
  const solver::Work work = integrate(disease.constants, tolerance, screening);
  screening.result().work = work;
  return std::move(screening.result());
}

Enrolment enrol(const Population& population, const Disease& disease, DrawKey key, std::uint64_t places,
                const solver::Tolerance& tolerance, const biology::Integrate& integrate) {
  std::vector<Place> all;
  for (std::uint64_t place = 0; place < places; ++place) all.push_back({place, 0});
  return enrol(population, disease, key, all, tolerance, integrate);
}

}  // namespace coley
