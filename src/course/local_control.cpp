// SPDX-License-Identifier: Apache-2.0
#include "course/local_control.hpp"

namespace coley {

void LocalControl::follow(std::size_t slot, const Scan& planning) {
  if (lesions_[slot].day >= 0) return;
  lesions_[slot].day = planning.day;
  gone_[slot] = false;
  smallest_[slot] = planning.lesions[slot];
}

void LocalControl::assess(const Scan& scan) {
  for (std::size_t slot = 0; slot < lesions_.size(); ++slot) {
    IrradiatedLesion& lesion = lesions_[slot];
    const Reading& now = scan.lesions[slot];
    Reading& smallest = smallest_[slot];
    const bool followed = lesion.day >= 0 && lesion.failure_day < 0 && !gone_[slot] && now.assessed && now.lesion == smallest.lesion;
    if (!followed) continue;
    const int growth = now.mm - smallest.mm;
    if (growth >= 5 && 5 * growth >= smallest.mm) lesion.failure_day = scan.day;
    if (now.mm < smallest.mm) smallest = now;
  }
}

}  // namespace coley
