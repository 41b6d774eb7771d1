// SPDX-License-Identifier: Apache-2.0
#pragma once
// Adjuvant setting: no disease is known at the start, and the first scan that shows any is the recurrence. Together
// with the last clear scan it brackets the true time (interval censoring).

#include <optional>

#include "observation/scan.hpp"

namespace coley {

class RecurrenceWatch {
 public:
  /// A lesion in `local_slot`, the bed of the primary, is a local recurrence; any other is distant.
  explicit RecurrenceWatch(int start_day, std::size_t local_slot = 0)
      : last_clear_day_(start_day), local_slot_(local_slot) {}

  /// Reads the next scan; true at the one scan that first shows disease (a node from 10 mm short axis on).
  bool assess(const Scan& scan);

  /// Day of the recurrence, if there was one.
  std::optional<int> day() const { return day_; }
  /// Disease in the bed of the primary, or elsewhere, at the recurrence; both can be true.
  bool local() const { return local_; }
  bool distant() const { return distant_; }
  /// Last scan before the recurrence that assessed every site and was clear; start_day before the first.
  int last_clear_day() const { return last_clear_day_; }

 private:
  std::optional<int> day_;
  int last_clear_day_;
  std::size_t local_slot_;
  bool local_ = false;
  bool distant_ = false;
};

}  // namespace coley
