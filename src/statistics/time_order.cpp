// SPDX-License-Identifier: Apache-2.0
#include "statistics/time_order.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "statistics/large_pages.hpp"

namespace coley::statistics {
namespace {

constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
constexpr int kDigitBits = 11;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;

/// Where the rows of each value of a digit begin, from how many there are.
void begins_of(std::span<std::size_t> count) {
  std::size_t from = 0;
  for (std::size_t& c : count) from += std::exchange(c, from);
}

/// Moves rows to where those of their digit begin; stable.
template <class Digit>
void scatter(std::vector<TimedRow>& rows, std::vector<TimedRow>& scratch, std::span<std::size_t> begin, Digit digit) {
  for (const TimedRow& row : rows) scratch[begin[digit(row)]++] = row;
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
  const auto digit = [low_bit](const TimedRow& row, int pass) { return (row.key >> (low_bit + pass * kDigitBits)) & (kDigits - 1); };
  std::vector<std::size_t> count(static_cast<std::size_t>(passes) * kDigits);
  for (const TimedRow& row : rows)
    for (int pass = 0; pass < passes; ++pass) ++count[static_cast<std::size_t>(pass) * kDigits + digit(row, pass)];
  std::vector<TimedRow> scratch = large_column<TimedRow>(rows.size());
  for (int pass = 0; pass < passes; ++pass) {
    const auto begin = std::span(count).subspan(static_cast<std::size_t>(pass) * kDigits, kDigits);
    begins_of(begin);
    scatter(rows, scratch, begin, [&digit, pass](const TimedRow& row) { return digit(row, pass); });
  }
  if (low_bit > lowest) finish_runs(rows, low_bit);
}

void sort_by_stratum(std::vector<TimedRow>& rows, std::span<const int> stratum) {
  if (stratum.empty() || rows.empty()) return;
  int highest = 0;
  for (const int s : stratum) highest = std::max(highest, s);
  std::vector<TimedRow> scratch(rows.size());
  std::vector<std::size_t> count(kDigits);
  for (int shift = 0; shift < 31 && highest >> shift > 0; shift += kDigitBits) {
    const auto digit = [shift, stratum](const TimedRow& row) { return (static_cast<std::size_t>(stratum[row.row]) >> shift) & (kDigits - 1); };
    std::fill(count.begin(), count.end(), std::size_t{0});
    for (const TimedRow& row : rows) ++count[digit(row)];
    begins_of(count);
    scatter(rows, scratch, count, digit);
  }
}

}  // namespace coley::statistics
