// SPDX-License-Identifier: Apache-2.0
#pragma once
// Time-to-event data as columns: what every survival analysis here is given. A view; the caller keeps the columns alive.
// A subject is at risk on (entry, time]; one censored at t is still at risk for an event at t.

#include <cstdint>
#include <span>
#include <string>

namespace coley::statistics {

/// Columns of equal length; an empty span stands for "none".
struct SurvivalRows {
  std::span<const double> time;           ///< end of follow-up, finite, 0 or more, in any unit
  std::span<const std::uint8_t> event;    ///< 1: the event happened at `time`; 0: censored there
  std::span<const double> entry = {};     ///< start of follow-up, below `time`; none: followed from the beginning
  std::span<const double> weight = {};    ///< case weights, 0 or more; none: 1
  std::span<const int> group = {};        ///< 0..groups-1; none: one group
  std::span<const int> stratum = {};      ///< 0 or more; none: one stratum
  int groups = 1;                         ///< how many groups there are, whether or not they hold rows

  std::size_t size() const { return time.size(); }
};

/// Throws InputError naming the first row (from 1) whose time, entry, weight or group is impossible, columns of unequal
/// length, and more than 2^32 - 2 rows.
void check(const SurvivalRows& rows);

}  // namespace coley::statistics
