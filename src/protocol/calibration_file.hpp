// SPDX-License-Identifier: Apache-2.0
#pragma once
// A calibration plan: which numbers are free and within what prior, which published rows of which trials they are fitted
// to, and how long to search and to sample. Immutable data, read from TOML and checked.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace coley {

/// On which scale a number's prior is normal.
enum class PriorScale { linear, log, logit };

/// A number that the fit may move.
struct FreeNumber {
  std::string set;      ///< path as in --set: parameters.gamma, parameters.mu.sd, drugs.sunitinib.effect.kill_per_day.value
  std::string disease;  ///< only in trials of this disease; "" in all
  PriorScale scale = PriorScale::log;
  double low = 0, high = 0;  ///< bounds; the prior is normal between them, two standard deviations either way
  double start = 0;          ///< where the search begins
  std::string why;
};

/// A trial to simulate and the rows to fit, all of one data cut.
struct FittedTrial {
  std::string name;
  std::vector<std::string> rows;
  double weight = 1;  ///< against other trials
  long patients = 0;  ///< simulated; 0: as many as the plan says
};

/// A calibration row that a trial can produce and that is not fitted.
struct LeftOut {
  std::vector<std::string> rows;
  std::string why;
};

struct CalibrationPlan {
  int schema_version = 0;
  std::string name;
  long seed = 1;
  long patients = 400;      ///< simulated for each trial and parameter set, the same draws every time
  double rows_worth = 4;    ///< a trial counts as this many independent rows, however many it has
  double outlier = 3;       ///< standard errors beyond which a misfit counts linearly (Huber's psi, smooth)
  int generations = 8;      ///< of the search
  int population = 12;      ///< of a generation
  int sets = 60;            ///< of a round, from which the posterior is learnt
  int rounds = 4;
  int members = 30;         ///< of the ensemble, drawn from the posterior
  std::vector<FreeNumber> numbers;
  std::vector<FittedTrial> trials;
  std::vector<LeftOut> left_out;
};

/// What a published row is for: "calibration", "validation", "context", "unverified", or "" when there is no such row.
using RoleOf = std::function<std::string(const std::string& row)>;

/// Reads a plan. Throws InputError with every fault: among them rows whose role is not calibration, and numbers of which a
/// second disease has its own without saying which is meant.
CalibrationPlan read_calibration(std::string_view text, const std::string& file_name, const RoleOf& role_of);

/// Of the plan's content; layout and comments do not matter.
std::string sha256_of(const CalibrationPlan& plan);

}  // namespace coley
