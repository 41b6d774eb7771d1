// SPDX-License-Identifier: Apache-2.0
#pragma once
// The summary of a run (docs/summary.md) from its tally.

#include <string>
#include <vector>

#include "report/summary.hpp"
#include "trial/run_trial.hpp"

namespace coley {

/// `command` repeats the run.
report::Summary summarise(const Design& design, const RunOptions& options, const TrialResult& result, const std::string& command);

/// The call of `coley run` that gives the same summary: without what does not change it.
std::string repeat_command(const std::string& trial, const std::vector<std::string>& sets, const RunOptions& options);

}  // namespace coley
