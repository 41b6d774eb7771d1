// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `coley response` computes, and how it is shown.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "exchange/response_table.hpp"
#include "statistics/estimate.hpp"
#include "statistics/stratified_proportion.hpp"

namespace coley {

struct ResponseOptions {
  std::string file;
  exchange::ResponseColumns columns;
  double level = 0.95;
  std::string html{};  ///< written when not empty
  bool json = false;
};

struct ResponseRate {
  exchange::ResponseTable::Cell cell;
  statistics::Estimate clopper_pearson, wilson;
};

/// One measure of a group against the reference, by one method.
struct ResponseEffect {
  const char* measure;   ///< JSON key: "difference", "odds_ratio", "risk_ratio"
  const char* method;    ///< JSON key: "mantel_haenszel", "miettinen_nurminen"
  const char* interval;  ///< type of the interval, in words
  std::optional<statistics::CommonEffect> effect;  ///< absent: no stratum informs about it
};

struct ResponseReport {
  ResponseOptions options;
  exchange::ResponseTable table;
  std::vector<ResponseRate> rates;                   ///< by group, over strata
  std::vector<std::vector<ResponseEffect>> effects;  ///< of group g + 1 against group 0
};

ResponseReport make_response_report(const ResponseOptions& options);
std::string response_text(const ResponseReport& report);
nlohmann::json response_json(const ResponseReport& report);

}  // namespace coley
