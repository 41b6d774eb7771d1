// SPDX-License-Identifier: Apache-2.0
#pragma once
// An estimate with its interval, the form in which every result is handed over.

namespace coley::statistics {

/// A point estimate and the two ends of its interval, in the unit of the estimate.
struct Estimate {
  double estimate = 0;
  double low = 0;
  double high = 0;
};

/// Half the width of a 95 % interval, in standard errors.
inline constexpr double kNormal975 = 1.959963984540054;

/// The standard normal deviate of a two-sided interval: 1.96 for level 0.95. Throws InputError unless 0 < level < 1.
double two_sided_deviate(double level);

}  // namespace coley::statistics
