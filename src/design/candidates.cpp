// SPDX-License-Identifier: Apache-2.0
#include "design/candidates.hpp"

#include <algorithm>

namespace coley::design {

void Candidates::resize(std::size_t candidates) {
  lost.resize(candidates);
  stratum.resize(candidates);
  in_subgroup.resize(candidates);
  day.resize(candidates * endpoints * arms);
}

void take_away(const NoEffect& none, Candidates& c) {
  for (std::size_t i = 0; i < c.size(); ++i) {
    const bool patient = c.in_subgroup[i] != 0 ? none.in_subgroup : none.outside;
    for (std::size_t arm = 1; arm < c.arms; ++arm) {
      const bool all = patient || (none.arms >> arm & 1) != 0;
      for (std::size_t e = 0; e < c.endpoints; ++e)
        if (all || (none.endpoints >> e & 1) != 0) c.day_of(i, e, arm) = c.day_of(i, e, 0);
      if (c.endpoints < 2 || all || none.endpoints == 0) continue;
      double &first = c.day_of(i, 0, arm), &death = c.day_of(i, 1, arm);
      if (none.endpoints == 2) first = std::min(first, death);
      else death = std::max(first, death);
    }
  }
}

}  // namespace coley::design
