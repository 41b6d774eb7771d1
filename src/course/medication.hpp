// SPDX-License-Identifier: Apache-2.0
#pragma once
// The drugs one patient is on: when the next dose is due, what is in the body, and what of it the equations see.

#include <array>

#include "course/setting.hpp"
#include "population/patient.hpp"
#include "solver/batch_client.hpp"

namespace coley {

/// Most drugs at once in one patient, earlier lines included.
inline constexpr std::size_t kMostDrugs = 4;

class Medication {
 public:
  /// Begins a regimen on `day`; earlier drugs are stopped, what is left of antibodies stays in the body.
  void begin(const std::vector<DosingPlan>& drugs, double day, const Patient& patient);

  /// Time of the next dose or switch of a drug that acts; a large number when there is none. Drugs without effect never
  /// call for a stop: a placebo and no drug at all are the same patient, bit for bit.
  double next_event() const;

  /// Gives what is due at `day` and writes the exposure into the lane. True when something was given or switched.
  bool give(double day, const solver::LaneView& lane);

  /// Ends the regimen at `day`.
  void stop(double day, const solver::LaneView& lane);

  /// Ends one drug of the regimen, by its place in it; the regimen ends with the last.
  void stop_drug(std::size_t drug, double day, const solver::LaneView& lane);

  /// True while a planned dose is still to come.
  bool ongoing() const;
  /// Doses of the first drug that were due up to and including `day`, inert ones too.
  int doses_due(double day) const;
  bool completed(double day) const;
  /// Largest share of toxic events that end treatment among the drugs taken.
  double stop_share() const;
  double started() const { return started_; }
  double stopped() const { return stopped_; }

 private:
  struct Course {
    const DosingPlan* plan = nullptr;
    double next = 0;     // day of the next dose or switch
    int given = 0;       // doses
    bool taking = false; // schedule drugs: between on and off
    bool over = false;
  };

  double mg(const DosingPlan& plan) const;
  void dose(Course& course, double day);
  void toggle(Course& course, double day);
  void write(double day, const solver::LaneView& lane) const;

  std::array<Course, kMostDrugs> drugs_;
  std::size_t count_ = 0;
  double started_ = 0, stopped_ = -1;
  double clearance_ = 1, volume_ = 1, weight_ = 80, tki_scale_ = 1;
  treatment::Antibody pd1_, ctla4_;
  double pd1_ec50_ = 1, pd1_limit_ = 1, ctla4_ec50_ = 1, pd1_toxicity_ = 0, ctla4_toxicity_ = 0;
  double carried_to_ = 0;  // day to which antibody amounts were carried
};

}  // namespace coley
