// SPDX-License-Identifier: Apache-2.0
#include "statistics/day_columns.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

[[noreturn]] void refuse(const char* column, std::size_t row, int found, const char* expected) {
  throw InputError({.key = std::string(column) + " of row " + std::to_string(row + 1), .found = std::to_string(found), .expected = expected});
}

/// Throws for the first code outside its range. The loop finds only whether there is one, so that it vectorises.
void check_codes(std::span<const std::uint8_t> event, std::span<const int> group, int groups) {
  std::uint8_t largest_event = 0;
  for (const std::uint8_t e : event) largest_event = std::max(largest_event, e);
  int lowest = 0, highest = 0;
  for (const int g : group) {
    lowest = std::min(lowest, g);
    highest = std::max(highest, g);
  }
  if (largest_event <= 1 && lowest >= 0 && highest < groups) return;
  for (std::size_t i = 0; i < event.size(); ++i) {
    if (event[i] > 1) refuse("event", i, event[i], "0 or 1");
    if (!group.empty() && (group[i] < 0 || group[i] >= groups)) refuse("group", i, group[i], "a group from 0 to groups - 1");
  }
}

}  // namespace

DayCounts count_days(std::span<const std::uint16_t> day, std::span<const std::uint8_t> event, std::span<const int> group, int groups) {
  if (event.size() != day.size() || (!group.empty() && group.size() != day.size()))
    throw InputError({.key = "columns", .found = std::to_string(event.size()) + " events for " + std::to_string(day.size()) + " days", .expected = "columns of equal length"});
  check_codes(event, group, groups);
  std::uint16_t last = 0;
  for (const std::uint16_t d : day) last = std::max(last, d);
  const std::size_t days = std::size_t{last} + 1, cells = 2 * static_cast<std::size_t>(groups);
  std::vector<std::uint64_t> count(days * cells);  // [day][group][event]
  if (group.empty())
    for (std::size_t i = 0; i < day.size(); ++i) ++count[day[i] * cells + event[i]];
  else
    for (std::size_t i = 0; i < day.size(); ++i) ++count[day[i] * cells + 2 * static_cast<std::size_t>(group[i]) + event[i]];
  DayCounts counts(groups);
  for (std::size_t d = 0; d < days; ++d)
    for (std::size_t cell = 0; cell < cells; ++cell)
      if (const std::uint64_t patients = count[d * cells + cell]; patients > 0)
        counts.add(static_cast<std::int64_t>(d), cell % 2 == 1, static_cast<int>(cell / 2), 0, patients);
  return counts;
}

}  // namespace coley::statistics
