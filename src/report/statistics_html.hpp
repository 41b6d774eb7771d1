// SPDX-License-Identifier: Apache-2.0
#pragma once
// A page of `coley survival` or `coley meta`: the report as text, the figures drawn from its JSON by an embedded script,
// offline as report.html is.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace coley::report {

/// A figure of web/figures/statistics.ts ("curves", "incidence", "subgroups", "forest", "funnel", "sobol", "design-*") and what is said below it.
struct StatisticsFigure {
  std::string kind;
  std::string caption;
};

/// Data of "sobol": `sobol` [ { output, rows [ { parameter, first, total } ] } ], both indices {estimate, low, high}.
/// The whole page, UTF-8. Without a script (a build without figures) the text stands alone, and says so.
std::string statistics_html(const std::string& title, const std::string& text, const nlohmann::json& data, const std::vector<StatisticsFigure>& figures);

}  // namespace coley::report
