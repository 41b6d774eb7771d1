// SPDX-License-Identifier: Apache-2.0
#pragma once
// The whole flow: enrol, assign, simulate, derive endpoints, count. A run is a series of trials of the protocol's size,
// each with its own replicate number in the address of its draws; N patients are the first N of that series. The result
// does not depend on the number of threads.

#include <functional>

#include "trial/design.hpp"

namespace coley {

class KeptPopulation;

/// The part of a run that one machine does: the trials t of the series with t % count == index.
struct Shard {
  long long index = 0;
  long long count = 1;
};

struct RunOptions {
  long long patients = 0;  ///< randomised in all; the last trial of the series may be a part of one
  std::uint64_t seed = 1;
  int threads = 1;
  bool twins = false;      ///< every patient on every arm
  solver::Tolerance tolerance;
  Shard shard;             ///< the whole run, when not said otherwise
  const KeptPopulation* kept = nullptr;  ///< where natural histories are kept between runs
};

/// What was kept of each whole trial of the series (estimates.hpp), for the first kMostTrialsKept trials.
inline constexpr int kMostTrialsKept = 1000;

struct TrialResult {
  Tally tally;                                     ///< all patients of the shard
  std::vector<std::vector<double>> by_trial;       ///< [trial][kept_estimates], NaN where not estimable; empty for trials of other shards
  long long whole_trials = 0;                      ///< of the whole run
  long long trials_done = 0;                       ///< the first ones of the shard's
  double wall_seconds = 0;
};

/// One patient's row, for those who ask for patient-level data.
struct PatientRow {
  std::uint64_t trial = 0, place = 0;
  const Patient* patient = nullptr;
  const Outcome* outcome = nullptr;
  double enrolment_day = 0;
};

/// What one and the same patient gains by the experimental arm of a pair within its horizon.
int benefit_days(const Design& design, const Design::TwinPair& pair, const Outcome& experimental, const Outcome& control);

/// The result before any trial is done.
TrialResult empty_result(const Design& design, const RunOptions& options);

/// Trials of the shard.
long long trials_of_shard(const Design& design, const RunOptions& options);
/// Patients of the first `trials` trials of the shard.
long long patients_of_shard(const Design& design, const RunOptions& options, long long trials);
/// Patients of the shard.
long long patients_of_shard(const Design& design, const RunOptions& options);

/// Called now and then with the number of patients done; may throw to stop the run.
using Progress = std::function<void(long long patients_done)>;
/// Called with every patient of a trial once it is done, from the thread that did it and so trials in any order; may
/// throw to stop the run. Empty: no rows are kept.
using RowSink = std::function<void(const std::vector<PatientRow>&)>;

/// Called as the patients of a trial finish, with the tally of its first `patients` places: that of a trial of so many, but
/// that people may have been screened for later places. May throw to stop the run.
using Look = std::function<void(const Tally& first, long long patients)>;

/// One trial of `size` patients (at most the protocol's), as tally.
Tally simulate_trial(const Design& design, const RunOptions& options, std::uint64_t trial, long long size, const RowSink& rows = {}, const Look& look = {});

/// Goes on with a run where `result` left it: at least one trial, and none that begins later than
/// `seconds` from now. True when all are done. When it throws, `result` is of no use.
bool continue_run(const Design& design, const RunOptions& options, double seconds, TrialResult& result, const Progress& progress = {}, const RowSink& rows = {});

/// The whole run, or the whole shard.
TrialResult run_trial(const Design& design, const RunOptions& options, const Progress& progress = {}, const RowSink& rows = {});

}  // namespace coley
