// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a hazard ratio means in time. A ratio alone says nothing of months: it takes a baseline, and hazards that stay
// proportional to it. Both are assumptions of whoever asks, and belong beside every figure made here.

#include "statistics/meta_analysis.hpp"

namespace coley::statistics {

/// Survival on control: Weibull with this median. Shape 1 is a constant hazard, above 1 a rising one.
struct Baseline {
  double median = 0;  ///< any unit of time, above 0
  double shape = 1;   ///< above 0
};

/// Median on treatment minus median on control, in the baseline's unit.
double median_gain(double hazard_ratio, const Baseline& baseline);

/// Mean time alive up to `horizon` on treatment minus that on control.
double restricted_mean_gain(double hazard_ratio, const Baseline& baseline, double horizon);

/// A gain with the interval that the interval of a log hazard ratio implies, the baseline taken as known.
struct Gain {
  double estimate = 0;
  Interval interval;
};
Gain median_gain(const Coefficient& log_hazard_ratio, const Baseline& baseline);
Gain restricted_mean_gain(const Coefficient& log_hazard_ratio, const Baseline& baseline, double horizon);

}  // namespace coley::statistics
