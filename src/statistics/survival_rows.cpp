// SPDX-License-Identifier: Apache-2.0
#include "statistics/survival_rows.hpp"

#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

[[noreturn]] void refuse(std::size_t row, const char* column, double found, const char* expected) {
  throw InputError({.key = std::string(column) + " of row " + std::to_string(row + 1), .found = std::to_string(found), .expected = expected});
}

void check_length(std::size_t length, std::size_t rows, const char* column, bool may_be_absent = true) {
  if (length != rows && !(length == 0 && may_be_absent))
    throw InputError({.key = column, .found = std::to_string(length) + " values", .expected = std::to_string(rows) + ", one for each time"});
}

}  // namespace

void check(const SurvivalRows& rows) {
  const std::size_t n = rows.size();
  if (n >= std::numeric_limits<std::uint32_t>::max())
    throw InputError({.key = "rows", .found = std::to_string(n), .expected = "fewer than 4294967295; count whole days instead (DayCounts)"});
  check_length(rows.event.size(), n, "event", false);
  check_length(rows.entry.size(), n, "entry");
  check_length(rows.weight.size(), n, "weight");
  check_length(rows.group.size(), n, "group");
  check_length(rows.stratum.size(), n, "stratum");
  for (std::size_t i = 0; i < n; ++i) {
    if (!(rows.time[i] >= 0 && std::isfinite(rows.time[i]))) refuse(i, "time", rows.time[i], "a finite time of 0 or more");
    if (rows.event[i] > 1) refuse(i, "event", rows.event[i], "0 or 1");
  }
  for (std::size_t i = 0; i < rows.entry.size(); ++i)
    if (!(rows.entry[i] < rows.time[i])) refuse(i, "entry", rows.entry[i], "an entry before the end of follow-up");
  for (std::size_t i = 0; i < rows.weight.size(); ++i)
    if (!(rows.weight[i] >= 0 && std::isfinite(rows.weight[i]))) refuse(i, "weight", rows.weight[i], "a finite weight of 0 or more");
  for (std::size_t i = 0; i < rows.group.size(); ++i)
    if (rows.group[i] < 0 || rows.group[i] >= rows.groups) refuse(i, "group", rows.group[i], "a group from 0 to groups - 1");
  for (std::size_t i = 0; i < rows.stratum.size(); ++i)
    if (rows.stratum[i] < 0) refuse(i, "stratum", rows.stratum[i], "a stratum of 0 or more");
}

}  // namespace coley::statistics
