// SPDX-License-Identifier: Apache-2.0
#pragma once
// Student's t and F, normal tails and quantiles that pooled effects and designs refer to (chi-squared and two-sided normal
// tails: p_value.hpp). Upper tails are computed directly, never as 1 - cdf.

namespace coley::statistics {

/// The x that chi-squared with df >= 1 degrees exceeds with probability `upper`, in (0, 1).
double chi_squared_upper_quantile(double upper, double df);
/// P(F with df1, df2 degrees > x), x >= 0.
double f_upper(double x, double df1, double df2);
/// P(Z > z).
double normal_upper(double z);
/// P(|T| > |t|) for Student's t with df > 0 degrees.
double student_two_sided(double t, double df);
/// Quantile of Student's t with df > 0 degrees at p in (0, 1).
double student_quantile(double p, double df);

}  // namespace coley::statistics
