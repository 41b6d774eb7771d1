// SPDX-License-Identifier: Apache-2.0
#pragma once
// A design with one arm and a yes-no outcome: its bounds on responses and what it does at the probabilities of the plan, and
// at that which the engine's patients have on the arm.

#include "design/evaluate.hpp"

namespace coley::design {

statistics::ResponseDesign response_design_of(const SingleArm& plan);

/// Fills the result: one test whose figures are exact, at the response of the pool where there is one.
void add_single_arm(const Plan& plan, Sources& sources, ScenarioResult& result);

/// The probability of success at the response of a pool, its error from the pool's size.
std::vector<std::pair<std::string, Measured>> success_of_pool(const Plan& plan, const SimulatedPool& pool);

}  // namespace coley::design
