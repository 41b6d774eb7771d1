// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a plan must be so that its power is as wanted, found on simulated trials: every candidate is tried on trials with
// the same draws, so that they differ by little but the candidate, and the answer comes with the error that the number of
// replicates leaves.

#include <optional>
#include <vector>

#include "design/evaluate.hpp"

namespace coley::design {

/// A candidate and what came of it.
struct Trial {
  double value = 0;   ///< patients, events of the last look, or information fraction of the first look
  Measured power;
  Measured events, months, recruited;
};

struct Solution {
  Unknown unknown = Unknown::size;
  std::string test;
  double wanted = 0.9;
  std::vector<Trial> tried;  ///< in order of value
  double value = 0;          ///< the answer; a whole number for patients and events
  double error = 0;          ///< its standard error; 0 for the timing of looks, of which only some were tried
  Plan plan;                 ///< the plan with that value
  Measured power;            ///< of it, on trials with other draws
};

/// The plan with another size, number of events or timing.
Plan with_value(const Plan& plan, Unknown unknown, double value);

/// Throws InputError when no candidate can have the power: no effect, or more events than patients would be needed.
Solution solve(const Plan& plan, Sources& sources, const EvaluateOptions& options);

}  // namespace coley::design
