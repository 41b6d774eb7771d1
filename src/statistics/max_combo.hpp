// SPDX-License-Identifier: Apache-2.0
#pragma once
// MaxCombo (log_rank.hpp) where nothing is wanted but the one-sided p-value, thousands of times: in simulated trials, of whose
// time that p-value is the larger part.

#include "statistics/log_rank.hpp"

namespace coley::statistics {

/// To a relative tolerance; NaN when not estimable.
double max_combo_p(const SortedRows& rows, const std::vector<LogRankWeight>& weights, double tolerance);

}  // namespace coley::statistics
