// SPDX-License-Identifier: Apache-2.0
#include "statistics/factor.hpp"

#include <algorithm>
#include <charconv>
#include <compare>
#include <optional>
#include <unordered_map>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Place of a character in the order of the Unicode collation root: punctuation, symbols, digits, letters without regard to
/// case, and other bytes last.
int place(char c) {
  constexpr std::string_view order = "\t\n\v\f\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxXyYzZ";
  const auto at = order.find(c);
  return at == std::string_view::npos ? 256 + static_cast<unsigned char>(c) : static_cast<int>(at);
}

int place_without_case(char c) { return place(static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c)); }

/// Words as R sorts them (ICU): case decides only between words that are otherwise the same, small letters first.
bool sorts_before(std::string_view left, std::string_view right) {
  const auto by = [&](auto rank) {
    return std::lexicographical_compare_three_way(left.begin(), left.end(), right.begin(), right.end(), [rank](char a, char b) { return rank(a) <=> rank(b); });
  };
  const auto order = by(place_without_case);
  return order != 0 ? order < 0 : by(place) < 0;
}

}  // namespace

Factor make_factor(const std::vector<std::string_view>& labels) {
  Factor factor;
  std::unordered_map<std::string_view, int> seen;
  factor.codes.reserve(labels.size());
  std::vector<std::string_view> found;
  for (const std::string_view label : labels) {
    const auto [at, is_new] = seen.try_emplace(label, static_cast<int>(found.size()));
    if (is_new) found.push_back(label);
    factor.codes.push_back(at->second);
  }
  std::vector<int> order(found.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
  const bool numeric = std::all_of(found.begin(), found.end(), [](std::string_view s) { return number(s).has_value(); });
  std::sort(order.begin(), order.end(), [&](int a, int b) {
    const auto left = found[static_cast<std::size_t>(a)], right = found[static_cast<std::size_t>(b)];
    return numeric ? *number(left) < *number(right) : sorts_before(left, right);
  });
  std::vector<int> rank(found.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    rank[static_cast<std::size_t>(order[i])] = static_cast<int>(i);
    factor.levels.emplace_back(found[static_cast<std::size_t>(order[i])]);
  }
  for (int& code : factor.codes) code = rank[static_cast<std::size_t>(code)];
  return factor;
}

Factor make_factor(const std::vector<std::string_view>& labels, const std::vector<std::string>& levels,
                   const std::string& variable) {
  std::unordered_map<std::string_view, int> code;
  for (std::size_t i = 0; i < levels.size(); ++i) code.emplace(levels[i], static_cast<int>(i));
  Factor factor;
  factor.levels = levels;
  factor.codes.reserve(labels.size());
  for (const std::string_view label : labels) {
    const auto at = code.find(label);
    if (at == code.end()) {
      const std::string guess = nearest(std::string(label), levels);
      throw InputError({.key = variable, .found = "level '" + std::string(label) + "'",
                        .expected = guess.empty() ? "one of the levels given" : "one of the levels given, perhaps '" + guess + "'"});
    }
    factor.codes.push_back(at->second);
  }
  return factor;
}

}  // namespace coley::statistics
