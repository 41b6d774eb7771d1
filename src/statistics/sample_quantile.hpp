// SPDX-License-Identifier: Apache-2.0
#pragma once
// Quantiles of a sample, linear between order statistics (types of Hyndman and Fan 1996).

#include <algorithm>
#include <cstddef>
#include <span>

namespace coley::statistics {

/// What stands at a position, counted from 0 and from the first value to the last, among values in ascending order.
inline double value_at(std::span<const double> sorted, double position) {
  const auto below = static_cast<std::size_t>(position), above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

/// The quantile at p in [0, 1] of values in ascending order, at least one: type 7, R's default.
inline double sample_quantile(std::span<const double> sorted, double p) { return value_at(sorted, p * static_cast<double>(sorted.size() - 1)); }

/// That below which a further draw lies with probability p, as far as the values reach: type 6.
inline double quantile_of_next(std::span<const double> sorted, double p) {
  const double last = static_cast<double>(sorted.size() - 1);
  return value_at(sorted, std::clamp(p * static_cast<double>(sorted.size() + 1) - 1, 0.0, last));
}

}  // namespace coley::statistics
