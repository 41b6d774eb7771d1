// SPDX-License-Identifier: Apache-2.0
#pragma once
// One patient's course as a sequence of stops: the integrator brings the patient to the next one, this acts on it.

#include <optional>

#include "course/medication.hpp"
#include "course/outcome.hpp"
#include "observation/recist.hpp"
#include "observation/recurrence.hpp"

namespace coley {

class PatientCourse {
 public:
  /// Puts the patient's state at randomisation into the lane.
  void begin(const solver::LaneView& lane, const CourseSetting& setting, const Patient& patient, int arm, int follow_up_days);

  /// Acts on a stop and sets the next; says in `event` what happened.
  solver::Next act(const solver::LaneView& lane, solver::Stop reason);

  const Outcome& outcome() const { return outcome_; }
  const char* event() const { return event_; }
  const std::array<Lesion, biology::kLesions>& lesions() const { return patient_.lesions; }

 private:
  solver::Next act_on_time(const solver::LaneView& lane);
  void schedule(const solver::LaneView& lane);
  Scan scan(const solver::LaneView& lane, int day);
  bool assess(const solver::LaneView& lane, int day);
  bool irradiate_due(const solver::LaneView& lane);
  void follow(const solver::LaneView& lane, int day);
  bool note_toxicity(const solver::LaneView& lane);
  bool harm(const solver::LaneView& lane, int day, const Culprit& culprit, Stream draw);
  void await_toxicity(const solver::LaneView& lane);
  void relapse(const solver::LaneView& lane, int day);
  void plan_next_line(const solver::LaneView& lane, int day);
  void start_line(const solver::LaneView& lane, int day);
  bool operate(const solver::LaneView& lane);
  void close(double day);
  solver::Next die(double day, DeathCause cause);

  const CourseSetting* setting_ = nullptr;
  Patient patient_;
  Medication medication_;
  Outcome outcome_;
  std::optional<RecurrenceWatch> watch_;           // while no disease is known
  std::optional<TumourAssessment> tumours_;        // once disease is followed by RECIST
  std::optional<Recist> recist_;
  std::array<std::uint8_t, biology::kLesions> lesion_ids_{};  // counts the lesions that a slot has held
  const char* event_ = "";
  std::size_t next_scan_ = 0;
  std::size_t next_pulse_ = 0;
  std::vector<std::uint8_t> fields_;  // slots that each radiotherapy treats
  int scans_ = 0;
  bool on_study_treatment_ = true;
  int line_ = 0;
  int planned_later_ = -1;
  double background_death_ = 0, withdrawal_ = 0, line_start_ = 0, adverse_ = 0;
  double toxicity_at_ = 0;
  std::uint32_t toxic_events_ = 0;
};

}  // namespace coley
