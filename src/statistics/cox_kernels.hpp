// SPDX-License-Identifier: Apache-2.0
#pragma once
// The inner loops of the Cox likelihood: four numbers at a time where the processor has AVX2, with the same bits
// everywhere (no fused operations, sums in 8 lanes whatever the width).

#include <cstddef>

namespace coley::statistics {

inline constexpr std::size_t kSumLanes = 8;

/// values[i] = e^values[i], relative error below 4e-16; infinite above 708, e^-708 below -708.
void exponentials(double* values, std::size_t count);

/// Adds w[i] x_j[i] to lane i mod 8 of first[j], where x_j = columns[j] + from, and, unless `second` is null, w[i] x_a[i] x_b[i] to
/// that of second[a (a + 1) / 2 + b], b <= a < p. first and second hold kSumLanes numbers for each sum.
void add_moments(const double* w, const double* const* columns, std::size_t p, std::size_t from, std::size_t count, double* first, double* second);

}  // namespace coley::statistics
