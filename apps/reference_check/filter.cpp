// SPDX-License-Identifier: Apache-2.0
#include "filter.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <regex>
#include <vector>

#include "core/error.hpp"

namespace coley::reference_check {
namespace {

std::string trimmed(std::string text) {
  const auto from = text.find_first_not_of(" \t'\"");
  if (from == std::string::npos) return "";
  return text.substr(from, text.find_last_not_of(" \t'\"") - from + 1);
}

std::vector<std::string> split(const std::string& text, const std::regex& separator) {
  std::vector<std::string> parts;
  for (std::sregex_token_iterator at(text.begin(), text.end(), separator, -1), end; at != end; ++at) parts.push_back(trimmed(*at));
  return parts;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Condition {
  std::size_t column;
  std::string comparison;
  std::vector<std::string> values;

  bool holds(const exchange::Table& table, std::size_t row) const {
    if (table.missing(row, column)) return false;
    const std::string_view cell = table.cell(row, column);
    if (comparison == "in") return std::any_of(values.begin(), values.end(), [&](const auto& v) { return compare(cell, v) == 0; });
    const int order = compare(cell, values[0]);
    if (comparison == "==") return order == 0;
    if (comparison == "!=") return order != 0;
    if (comparison == "<") return order < 0;
    if (comparison == "<=") return order <= 0;
    return comparison == ">" ? order > 0 : order >= 0;
  }

  static int compare(std::string_view cell, const std::string& value) {
    const auto left = number(cell), right = number(value);
    if (left && right) return *left < *right ? -1 : (*left > *right ? 1 : 0);
    return cell.compare(value);
  }
};

}  // namespace

std::function<bool(const exchange::Table&, std::size_t)> make_filter(const std::string& text, const exchange::Table& table) {
  static const std::regex conjunction(R"(\s+and\s+|\s*&+\s*)"), comma(R"(\s*,\s*)");
  static const std::regex membership(R"((\S+)\s+in\s+\((.*)\))"), comparison(R"(([^\s=!<>]+)\s*(==|!=|<=|>=|<|>)\s*(.*))");
  std::vector<Condition> conditions;
  for (const std::string& part : split(text, conjunction)) {
    std::smatch match;
    if (std::regex_match(part, match, membership))
      conditions.push_back({table.column(match[1].str()), "in", split(match[2], comma)});
    else if (std::regex_match(part, match, comparison))
      conditions.push_back({table.column(match[1].str()), match[2], {trimmed(match[3])}});
    else
      throw InputError({.key = "filter", .found = "'" + part + "'", .expected = "`name == value` or `name in (a, b)`"});
  }
  return [conditions](const exchange::Table& rows, std::size_t row) {
    return std::all_of(conditions.begin(), conditions.end(), [&](const Condition& c) { return c.holds(rows, row); });
  };
}

}  // namespace coley::reference_check
