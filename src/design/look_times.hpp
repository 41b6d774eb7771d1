// SPDX-License-Identifier: Apache-2.0
#pragma once
// When a look falls: the calendar day on which so many events have been seen.

#include <span>
#include <vector>

#include "design/cohort.hpp"
#include "design/plan.hpp"

namespace coley::design {

class LookTimes {
 public:
  explicit LookTimes(const std::vector<Look>& looks);
  /// Fills `days`, one a look, not falling. A look whose events never come falls on the last day on which anybody is
  /// under observation; `short_of_events` counts these.
  void find(const Cohort& cohort, std::vector<double>& days);
  int short_of_events() const { return short_; }
  /// The day of a look on the cohort found last.
  double day_of(const Look& look);
  /// Of the cohort found last: the day on which so many events (from 1) have been seen, or the last day when there are fewer.
  double day_of_events(std::size_t count) { return count <= calendar_.size() ? day_of_event(count) : last_seen_; }

 private:
  double day_of_event(std::size_t count);

  std::vector<Look> looks_;
  std::vector<double> calendar_, chosen_;     // days of events
  std::vector<std::uint32_t> bucket_, begin_; // of each event, and events before each bucket
  double scale_ = 0, last_seen_ = 0;
  int short_ = 0;
};

}  // namespace coley::design
