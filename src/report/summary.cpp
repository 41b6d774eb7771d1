// SPDX-License-Identifier: Apache-2.0
#include "report/summary.hpp"

#include <algorithm>
#include <cmath>

namespace coley::report {

Number finite(double value) {
  return std::isfinite(value) ? Number(value) : std::nullopt;
}

std::vector<std::string> twin_keys(const std::vector<TwinSummary>& twins) {
  std::vector<std::string> keys;
  for (const TwinSummary& t : twins) {
    const bool known = std::find(keys.begin(), keys.end(), t.endpoint) != keys.end();
    keys.push_back(known ? t.endpoint + "/" + t.experimental + "/" + t.control : t.endpoint);
  }
  return keys;
}

}  // namespace coley::report
