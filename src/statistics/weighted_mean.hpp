// SPDX-License-Identifier: Apache-2.0
#pragma once
// Restricted mean survival in which moments count by a weight, as by quality of life.

#include <functional>

#include "statistics/survival_curve.hpp"

namespace coley::statistics {

/// restricted_mean of S times a weight that is taken as known; `weight(from, to)` is the area below it.
RestrictedMean weighted_mean(const SurvivalCurve& curve, double tau, const std::function<double(double, double)>& weight);

}  // namespace coley::statistics
