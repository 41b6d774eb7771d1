// SPDX-License-Identifier: Apache-2.0
#pragma once
// The shards of a run added up. The result is that of the whole run on one machine, bit for bit, in any order of shards.

#include <string>
#include <vector>

#include "trial/partial.hpp"

namespace coley {

struct MergedRun {
  Design design;
  RunOptions options;   ///< of the whole run; the most threads of any shard
  TrialResult result;   ///< wall_seconds: the sum over the shards
  std::string command;  ///< repeats the whole run on one machine
};

/// Throws InputError that names the files: another version, protocol, set of parameters, seed, number of patients or of
/// shards; a shard given twice; shards missing.
MergedRun merge(std::vector<Partial> partials);

/// The result that `checkpoint` holds, to go on with `run`, of which only the result is not looked at. Throws InputError
/// when it is the checkpoint of another run.
TrialResult resume(const Design& design, const Partial& run, Partial checkpoint);

}  // namespace coley
