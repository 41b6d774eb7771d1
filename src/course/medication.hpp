// SPDX-License-Identifier: Apache-2.0
#pragma once
// The drugs one patient is on: when the next dose is due, what is in the body, and what of it the equations see. Antibodies
// are carried from dose to dose; other drugs are constants from the start to the end of a stretch of doses, so that a block of
// fourteen doses costs two stops.

#include <array>
#include <optional>
#include <utility>

#include "course/resistance.hpp"
#include "course/schedule.hpp"
#include "course/setting.hpp"
#include "population/patient.hpp"
#include "solver/batch_client.hpp"
#include "treatment/exposure.hpp"

namespace coley {

/// Most drugs at once in one patient, earlier lines included.
inline constexpr std::size_t kMostDrugs = 4;

/// What caused a grade 3+ event, and what it leads to.
struct Culprit {
  std::size_t drug = kMostDrugs;  ///< place in the regimen; kMostDrugs: an antibody left from an earlier one, or none
  double stop_share = 0;
  double fatal_share = 0;
};

class Medication {
 public:
  /// Begins a regimen on `day`; earlier drugs are stopped, what is left of antibodies stays in the body. Writes resistance to
  /// the drugs of the regimen into the lane.
  void begin(const std::vector<DosingPlan>& drugs, double day, const Patient& patient, const Disease& disease, const solver::LaneView& lane);

  /// The patient had these drugs until `day`: what resistance there is in the lane is to them.
  void had(const std::vector<DosingPlan>& drugs, double day, const solver::LaneView& lane);

  /// Time of the next dose or switch of a drug that acts; a large number when there is none. Drugs without effect never
  /// call for a stop: a placebo and no drug at all are the same patient, bit for bit.
  double next_event() const;

  /// Gives what is due at `day` and writes the exposure into the lane. True when something was given or switched.
  bool give(double day, const solver::LaneView& lane);

  /// Ends the regimen at `day`.
  void stop(double day, const solver::LaneView& lane);
  /// Ends one dosing of the regimen, by its place in it; the regimen ends with the last.
  void stop_drug(std::size_t drug, double day, const solver::LaneView& lane);

  /// Dosings of the regimen, and whether two of them give the same drug, as induction and maintenance do.
  std::size_t size() const { return count_; }
  bool same_drug(std::size_t a, std::size_t b) const { return drugs_[a].plan.dosing.drug == drugs_[b].plan.dosing.drug; }
  /// True until every dosing has been stopped; those that ran out need not be.
  bool ongoing() const;
  /// Doses of the first drug that were due up to and including `day` and not withheld, inert ones too; day of the last.
  DosesDue doses_due(double day) const;
  /// True from the end of a block of doses under which blood pressure fell, until that is taken.
  bool pressure_fell() const;
  /// A fall of blood pressure to grade 3 under a block of doses that has ended: its day and drug. Each is told once.
  std::optional<std::pair<double, Culprit>> take_hypotension();
  /// The drug that caused a grade 3+ event of `day`, drawn by the shares of hazard with u in (0, 1).
  Culprit culprit(double day, double u) const;
  /// Occupancy of PD-1 on `day`, 0 to 1.
  double blocked(double day) const;
  double started() const { return started_; }
  double stopped() const { return stopped_; }

 private:
  struct Course {
    DosingPlan plan;
    double next = 0;      // day of the next dose or switch
    int given = 0;        // doses of antibodies; stretches of other drugs
    int withheld = 0;     // doses
    bool taking = false;  // between on and off
    bool over = false;
    treatment::Exposure exposure;  // while taking, if no dose is withheld
    double share = 1;     // of the doses of the stretch that are given
    double leak = 0, leak_day = 0, limit = 0;
    double hypotension = -1;
  };

  void carry(double day);
  /// Concentration of an antibody on `day`; the copy is carried on to it.
  double level(treatment::Antibody drug, double day) const;
  void dose(Course& course, double day);
  void toggle(Course& course, double day);
  void plan_block(Course& course, double day, double& end);
  void write(double day, const solver::LaneView& lane) const;

  std::array<Course, kMostDrugs> drugs_;
  std::size_t count_ = 0;
  double started_ = 0, stopped_ = -1;
  double antibody_clearance_ = 0, antibody_volume_ = 0;  // standard normal deviates
  treatment::Body body_;
  double tki_scale_ = 1;
  treatment::Antibody pd1_, ctla4_;
  treatment::DrugAction pd1_action_, ctla4_action_;  // of the last dose
  double carried_to_ = 0;  // day to which antibody amounts were carried
  ResistanceRecord resistance_;
};

}  // namespace coley
