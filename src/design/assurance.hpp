// SPDX-License-Identifier: Apache-2.0
#pragma once
// The probability of success when the truth is not known: the power averaged over the scenarios of a grid by their weights,
// or over the members of the parameter ensemble. A trial meets one truth, so the power is taken at each by itself.

#include "design/evaluate.hpp"

namespace coley::design {

/// Over the scenarios of a grid; empty when no axis has weights.
std::vector<Assurance> assurance_over_grid(const DesignResult& result);

/// At every member of the ensemble of the plan's trial, each with a pool of its own; by test, or by hypothesis. Throws
/// InputError without an ensemble.
std::vector<MemberPowers> member_powers(const Plan& plan, Sources& sources, const EvaluateOptions& options);

}  // namespace coley::design
