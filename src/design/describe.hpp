// SPDX-License-Identifier: Apache-2.0
#pragma once
// A design and its result in words and tables for people, and as JSON for programs.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "design/evaluate.hpp"
#include "design/solve.hpp"

namespace coley::design {

/// The design as a protocol would say it, in a few sentences.
std::string in_words(const DesignResult& result);
/// When a look comes: "222 events".
std::string look_in_words(const Look& look);
/// Whether the information of every look is known before the trial, so that there is one table of bounds.
bool has_planned_bounds(const Plan& plan);

/// Everything as text.
std::string to_text(const DesignResult& result, const std::optional<Solution>& solution);

nlohmann::ordered_json to_json(const DesignResult& result, const std::optional<Solution>& solution);

}  // namespace coley::design
