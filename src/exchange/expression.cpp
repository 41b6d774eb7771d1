// SPDX-License-Identifier: Apache-2.0
#include "exchange/expression.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <map>

#include "core/error.hpp"

namespace coley::exchange {
namespace {

using Values = std::vector<double>;

const std::map<std::string, double (*)(double)>& functions() {
  static const std::map<std::string, double (*)(double)> table = {
      {"I", [](double x) { return x; }},           {"log", [](double x) { return std::log(x); }},
      {"log2", [](double x) { return std::log2(x); }}, {"log10", [](double x) { return std::log10(x); }},
      {"exp", [](double x) { return std::exp(x); }},   {"sqrt", [](double x) { return std::sqrt(x); }},
      {"abs", [](double x) { return std::abs(x); }},
      {"log1p", [](double x) { return std::log1p(x); }}, {"expm1", [](double x) { return std::expm1(x); }}};
  return table;
}

/// Recursive descent; `column` gives the values of a name, `rows` the length of a constant.
class Parser {
 public:
  Parser(const std::string& text, std::size_t rows, std::function<Values(const std::string&)> column)
      : text_(text), rows_(rows), column_(std::move(column)) {}

  Values whole() {
    Values values = comparison();
    skip();
    if (at_ < text_.size()) fail();
    return values;
  }

 private:
  void skip() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }
  bool take(const std::string& token) {
    skip();
    if (text_.compare(at_, token.size(), token) != 0) return false;
    at_ += token.size();
    return true;
  }
  [[noreturn]] void fail() const {
    throw InputError({.key = "expression", .found = "'" + text_ + "'", .expected = "arithmetic over columns, with something else at character " + std::to_string(at_ + 1)});
  }
  template <class Operation>
  Values combine(Values left, const Values& right, Operation operation) {
    for (std::size_t i = 0; i < left.size(); ++i) left[i] = operation(left[i], right[i]);
    return left;
  }
  Values comparison() {
    Values left = sum();
    if (take("==")) return combine(std::move(left), sum(), [](double a, double b) { return a == b ? 1.0 : 0.0; });
    if (take("!=")) return combine(std::move(left), sum(), [](double a, double b) { return a != b ? 1.0 : 0.0; });
    if (take("<=")) return combine(std::move(left), sum(), [](double a, double b) { return a <= b ? 1.0 : 0.0; });
    if (take(">=")) return combine(std::move(left), sum(), [](double a, double b) { return a >= b ? 1.0 : 0.0; });
    if (take("<")) return combine(std::move(left), sum(), [](double a, double b) { return a < b ? 1.0 : 0.0; });
    if (take(">")) return combine(std::move(left), sum(), [](double a, double b) { return a > b ? 1.0 : 0.0; });
    return left;
  }
  Values sum() {
    Values left = product();
    for (;;) {
      if (take("+")) left = combine(std::move(left), product(), std::plus<>());
      else if (take("-")) left = combine(std::move(left), product(), std::minus<>());
      else return left;
    }
  }
  Values product() {
    Values left = power();
    for (;;) {
      if (take("*")) left = combine(std::move(left), power(), std::multiplies<>());
      else if (take("/")) left = combine(std::move(left), power(), std::divides<>());
      else return left;
    }
  }
  Values power() {
    if (take("-")) return combine(Values(rows_, 0.0), power(), std::minus<>());
    Values base = atom();
    return take("^") ? combine(std::move(base), power(), [](double a, double b) { return std::pow(a, b); }) : base;
  }
  Values atom() {
    if (take("(")) return closed(comparison());
    skip();
    double number = 0;
    const auto [rest, fault] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), number);
    if (fault == std::errc()) {
      at_ = static_cast<std::size_t>(rest - text_.data());
      return Values(rows_, number);
    }
    if (take("`")) {
      const std::size_t begin = at_, end = text_.find('`', begin);
      if (end == std::string::npos) fail();
      at_ = end + 1;
      return column_(text_.substr(begin, end - begin));
    }
    const std::string name = word();
    if (name.empty()) fail();
    const auto function = functions().find(name);
    if ((name == "pmin" || name == "pmax") && take("(")) {
      Values left = comparison();
      if (!take(",")) fail();
      return closed(combine(std::move(left), comparison(), [least = name == "pmin"](double a, double b) { return std::isnan(a + b) ? a + b : least ? std::min(a, b) : std::max(a, b); }));
    }
    if (function == functions().end() || !take("(")) return column_(name);
    Values values = closed(comparison());
    for (double& value : values) value = function->second(value);
    return values;
  }
  Values closed(Values values) {
    if (!take(")")) fail();
    return values;
  }
  std::string word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '.' || text_[at_] == '_')) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  const std::string& text_;
  std::size_t rows_, at_ = 0;
  std::function<Values(const std::string&)> column_;
};

}  // namespace

std::vector<double> evaluate(const std::string& expression, const Frame& frame) {
  return Parser(expression, frame.size(), [&frame](const std::string& name) { return frame.numbers(name); }).whole();
}

bool is_comparison(const std::string& expression) {
  if (expression.rfind("I(", 0) == 0 && expression.back() == ')') return is_comparison(expression.substr(2, expression.size() - 3));
  int depth = 0;
  for (const char c : expression) {
    depth += c == '(' ? 1 : (c == ')' ? -1 : 0);
    if (depth == 0 && (c == '<' || c == '>' || c == '=')) return true;
  }
  return false;
}

std::vector<std::string> columns_of(const std::string& expression) {
  std::vector<std::string> names;
  Parser(expression, 1, [&names](const std::string& name) {
    names.push_back(name);
    return Values(1, 1.0);
  }).whole();
  return names;
}

}  // namespace coley::exchange
