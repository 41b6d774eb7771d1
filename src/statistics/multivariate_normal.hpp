// SPDX-License-Identifier: Apache-2.0
#pragma once
// Probability of a rectangle under a standard normal vector of a few dimensions, correlations singular or not, over the
// directions that are left after a pivoted Cholesky factorisation; the innermost direction is exact. Up to three
// directions by nested adaptive quadrature, to the relative tolerance asked for; more by quasi-Monte-Carlo on 2^17 points of a
// fixed lattice (Genz 1992), to about 1e-7. Deterministic. Meant for MaxCombo, so for 8 dimensions or fewer.

#include <vector>

namespace coley::statistics {

/// P(lower <= Z <= upper), Z standard normal with this correlation matrix (row by row). Limits may be infinite.
double normal_rectangle(const std::vector<double>& lower, const std::vector<double>& upper, const std::vector<double>& correlation,
                        double tolerance = 1e-9);

/// P(Z_i <= bound for some i), accurate when it is small.
double normal_any_below(double bound, const std::vector<double>& correlation, double tolerance = 1e-9);

/// P(|Z_i| >= bound for some i), accurate when it is small. bound >= 0.
double normal_any_beyond(double bound, const std::vector<double>& correlation);

}  // namespace coley::statistics
