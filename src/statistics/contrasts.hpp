// SPDX-License-Identifier: Apache-2.0
#pragma once
// What two survival curves differ by: restricted mean survival time (difference, ratio, ratio of time lost) and survival
// at a milestone. The first curve is control, the second treated. Delta method; the formulas of survRM2 and of
// Klein et al. 2007.

#include "statistics/survival_curve.hpp"

namespace coley::statistics {

/// An estimate with its standard error on the scale of the test, its interval and a two-sided test against no effect.
struct CurveContrast {
  double estimate, se, low, high, z, p, log10_p;
};

struct RmstContrast {
  RestrictedMean control, treated;
  CurveContrast difference;       ///< treated - control
  CurveContrast ratio;            ///< treated / control; se is of its logarithm
  CurveContrast time_lost_ratio;  ///< (tau - treated) / (tau - control); se is of its logarithm
};

/// Throws InputError when tau is beyond the shorter follow-up and that curve has not reached 0, unless `extrapolate`.
RmstContrast rmst_contrast(const SurvivalCurve& control, const SurvivalCurve& treated, double tau, bool extrapolate = false);

struct Milestone {
  double at;
  CurvePoint control, treated;
  CurveContrast difference;           ///< S(treated) - S(control), Greenwood
  double z_cloglog, p_cloglog;   ///< on the log(-log S) scale, above 0 when treated does better; NaN when an S is 0 or 1
};

Milestone milestone(const SurvivalCurve& control, const SurvivalCurve& treated, double at);

}  // namespace coley::statistics
