// SPDX-License-Identifier: Apache-2.0
#include "statistics/time_order.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace coley::statistics {
namespace {

constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
constexpr int kDigitBits = 11;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;

/// One stable counting pass by the digit of rows at `shift`.
template <class Digit>
void counting_pass(std::vector<TimedRow>& rows, std::vector<TimedRow>& scratch, std::vector<std::size_t>& count, Digit digit) {
  std::fill(count.begin(), count.end(), std::size_t{0});
  for (const TimedRow& row : rows) ++count[digit(row)];
  std::size_t from = 0;
  for (std::size_t& c : count) from += std::exchange(c, from);
  for (const TimedRow& row : rows) scratch[count[digit(row)]++] = row;
  rows.swap(scratch);
}

/// Orders runs whose keys agree above `low_bit` and may differ below it. Runs are short unless times agree to
/// ten digits, so insertion does; a long run is handed to a merge sort.
void finish_runs(std::vector<TimedRow>& rows, int low_bit) {
  const auto less = [](const TimedRow& a, const TimedRow& b) { return a.key < b.key; };
  for (std::size_t i = 1, begin = 0; i <= rows.size(); ++i) {
    if (i < rows.size() && rows[i].key >> low_bit == rows[begin].key >> low_bit) continue;
    if (i - begin > 32) {
      std::stable_sort(rows.begin() + static_cast<std::ptrdiff_t>(begin), rows.begin() + static_cast<std::ptrdiff_t>(i), less);
    } else {
      for (std::size_t j = begin + 1; j < i; ++j) {
        const TimedRow row = rows[j];
        std::size_t k = j;
        for (; k > begin && row.key < rows[k - 1].key; --k) rows[k] = rows[k - 1];
        rows[k] = row;
      }
    }
    begin = i;
  }
}

}  // namespace

std::uint64_t time_key(double time) {
  const auto bits = std::bit_cast<std::uint64_t>(time + 0.0);
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

double TimedRow::time() const { return std::bit_cast<double>((key & kSign) != 0 ? key & ~kSign : ~key); }

void sort_by_time(std::vector<TimedRow>& rows) {
  if (rows.size() < 256) {
    std::stable_sort(rows.begin(), rows.end(), [](const TimedRow& a, const TimedRow& b) { return a.key < b.key; });
    return;
  }
  std::uint64_t varying = 0;
  for (const TimedRow& row : rows) varying |= row.key ^ rows.front().key;
  if (varying == 0) return;
  const int highest = 64 - std::countl_zero(varying), lowest = std::countr_zero(varying);
  const int passes = std::min(3, (highest - lowest + kDigitBits - 1) / kDigitBits);
  const int low_bit = std::max(lowest, highest - passes * kDigitBits);
  std::vector<TimedRow> scratch(rows.size());
  std::vector<std::size_t> count(kDigits);
  for (int pass = 0; pass < passes; ++pass) {
    const int shift = low_bit + pass * kDigitBits;
    counting_pass(rows, scratch, count, [shift](const TimedRow& row) { return (row.key >> shift) & (kDigits - 1); });
  }
  if (low_bit > lowest) finish_runs(rows, low_bit);
}

void sort_by_stratum(std::vector<TimedRow>& rows, std::span<const int> stratum) {
  if (stratum.empty() || rows.empty()) return;
  int highest = 0;
  for (const int s : stratum) highest = std::max(highest, s);
  std::vector<TimedRow> scratch(rows.size());
  std::vector<std::size_t> count(kDigits);
  for (int shift = 0; highest >> shift > 0; shift += kDigitBits)
    counting_pass(rows, scratch, count, [shift, stratum](const TimedRow& row) {
      return (static_cast<std::size_t>(stratum[row.row]) >> shift) & (kDigits - 1);
    });
}

}  // namespace coley::statistics
