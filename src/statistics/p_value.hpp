// SPDX-License-Identifier: Apache-2.0
#pragma once
// Upper tails of test statistics, with log10 where the probability itself underflows (a chi-square above 1,480 is
// routine with 10^5 virtual patients).

namespace coley::statistics {

struct PValue {
  double p;        ///< 0 when it underflows
  double log10_p;  ///< finite even then
};

/// P(chi-square with df degrees of freedom > x); NaN for NaN. Domain: x >= 0, df > 0.
PValue chi_square_tail(double x, double df);

/// P(|Z| > |z|) for a standard normal.
PValue two_sided_normal_tail(double z);

}  // namespace coley::statistics
