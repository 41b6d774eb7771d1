// SPDX-License-Identifier: Apache-2.0
#pragma once
// Columns of whole days counted at memory speed: no sort, no branch a patient.

#include <cstdint>
#include <span>

#include "statistics/day_counts.hpp"

namespace coley::statistics {

/// Counts patients given as columns of equal length: the day, whether the event happened on it (1) or the patient was
/// censored (0), and the group, 0 to groups - 1 (empty: one group). One stratum; for several, count each and use
/// DayCounts::add. Throws InputError for columns of unequal length and for codes outside their range, naming the row.
DayCounts count_days(std::span<const std::uint16_t> day, std::span<const std::uint8_t> event, std::span<const int> group = {}, int groups = 1);

}  // namespace coley::statistics
