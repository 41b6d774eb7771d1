// SPDX-License-Identifier: Apache-2.0
#pragma once
// One proportion (a response rate) with its interval.

#include <cstdint>

#include "statistics/estimate.hpp"

namespace coley::statistics {

/// Exact interval: both tails of the binomial hold at most (1 - level) / 2. Clopper and Pearson, Biometrika 1934.
/// Throws InputError unless 0 <= events <= n, n >= 1 and 0 < level < 1.
Estimate clopper_pearson(std::int64_t events, std::int64_t n, double level = 0.95);

/// Score interval without continuity correction. Wilson, JASA 1927. Throws as clopper_pearson.
Estimate wilson(std::int64_t events, std::int64_t n, double level = 0.95);

}  // namespace coley::statistics
