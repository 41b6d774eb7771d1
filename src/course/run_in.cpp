// SPDX-License-Identifier: Apache-2.0
#include "course/run_in.hpp"

#include <array>

#include "core/units.hpp"
#include "course/patient_course.hpp"

namespace coley {

using solver::LaneView;
using solver::Next;
using solver::Stop;

namespace {

class EarlierTreatment : public solver::BatchClient {
 public:
  EarlierTreatment(const CourseSetting& setting, PriorUntil until, std::span<const Patient> patients)
      : setting_(setting), until_(until), patients_(patients) {
    treated.resize(patients.size());
  }

  bool load(LaneView lane) override {
    if (next_ == patients_.size()) return false;
    const auto slot = static_cast<std::size_t>(lane.seat);
    who_[slot] = next_;
    Patient patient = patients_[next_++];
    patient.draws.course = 1;
    courses_[slot].begin(lane, setting_, patient, 0, kLongestRunIn);
    return true;
  }

  Next stop(LaneView lane, Stop reason) override {
    const auto slot = static_cast<std::size_t>(lane.seat);
    const Next next = courses_[slot].act(lane, reason);
    const Outcome& outcome = courses_[slot].outcome();
    const bool progressed = outcome.progression_day != kNoDay, stopped = outcome.stopped_by_plan || outcome.stopped_for_toxicity;
    if (next == Next::leave || !(progressed || (stopped && until_ == PriorUntil::stop))) return next;
    if (until_ == PriorUntil::stop && progressed) return Next::leave;
    Patient& patient = treated[who_[slot]].emplace(after(lane, courses_[slot].patient()));
    if (until_ == PriorUntil::stop) {
      patient.stopped_for_toxicity = outcome.stopped_for_toxicity;
      patient.lung_before_treatment = shows_disease(patients_[who_[slot]].baseline, Organ::lung);
    }
    return Next::leave;
  }

 private:
  static Patient after(const LaneView& lane, Patient patient) {
    patient.draws.course = 0;
    for (std::size_t k = 0; k < patient.states.size(); ++k) patient.states[k] = lane.state(static_cast<int>(k));
    for (std::size_t k = 0; k < patient.inputs.size(); ++k) patient.inputs[k] = lane.input(static_cast<int>(k));
    using biology::Inputs, biology::input_index;
    const auto input = [&](double Inputs<double>::*member) -> double& { return patient.inputs[static_cast<std::size_t>(input_index(member))]; };
    // antibodies that are left go on to decay, by the clock of the trial
    if (input(&Inputs<double>::pd1_slow) > 0 || input(&Inputs<double>::ctla4_slow) > 0) input(&Inputs<double>::epoch) -= *lane.time;
    patient.since_diagnosis += *lane.time;
    patient.person.age += *lane.time / kDaysPerYear;
    return patient;
  }

  const CourseSetting& setting_;
  PriorUntil until_;
  std::span<const Patient> patients_;
  std::size_t next_ = 0;
  std::vector<PatientCourse> courses_{solver::kMostSeats};
  std::array<std::size_t, solver::kMostSeats> who_{};

 public:
  std::vector<std::optional<Patient>> treated;
};

}  // namespace

RunIn run_in(const CourseSetting& setting, PriorUntil until, std::span<const Patient> patients, const solver::Tolerance& tolerance,
             const biology::Integrate& integrate) {
  EarlierTreatment before(setting, until, patients);
  const solver::Work work = integrate(setting.disease.constants, tolerance, before);
  return {std::move(before.treated), work};
}

}  // namespace coley
