// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where `coley run` and `coley merge` leave a summary.

#include "output_folder.hpp"
#include "report/summary.hpp"

namespace coley {

/// Into the folder, when there is one, as summary.json and report.html, published; on standard output as JSON or as a
/// short table, unless quiet.
void hand_over(const report::Summary& summary, OutputFolder* folder, bool json, bool quiet);

}  // namespace coley
