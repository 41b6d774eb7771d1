// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rows in ascending order of time, by a radix sort of the bits of the times: linear in rows, stable.

#include <cstdint>
#include <span>
#include <vector>

namespace coley::statistics {

/// One row in its place. `key` orders as the time does; time() gives the time back, bit for bit.
struct TimedRow {
  std::uint64_t key;
  std::uint32_t row;   ///< index in the columns
  std::uint32_t code;  ///< whatever the caller wants to find beside the time

  double time() const;
};

/// Key of a time; -0 and 0 are the same.
std::uint64_t time_key(double time);

/// Sorts by key; rows of equal key keep their order.
void sort_by_time(std::vector<TimedRow>& rows);

/// Then by stratum[row] (0 or more), keeping the order within a stratum.
void sort_by_stratum(std::vector<TimedRow>& rows, std::span<const int> stratum);

}  // namespace coley::statistics
