// SPDX-License-Identifier: Apache-2.0
#pragma once
// Two questions of every enrolment, whatever the entry: is this level admitted, and which group does a place ask for.

#include <algorithm>
#include <string>
#include <vector>

#include "protocol/protocol.hpp"

namespace coley {

/// True when the name of the level is among those admitted; an empty list admits every level.
template <class Names, class Level>
bool admits(const std::vector<std::string>& admitted, const Names& names, Level level) {
  return admitted.empty() || std::find(admitted.begin(), admitted.end(), names[static_cast<std::size_t>(level)]) != admitted.end();
}

/// The group of a mix that u in (0, 1) falls on. The mix is not empty; what rounding leaves of its shares is the last's.
inline const std::string& drawn_group(const std::vector<GroupShare>& mix, double u) {
  for (const GroupShare& group : mix) {
    u -= group.share;
    if (u < 0) return group.group;
  }
  return mix.back().group;
}

}  // namespace coley
