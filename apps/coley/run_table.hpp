// SPDX-License-Identifier: Apache-2.0
#pragma once
// The summary of a run as a short table for a terminal.

#include <string>

#include "report/summary.hpp"

namespace coley {

std::string run_table(const report::Summary& summary);

}  // namespace coley
