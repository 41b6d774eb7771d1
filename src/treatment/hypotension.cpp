// SPDX-License-Identifier: Apache-2.0
#include "treatment/hypotension.hpp"

#include <cmath>

namespace coley::treatment {

DoseBlock plan_block(double leak, double per_dose, double interval, int slots, int most, double recovery, double limit) {
  DoseBlock block;
  const double kept = std::exp(-recovery * interval);
  for (int slot = 0; slot < slots && (most <= 0 || block.given < most); ++slot) {
    if (limit > 0 && leak > limit) {
      ++block.withheld;
    } else {
      leak += per_dose;
      ++block.given;
      if (limit > 0 && leak > limit && block.severe_at_hour < 0) block.severe_at_hour = slot * interval;
    }
    leak *= kept;
    block.hours += interval;
  }
  block.leak = leak;
  return block;
}

}  // namespace coley::treatment
