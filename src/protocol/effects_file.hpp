// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the documents that define the project claim, as runs: each effect with the mechanism that makes it, how that is switched
// off, and which figure of which trial shows it. Immutable data, read from TOML and checked.

#include <string>
#include <string_view>
#include <vector>

namespace coley {

struct Effect {
  std::string document;          ///< 000 to 004
  std::string claim;
  std::string mechanism;
  std::vector<std::string> off;  ///< --set that switches the mechanism off; empty: there is none to switch
  std::string trial;
  long patients = 300;
  std::string figure;            ///< gain (twins, days), hazard_ratio, response, complete, durable, duration, survival, median, local_control, flow.<step>, harm.<row>, evidence.<row> (of a share)
  std::string endpoint;          ///< of gain, hazard_ratio, survival, median
  std::string arm;               ///< "" is the first, or the experimental one of the first comparison
  std::string against;           ///< of gain and hazard_ratio: the other arm; "" is that of the first comparison with `arm`
  std::string subgroup;          ///< of gain: covariate=level
  double month = -1;             ///< of survival and local_control
  std::vector<std::string> sets; ///< of both runs
  std::string published;         ///< in words; "" is none
  std::string note;
};

/// Reads a file of [[effect]] tables. Throws InputError with every fault, a trial that does not ship among them.
std::vector<Effect> read_effects(std::string_view text, const std::string& file_name);

}  // namespace coley
