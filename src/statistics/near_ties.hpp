// SPDX-License-Identifier: Apache-2.0
#pragma once
// R's "timefix": times that differ by rounding only are one time (survival::aeqSurv).

#include <vector>

namespace coley::statistics {

/// Merges times whose distance is at most 1.49e-8, or at most that times the mean of the distinct times, into the
/// earliest of their run. Entry times (may be empty) are merged with them. Times that are not finite stay as they are, for check() to refuse.
void merge_near_ties(std::vector<double>& time, std::vector<double>& entry);

}  // namespace coley::statistics
