// SPDX-License-Identifier: Apache-2.0
#pragma once
// An estimate with its interval: the form in which results are handed over.

namespace coley::statistics {

/// A point estimate and the two ends of its interval, in the unit of the estimate; NaN where not reached or not defined.
struct Interval {
  double estimate, low, high;
};

/// z of a two-sided interval of this level: 1.96 for 0.95. Throws InputError unless 0 < level < 1.
double interval_z(double level);

}  // namespace coley::statistics
