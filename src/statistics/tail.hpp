// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tail probabilities and quantiles of the distributions that pooled effects and designs refer to. Upper tails are
// computed directly, never as 1 - cdf, so a p-value of 1e-200 keeps its digits.

namespace coley::statistics {

/// P(chi-squared with df degrees > x). df = 0 is the point mass at 0. x >= 0.
double chi_squared_upper(double x, double df);
/// The x that chi-squared with df >= 1 degrees exceeds with probability `upper`, in (0, 1).
double chi_squared_upper_quantile(double upper, double df);
/// P(F with df1, df2 degrees > x), x >= 0.
double f_upper(double x, double df1, double df2);
/// P(|Z| > |z|) for a standard normal Z.
double normal_two_sided(double z);
/// P(Z > z).
double normal_upper(double z);
/// P(|T| > |t|) for Student's t with df > 0 degrees.
double student_two_sided(double t, double df);
/// Quantile of Student's t with df > 0 degrees at p in (0, 1).
double student_quantile(double p, double df);

}  // namespace coley::statistics
