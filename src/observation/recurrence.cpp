// SPDX-License-Identifier: Apache-2.0
#include "observation/recurrence.hpp"

namespace coley {

bool RecurrenceWatch::assess(const Scan& scan) {
  if (day_) return false;
  bool complete = true;
  for (std::size_t i = 0; i < kMaxLesions; ++i) {
    const Reading& reading = scan.lesions[i];
    complete = complete && reading.assessed;
    if (!reading.assessed || !is_disease(reading)) continue;
    (i == local_slot_ ? local_ : distant_) = true;
  }
  if (local_ || distant_) {
    day_ = scan.day;
    return true;
  }
  if (complete) last_clear_day_ = scan.day;
  return false;
}

}  // namespace coley
