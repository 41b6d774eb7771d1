// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a plan must satisfy beyond the domain of each key: sums, orders, choices that exclude each other.

#include "design/plan.hpp"
#include "protocol/fault_list.hpp"

namespace coley::design {

/// Adds a fault for each rule that `plan` breaks. Rules about keys that already have a fault are left out.
void check_plan(const Plan& plan, FaultList& faults);

}  // namespace coley::design
