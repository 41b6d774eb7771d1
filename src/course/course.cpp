// SPDX-License-Identifier: Apache-2.0
#include "course/course.hpp"

#include <array>

#include "course/patient_course.hpp"

namespace coley {

using solver::LaneView;
using solver::Next;
using solver::Stop;

namespace {

class Ward : public solver::BatchClient {
 public:
  Ward(const CourseSetting& setting, std::span<const PatientOnArm> assignments, const Witness& witness)
      : setting_(setting), assignments_(assignments), witness_(witness), outcomes(assignments.size()) {}

  bool load(LaneView lane) override {
    if (next_ == assignments_.size()) return false;
    const auto slot = static_cast<std::size_t>(lane.seat);
    who_[slot] = next_;
    const PatientOnArm& assignment = assignments_[next_++];
    courses_[slot].begin(lane, setting_, *assignment.patient, assignment.arm, assignment.follow_up_days);
    show(lane);
    return true;
  }

  Next stop(LaneView lane, Stop reason) override {
    const auto slot = static_cast<std::size_t>(lane.seat);
    const Next next = courses_[slot].act(lane, reason);
    show(lane);
    if (next == Next::leave) outcomes[who_[slot]] = courses_[slot].outcome();
    return next;
  }

 private:
  void show(const LaneView& lane) const {
    if (!witness_) return;
    std::array<double, biology::State::count> states;
    std::array<double, biology::kInputs> inputs;
    for (std::size_t k = 0; k < states.size(); ++k) states[k] = lane.state(static_cast<int>(k));
    for (std::size_t k = 0; k < inputs.size(); ++k) inputs[k] = lane.input(static_cast<int>(k));
    const auto slot = static_cast<std::size_t>(lane.seat);
    const PatientCourse& course = courses_[slot];
    witness_({who_[slot], *lane.time, course.event(), states.data(), inputs.data(), course.lesions().data(), &course.condition(), course.targets()});
  }

  const CourseSetting& setting_;
  std::span<const PatientOnArm> assignments_;
  const Witness& witness_;
  std::size_t next_ = 0;
  std::vector<PatientCourse> courses_{solver::kMostSeats};
  std::array<std::size_t, solver::kMostSeats> who_{};

 public:
  std::vector<Outcome> outcomes;
};

}  // namespace

CourseResult run_courses(const CourseSetting& setting, std::span<const PatientOnArm> assignments, const solver::Tolerance& tolerance,
                         const Witness& witness, const biology::Integrate& integrate) {
  Ward ward(setting, assignments, witness);
  const solver::Work work = integrate(setting.disease.constants, tolerance, ward);
  return {std::move(ward.outcomes), work};
}

}  // namespace coley
