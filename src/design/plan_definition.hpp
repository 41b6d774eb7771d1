// SPDX-License-Identifier: Apache-2.0
#pragma once
// The keys of a design file, each with type, unit, domain, default and meaning, bound to a plan.

#include "design/plan.hpp"
#include "protocol/definition.hpp"

namespace coley::design {

inline constexpr int kDesignSchema = 1;

Table define(Plan& plan);

/// "obrien_fleming", ...: the words of Bounds in order.
const std::vector<std::string>& bounds_words();
const std::vector<std::string>& test_words();

}  // namespace coley::design
