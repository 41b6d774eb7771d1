// SPDX-License-Identifier: Apache-2.0
#pragma once
// The keys of a summary in words for people: steps of the flow, reasons not to enrol, covariates and their levels,
// adverse events, endpoints.

#include <map>
#include <string>

#include "report/summary.hpp"

namespace coley::report {

/// "Stopped for toxicity" for discontinued_toxicity. A key without words of its own is shown with spaces for underscores
/// and a capital.
std::string in_words(const std::string& key);

/// in_words() of every key of `summary` that a figure shows.
std::map<std::string, std::string> figure_words(const Summary& summary);

}  // namespace coley::report
