// SPDX-License-Identifier: Apache-2.0
#pragma once
// Comparison of survival curves with the pack's form of them.

#include <string>
#include <vector>

#include "statistics/survival_curve.hpp"
#include "verdict.hpp"

namespace coley::reference_check {

/// `wanted` is an array of groups, each with the sums, times, quantiles and so on that it asks for.
void compare_curves(const std::vector<statistics::SurvivalCurve>& curves, const std::vector<std::string>& groups, const json& wanted,
                    const Tolerance& tolerance, Verdict& verdict);

}  // namespace coley::reference_check
