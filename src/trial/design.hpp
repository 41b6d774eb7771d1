// SPDX-License-Identifier: Apache-2.0
#pragma once
// A trial made ready to run: the course setting, cut-offs as days, strata, and the list of what will be counted. Immutable,
// shared by all threads.

#include <memory>

#include "course/setting.hpp"
#include "population/covariates.hpp"
#include "protocol/ensemble.hpp"
#include "protocol/trial_inputs.hpp"
#include "trial/tally.hpp"

namespace coley {

struct Design {
  TrialInputs inputs;
  CourseSetting setting;
  std::optional<CourseSetting> earlier;  ///< treatment before the trial, where the protocol asks for it
  std::vector<LevelOf> stratum_readers;
  std::vector<int> stratum_levels;
  int strata = 1;
  double longest_follow_up = 0;   ///< days from the first patient to the last cut-off
  std::vector<View> views;
  std::vector<LevelOf> view_readers;  ///< by view; empty for all patients
  struct TwinPair {
    EndpointKind endpoint;
    std::string endpoint_name;
    int experimental, control;
    int horizon_day;
  };
  std::vector<TwinPair> twin_pairs;
  struct TwinGroup {
    std::string covariate;
    int level;
    LevelOf reader;
  };
  std::vector<TwinGroup> twin_groups;
  struct BaselineCovariate {
    std::string name;
    std::vector<std::string> levels;
    LevelOf reader;
  };
  std::vector<BaselineCovariate> baseline;  ///< what is counted of everyone at randomisation

  /// The same trial at each member of the calibrated ensemble: trial t of a run is simulated at member t modulo their number.
  /// Empty: every trial at the inputs' own numbers.
  std::vector<std::shared_ptr<const Design>> members;

  /// The design that trial `trial` of a run is simulated by.
  const Design& of_trial(std::uint64_t trial) const { return members.empty() ? *this : *members[trial % members.size()]; }
  const Protocol& protocol() const { return inputs.protocol; }
  int stratum(const Patient& patient) const;
  int arm(const std::string& name) const;
  /// Index of the view; -1 when it is not counted.
  int view(const std::string& endpoint, const std::string& cutoff, const std::string& covariate = "", int level = -1) const;
  Tally empty_tally(bool twins) const;
};

/// Resolves drugs, cut-offs and covariates. Throws InputError where the parts do not fit together.
Design make_design(TrialInputs inputs);

/// The design with its members at those of an ensemble; what `sets` (those the inputs were read with) say goes before it.
Design at_ensemble(Design design, const Ensemble& ensemble, const std::vector<std::string>& sets);

/// Reads a trial as the commands run it: at the ensemble that ships, or at that of the set `ensemble=` (a path, or none for the
/// parameter table's own values). Throws InputError with the faults of all files.
Design read_design(const NamedText& protocol, const std::vector<std::string>& sets);

/// Days from the first patient in to this one, at accrual quantile u in (0, 1).
double enrolment_day(const Accrual& accrual, double u);
/// The same for the place that a patient took, whoever was screened for it before.
double enrolment_day(const Accrual& accrual, const Patient& patient);

}  // namespace coley
