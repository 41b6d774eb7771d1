// SPDX-License-Identifier: Apache-2.0
#pragma once
// The outcome of a calibration: sets of numbers that fit what was published, as data with where they came from. Immutable.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/trial_inputs.hpp"

namespace coley {

/// A number of the ensemble.
struct EnsembleNumber {
  std::string set;      ///< path as in --set
  std::string disease;  ///< only in trials of this disease; "" in all
};

struct EnsembleMember {
  std::vector<double> values;  ///< in order of the numbers
};

/// How a trial of the plan is met without it: simulated at as many sets as the ensemble has, drawn from the posterior of the
/// other trials' rows. Mean squares are of misfits in standard errors, over rows and sets; a row is met when the median misfit
/// of the sets is within 1.96.
struct OmittedTrial {
  std::string trial;
  int rows = 0;
  int met = 0, met_without = 0;
  double square = 0, square_without = 0;
};

struct Ensemble {
  int schema_version = 1;
  std::string plan;         ///< name of the calibration plan
  std::string plan_sha256;
  std::string version;      ///< of the program that fitted
  std::string date;         ///< of the fit, ISO 8601
  long evaluations = 0;
  std::vector<EnsembleNumber> numbers;
  std::vector<EnsembleMember> members;
  std::vector<OmittedTrial> omitted;  ///< each trial of the plan in turn; empty in an ensemble that no fit made
};

/// Of the numbers and members alone: the frozen ensemble that a prediction names.
std::string sha256_of(const Ensemble& ensemble);

/// As a TOML file that reads back to the same numbers, bit for bit.
std::string to_text(const Ensemble& ensemble);

/// Whether a number is one of this trial: of its disease and, if of a drug, of one that it names.
bool concerns(const std::string& set, const std::string& disease, const TrialInputs& inputs);

/// The inputs of a trial with a member's numbers in place: those of its disease and of drugs that it names. What `sets` (the
/// texts of --set with which the inputs were read) say goes before the member.
TrialInputs with_member(const TrialInputs& inputs, const Ensemble& ensemble, std::size_t member, const std::vector<std::string>& sets = {});

/// The ensemble that commands run at: the one that ships, or what the last text "ensemble=" of `sets` says (a path, or none for
/// the parameter table's own values). Such texts are taken out of `sets`. Throws InputError.
std::optional<Ensemble> take_ensemble(std::vector<std::string>& sets);

/// Throws InputError with every fault.
Ensemble read_ensemble(std::string_view text, const std::string& file_name);

}  // namespace coley
