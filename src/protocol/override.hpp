// SPDX-License-Identifier: Apache-2.0
#pragma once
// Values given with --set path=value, which take the place of those in a file. A path is dotted keys; an element of a
// list is named by its position from 0 or by its name: arm[1].weight, arm.placebo.weight.

#include <string>
#include <vector>

namespace coley {

/// One --set option.
struct Override {
  std::string path;
  std::string value;  ///< as in the file; quotes around a text may be left out
};

/// Splits "path=value" texts. Throws InputError naming those without a path or "=".
std::vector<Override> read_overrides(const std::vector<std::string>& texts);

/// Takes those whose path begins with `prefix` (as "parameters.") out of `overrides` and returns them without it.
std::vector<Override> take_overrides(std::vector<Override>& overrides, const std::string& prefix);

}  // namespace coley
