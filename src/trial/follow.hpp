// SPDX-License-Identifier: Apache-2.0
#pragma once
// A run that is watched: its result so far, again and again while patients finish. What is shown is always the first patients
// of the run, so that a run of so many patients shows the same; threads are ahead of it by a trial each.

#include <functional>

#include "trial/run_trial.hpp"

namespace coley {

/// Takes the result of the first `first.patients` patients; called by one thread at a time. May throw to stop the run.
using Show = std::function<void(const RunOptions& first, const TrialResult& result)>;

/// The whole run (no shard). `show` is called when some patients have finished, or people were screened for the next, though
/// not four times a second, and with the result of all at last. In the midst of a trial `screening` also counts people who
/// were screened for places after the first patients, and were excluded.
TrialResult follow_run(const Design& design, const RunOptions& options, const Show& show);

}  // namespace coley
