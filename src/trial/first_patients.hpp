// SPDX-License-Identifier: Apache-2.0
#pragma once
// The first patients of a run one by one, for figures that show people and not rates. They are those of the run: every draw
// has an address, so that they are simulated again, alone.

#include "report/summary.hpp"
#include "trial/run_trial.hpp"

namespace coley {

/// Adds them to the summary of a whole run: patients on their arms and, with twins, the benefit of each.
void add_first_patients(const Design& design, const RunOptions& options, report::Summary& summary);

}  // namespace coley
