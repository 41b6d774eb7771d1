// SPDX-License-Identifier: Apache-2.0
#pragma once
// A categorical variable as codes into its levels, and how levels are ordered when nobody gives an order.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coley::statistics {

/// codes[i] in 0..levels.size()-1 is the level of row i. The first level is the reference of contrasts.
struct Factor {
  std::vector<int> codes;
  std::vector<std::string> levels;
};

/// Levels in R's default order: by value when every label is a number, by byte otherwise.
Factor make_factor(const std::vector<std::string_view>& labels);

/// Levels in the given order. Throws InputError naming `variable` and the first label that is not a level.
Factor make_factor(const std::vector<std::string_view>& labels, const std::vector<std::string>& levels,
                   const std::string& variable);

}  // namespace coley::statistics
