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
  EarlierTreatment(const CourseSetting& setting, std::span<const Patient> patients) : setting_(setting), patients_(patients) {
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
    if (next == Next::leave || courses_[slot].outcome().progression_day == kNoDay) return next;
    treated[who_[slot]] = after(lane, courses_[slot].patient());
    return Next::leave;
  }

 private:
  static Patient after(const LaneView& lane, Patient patient) {
    patient.draws.course = 0;
    for (std::size_t k = 0; k < patient.states.size(); ++k) patient.states[k] = lane.state(static_cast<int>(k));
    for (std::size_t k = 0; k < patient.inputs.size(); ++k) patient.inputs[k] = lane.input(static_cast<int>(k));
    patient.since_diagnosis += *lane.time;
    patient.person.age += *lane.time / kDaysPerYear;
    return patient;
  }

  const CourseSetting& setting_;
  std::span<const Patient> patients_;
  std::size_t next_ = 0;
  std::array<PatientCourse, solver::kMostSeats> courses_;
  std::array<std::size_t, solver::kMostSeats> who_{};

 public:
  std::vector<std::optional<Patient>> treated;
};

}  // namespace

RunIn run_in(const CourseSetting& setting, std::span<const Patient> patients, const solver::Tolerance& tolerance,
             const biology::Integrate& integrate) {
  EarlierTreatment before(setting, patients);
  const solver::Work work = integrate(setting.disease.constants, tolerance, before);
  return {std::move(before.treated), work};
}

}  // namespace coley
