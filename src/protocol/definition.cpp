// SPDX-License-Identifier: Apache-2.0
#include "protocol/definition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace coley {

Domain Domain::in(std::string its_unit) const {
  Domain domain = *this;
  domain.unit = std::move(its_unit);
  return domain;
}

bool Domain::holds(double value) const {
  return std::isfinite(value) && value <= high && (above_low ? value > low : value >= low);
}

bool Domain::holds(const std::string& text) const {
  if (!words.empty()) return std::find(words.begin(), words.end(), text) != words.end();
  if (pattern.empty()) return !filled || !text.empty();
  const auto letter = [&](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z' && pattern == kSymbol); };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto inner = [&](char c) { return letter(c) || digit(c) || c == '_' || (c == '-' && pattern == kSlug); };
  return !text.empty() && text.size() <= 64 && (letter(text[0]) || (digit(text[0]) && pattern == kSlug)) &&
         std::all_of(text.begin(), text.end(), inner);
}

std::string Domain::words_for() const {
  if (!words.empty()) return fmt::format("{}{}", words.size() > 1 ? "one of " : "", fmt::join(words, ", "));
  if (pattern == kName) return "lower case letters, digits and _, beginning with a letter";
  if (pattern == kSlug) return "lower case letters, digits, _ and -";
  if (pattern == kSymbol) return "letters, digits and _, beginning with a letter";
  if (filled) return "not empty";
  std::string text;
  if (std::isfinite(low) && std::isfinite(high)) text = fmt::format("{}{} to {}", above_low ? "above " : "", low, high);
  else if (std::isfinite(low)) text = fmt::format("{} {}", above_low ? "above" : "at least", low);
  else if (std::isfinite(high)) text = fmt::format("at most {}", high);
  if (!unit.empty()) text += (text.empty() ? "in " : ", in ") + unit;
  return text;
}

Domain any() { return {}; }

Domain filled() {
  Domain domain;
  domain.filled = true;
  return domain;
}

Domain at_least(double low) {
  Domain domain;
  domain.low = low;
  return domain;
}

Domain above(double low) {
  Domain domain = at_least(low);
  domain.above_low = true;
  return domain;
}

Domain between(double low, double high) {
  Domain domain = at_least(low);
  domain.high = high;
  return domain;
}

Domain one_of(std::vector<std::string> words) {
  Domain domain;
  domain.words = std::move(words);
  return domain;
}

Domain identifier(const char* pattern) {
  Domain domain;
  domain.pattern = pattern;
  return domain;
}

const Key* Table::find(const std::string& key) const {
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const Key& k) { return k.name == key; });
  return found == keys.end() ? nullptr : &*found;
}

std::vector<std::string> Table::names() const {
  std::vector<std::string> all;
  for (const Key& key : keys) all.push_back(key.name);
  return all;
}

namespace {

struct TypeName {
  std::string operator()(const double*) const { return "number"; }
  std::string operator()(const std::optional<double>*) const { return "number"; }
  std::string operator()(const int*) const { return "whole number"; }
  std::string operator()(const long*) const { return "whole number"; }
  std::string operator()(const bool*) const { return "true or false"; }
  std::string operator()(const std::optional<bool>*) const { return "true or false"; }
  std::string operator()(const std::string*) const { return "text"; }
  std::string operator()(const std::vector<std::string>*) const { return "list of texts"; }
  std::string operator()(const std::vector<double>*) const { return "list of numbers"; }
  std::string operator()(const Interval*) const { return "[low, high]"; }
  std::string operator()(const std::vector<Interval>*) const { return "list of [low, high]"; }
  std::string operator()(const Choice&) const { return "text"; }
  std::string operator()(const Shares&) const { return "table of shares"; }
  std::string operator()(const Subtable&) const { return "table"; }
  std::string operator()(const List&) const { return "list of tables"; }
};

struct DefaultText {
  const Domain& domain;

  std::string number(double value) const { return domain.holds(value) ? fmt::format("{}", value) : ""; }
  std::string operator()(double* value) const { return number(*value); }
  std::string operator()(int* value) const { return number(*value); }
  std::string operator()(long* value) const { return number(static_cast<double>(*value)); }
  std::string operator()(bool* value) const { return *value ? "true" : "false"; }
  std::string operator()(std::string* value) const { return value->empty() ? "" : '"' + *value + '"'; }
  std::string operator()(Interval* value) const { return fmt::format("[{}, {}]", value->low, value->high); }
  std::string operator()(const Choice& value) const { return '"' + domain.words.at(value.get()) + '"'; }
  std::string operator()(std::optional<double>*) const { return ""; }
  std::string operator()(std::optional<bool>*) const { return ""; }
  std::string operator()(std::vector<std::string>*) const { return ""; }
  std::string operator()(std::vector<double>*) const { return ""; }
  std::string operator()(std::vector<Interval>*) const { return ""; }
  std::string operator()(const Shares&) const { return ""; }
  std::string operator()(const Subtable&) const { return ""; }
  std::string operator()(const List&) const { return ""; }
};

}  // namespace

std::string type_name(const Target& target) { return std::visit(TypeName{}, target); }

std::string default_text(const Key& key) {
  return key.required ? "" : std::visit(DefaultText{key.domain}, key.target);
}

}  // namespace coley
