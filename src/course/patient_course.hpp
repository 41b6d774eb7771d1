// SPDX-License-Identifier: Apache-2.0
#pragma once
// One patient's course as a sequence of stops: the integrator brings the patient to the next one, this acts on it.

#include <array>
#include <optional>
#include <vector>

#include "core/units.hpp"
#include "course/condition.hpp"
#include "course/irradiation.hpp"
#include "course/local_control.hpp"
#include "course/medication.hpp"
#include "course/outcome.hpp"
#include "course/surgery.hpp"
#include "observation/irecist.hpp"
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
  const Patient& patient() const { return patient_; }
  const Condition& condition() const { return condition_; }
  /// As a scan at this stop read them.
  const std::optional<TargetSum>& targets() const { return targets_; }
  const std::array<Lesion, biology::kLesions>& lesions() const { return patient_.lesions; }

 private:
  solver::Next act_on_root(const solver::LaneView& lane);
  solver::Next act_on_time(const solver::LaneView& lane);
  void schedule(const solver::LaneView& lane);
  const ArmPlan& arm() const { return setting_->arms[static_cast<std::size_t>(outcome_.arm)]; }
  /// Factor of supportive care on the chance that an operation or a grade 3+ event is fatal.
  double fatal_factor() const { return arm().supportive_care ? setting_->disease.supportive_fatal : 1.0; }

  // study treatment
  void begin_treatment(const solver::LaneView& lane);
  void interrupt_treatment(const solver::LaneView& lane);
  void begin_after_operation(const solver::LaneView& lane, int day);
  void plan_stops(double start);
  bool stop_electively(const solver::LaneView& lane);
  void note_responses(int day);
  bool retreat(const solver::LaneView& lane, int day);
  void close(double day);
  double end_of_treatment() const;
  DosesDue doses_of_first(double day) const;
  int last_dose(double day) const;
  bool planned_doses_done(double day) const;

  // disease
  const ResponseHistory& history() const { return setting_->irecist ? irecist_->history() : recist_->history(); }
  Scan scan(const solver::LaneView& lane, int day) { return take_scan(lane, patient_, lesion_ids_, day, setting_->disease.imaging); }
  void follow(const Scan& baseline);
  bool assess(const solver::LaneView& lane, int day);
  const char* scan_event() const;
  bool judge(const solver::LaneView& lane, const Scan& seen);
  bool treated_beyond_progression(int day) const;
  void relapse(const solver::LaneView& lane, int day);
  void note_deterioration(int day);

  // operations and further lines
  void operate(const solver::LaneView& lane, int day);
  double operate_on_primary(const solver::LaneView& lane, OperationKind kind);
  bool clear_metastases(const solver::LaneView& lane);
  void plan_next_line(const solver::LaneView& lane, int day);
  void start_line(const solver::LaneView& lane, int day);

  // radiotherapy and harm
  bool irradiate_due(const solver::LaneView& lane);
  void plan_fields(const solver::LaneView& lane, std::size_t plan);
  void settle_lost_lesions(const solver::LaneView& lane);
  bool note_toxicity(const solver::LaneView& lane);
  bool harm(const solver::LaneView& lane, int day, const Culprit& culprit, Stream draw);
  void await_toxicity(const solver::LaneView& lane);
  solver::Next die(double day, DeathCause cause);

  const CourseSetting* setting_ = nullptr;
  Patient patient_;
  Medication medication_;
  Condition condition_;
  LocalControl local_control_;
  Outcome outcome_;
  std::optional<RecurrenceWatch> watch_;           // while no disease is known
  std::optional<TumourAssessment> tumours_;        // once disease is followed by RECIST
  std::optional<Recist> recist_;
  std::optional<Irecist> irecist_;                 // beside it: confirms progression of who is treated beyond it
  int worse_since_ = kNoDay;                       // visit that first found the patient deteriorated
  bool following_ = false;                         // a progression would still change treatment
  Response seen_ = Response::NE;                   // at the last scan, by RECIST 1.1
  LesionIds lesion_ids_{};
  const char* event_ = "";
  std::optional<TargetSum> targets_;
  std::size_t next_scan_ = 0;
  std::size_t next_operation_ = 0;
  std::size_t next_pulse_ = 0;
  std::vector<std::uint8_t> fields_;               // slots that each radiotherapy treats
  bool on_study_treatment_ = true;
  bool closed_ = false;                            // study treatment has ended, its doses are counted
  bool rules_apply_ = true;                        // of regimen_: until the progression that ends its line
  bool stopped_by_plan_ = false;                   // every drug of regimen_, and they may be given again
  int line_ = 0;
  int planned_later_ = -1;
  std::uint64_t operations_ = 0;                   // metastasectomies so far
  double background_death_ = 0, operation_death_ = 0, withdrawal_ = 0, line_start_ = 0, adverse_ = 0;
  double visit_ = 0;                               // next day on which something is due, whether followed so long or not
  bool waiting_ = false;                           // study drugs wait for an operation, or for recovery from it
  double study_start_ = kNever;                    // first day of study treatment
  double begun_ = 0;                               // day on which the regimen as it is now was begun
  int doses_before_ = 0, withheld_before_ = 0;     // of the first drug, before an operation
  int last_dose_before_ = kNoDay;                  // of any drug
  std::vector<DosingPlan> regimen_;                // of the arm, or what an operation left of it, or of the line
  std::array<double, kMostDrugs> stop_at_{};       // elective stops
  std::array<double, kMostDrugs> stopped_{};       // days on which they, or progression, ended a drug
  double toxicity_at_ = 0;
  std::uint32_t toxic_events_ = 0;
  int drugs_stopped_for_harm_ = 0;
};

}  // namespace coley
