// SPDX-License-Identifier: Apache-2.0
#pragma once
// Quantiles of a sample, linear between order statistics (type 7 of Hyndman and Fan 1996, R's default).

#include <algorithm>
#include <cstddef>
#include <span>

namespace coley::statistics {

/// The quantile at p in [0, 1] of values in ascending order, at least one.
inline double sample_quantile(std::span<const double> sorted, double p) {
  const double position = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position), above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace coley::statistics
