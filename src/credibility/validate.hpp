// SPDX-License-Identifier: Apache-2.0
#pragma once
// Scores of a frozen ensemble: every published figure that a shipped trial can produce beside what is simulated, each trial
// at its own size and follow-up. Rows that were fitted and rows that were not are never added up together.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "protocol/calibration_file.hpp"
#include "protocol/ensemble.hpp"
#include "report/summary.hpp"

namespace coley::credibility {

/// What a row was to the fit.
enum class Use { fitted, left_out, validation, context };

/// A published figure and how well it was met. Scores are on the scale on which the figure is roughly normal.
struct ScoredRow {
  std::string trial;
  Use use = Use::context;
  report::EvidenceRow row;                    ///< `agrees`: published inside the central 90 % of simulated trials
  std::optional<double> parameter_sd;         ///< of the expectation between members
  std::optional<double> trial_sd;             ///< of single trials about it
  std::optional<bool> expectation_inside;     ///< simulated expectation inside the published interval
  std::optional<double> control_points;       ///< simulated minus published survival of the control arm, percentage points
  std::optional<double> interval_score;       ///< of the central 90 % (Gneiting and Raftery 2007), in published standard errors
  std::optional<double> log_score;            ///< of the published figure under the simulated trials; higher is better
  std::optional<double> naive_log_score;      ///< the same of the nearest fitted figure carried over; nothing where there is none
  std::string naive_from;                     ///< row that was carried over
};

struct Score {
  int rows = 0, agree = 0;                    ///< of those that can be scored
  int intervals = 0, inside = 0;              ///< published intervals, and expectations inside them
  int controls = 0, within_5_points = 0;
  double interval_score = 0;                  ///< mean
  int compared = 0;
  double log_score_gain = 0;                  ///< mean of the log score minus that of the naive forecast
};

struct Validation {
  std::string ensemble_sha256, version;
  std::vector<ScoredRow> rows;
};

/// Simulates each of `trials` (names of shipped trials) three times at every member, at its published size. `progress` is told the
/// trial that begins.
Validation validate(const std::vector<std::string>& trials, const std::vector<std::string>& sets, const CalibrationPlan& plan, const Ensemble& ensemble,
                    std::uint64_t seed, int threads, const std::function<void(const std::string& trial)>& progress = {});

/// Over the rows of one use.
Score score(const Validation& validation, Use use);

}  // namespace coley::credibility
