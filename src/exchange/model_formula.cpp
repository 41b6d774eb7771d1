// SPDX-License-Identifier: Apache-2.0
#include "exchange/model_formula.hpp"

#include <algorithm>
#include <bit>

#include "core/error.hpp"
#include "exchange/expression.hpp"

namespace coley::exchange {
namespace {

std::string trimmed(const std::string& text) {
  const auto from = text.find_first_not_of(" \t\n");
  return from == std::string::npos ? "" : text.substr(from, text.find_last_not_of(" \t\n") - from + 1);
}

/// Parts between separators that stand outside parentheses.
std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  int depth = 0;
  bool quoted = false;
  for (const char c : text) {
    quoted = quoted != (c == '`');
    if (!quoted) depth += c == '(' ? 1 : (c == ')' ? -1 : 0);
    if (c == separator && depth == 0 && !quoted) parts.emplace_back();
    else parts.back() += c;
  }
  for (std::string& part : parts) part = trimmed(part);
  return parts;
}

/// "x" of "name(x)", or "" when the text is not that call.
std::string argument_of(const std::string& text, const std::string& name) {
  if (text.rfind(name + "(", 0) != 0 || text.back() != ')') return "";
  return trimmed(text.substr(name.size() + 1, text.size() - name.size() - 2));
}

std::size_t index_of(ModelFormula& formula, const std::string& variable) {
  const auto at = std::find(formula.variables.begin(), formula.variables.end(), variable);
  if (at != formula.variables.end()) return static_cast<std::size_t>(at - formula.variables.begin());
  formula.variables.push_back(variable);
  return formula.variables.size() - 1;
}

void add_term(ModelFormula& formula, const statistics::Term& term) {
  if (std::find(formula.terms.begin(), formula.terms.end(), term) == formula.terms.end()) formula.terms.push_back(term);
}

/// a*b*c: every subset of at most `degree` of them, in order of size.
std::vector<statistics::Term> crossed(ModelFormula& formula, const std::vector<std::string>& factors, std::size_t degree) {
  std::vector<statistics::Term> terms;
  for (std::size_t mask = 1; mask < (std::size_t{1} << factors.size()); ++mask) {
    if (static_cast<std::size_t>(std::popcount(mask)) > degree) continue;
    statistics::Term term;
    for (std::size_t i = 0; i < factors.size(); ++i)
      if ((mask >> i & 1) != 0)
        for (const std::string& variable : split(factors[i], ':')) term.push_back(index_of(formula, variable));
    terms.push_back(term);
  }
  return terms;
}

/// a/b/c: a, a:b and a:b:c.
std::vector<statistics::Term> nested(ModelFormula& formula, const std::vector<std::string>& factors) {
  std::vector<statistics::Term> terms;
  statistics::Term term;
  for (const std::string& factor : factors) {
    if (factor.empty() || factor.find_first_of("*:") != std::string::npos || factor.find_first_not_of("0123456789.") == std::string::npos)
      throw InputError({.key = "formula", .found = "'/" + factor + "'", .expected = "I(a/b) for a quotient; a/b without I() is a + a:b"});
    term.push_back(index_of(formula, factor));
    terms.push_back(term);
  }
  return terms;
}

/// The terms that `text` stands for: a, a:b, a*b, a/b, (a + b)^2.
std::vector<statistics::Term> terms_of(ModelFormula& formula, const std::string& text) {
  if (const std::vector<std::string> factors = split(text, '/'); factors.size() > 1) return nested(formula, factors);
  if (text.front() != '(') {
    const std::vector<std::string> factors = split(text, '*');
    return crossed(formula, factors, factors.size());
  }
  const auto close = text.rfind(')');
  const std::string power = close == std::string::npos ? "" : trimmed(text.substr(close + 1));
  const bool plain = close != std::string::npos && text.substr(1, close - 1).find_first_of("()*^-") == std::string::npos;
  if (!plain || (!power.empty() && (power.size() != 2 || power[0] != '^' || power[1] < '1' || power[1] > '9')))
    throw InputError({.key = "formula", .found = "'" + text + "'", .expected = "(a + b)^2, or the terms written out: parentheses around terms are read in no other place"});
  return crossed(formula, split(text.substr(1, close - 1), '+'), power.empty() ? 1 : static_cast<std::size_t>(power[1] - '0'));
}

/// Summands that stand outside parentheses, with the sign before each.
std::vector<std::pair<char, std::string>> summands(const std::string& text) {
  std::vector<std::pair<char, std::string>> parts = {{'+', ""}};
  int depth = 0;
  bool quoted = false;
  for (const char c : text) {
    quoted = quoted != (c == '`');
    if (!quoted) depth += c == '(' ? 1 : (c == ')' ? -1 : 0);
    const bool sign = !quoted && depth == 0 && (c == '+' || c == '-');
    if (sign && c == '-' && trimmed(parts.back().second).empty() && parts.size() == 1) parts.back().first = '-';
    else if (sign) parts.emplace_back(c, "");
    else parts.back().second += c;
  }
  for (auto& [sign, part] : parts) part = trimmed(part);
  return parts;
}

}  // namespace

std::vector<std::string> ModelFormula::columns() const {
  std::vector<std::string> names = strata;
  if (!cluster.empty()) names.push_back(cluster);
  const auto add = [&names](const std::vector<std::string>& expressions) {
    for (const std::string& expression : expressions) {
      const std::string inside = argument_of(expression, "factor");
      for (const std::string& name : columns_of(inside.empty() ? expression : inside)) names.push_back(name);
    }
  };
  add(response);
  add(variables);
  add(offsets);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

ModelFormula parse_formula(const std::string& text) {
  ModelFormula formula;
  const auto tilde = text.find('~');
  if (tilde != std::string::npos) {
    const std::string response = argument_of(trimmed(text.substr(0, tilde)), "Surv");
    if (response.empty()) throw InputError({.key = "formula", .found = "'" + text + "'", .expected = "Surv(time, event) ~ terms"});
    formula.response = split(response, ',');
  }
  for (const auto& [sign, term] : summands(tilde == std::string::npos ? text : text.substr(tilde + 1))) {
    if (term.empty()) throw InputError({.key = "formula", .found = "'" + text + "'", .expected = "a term on both sides of every +"});
    if (term == "1" || term == "0") continue;  // the baseline hazard plays the part of the intercept
    if (sign == '-') {
      for (const statistics::Term& out : terms_of(formula, term)) {
        if (std::find(formula.terms.begin(), formula.terms.end(), out) == formula.terms.end())
          throw InputError({.key = "formula", .found = "'- " + term + "'", .expected = "a term that stands before it"});
        std::erase(formula.terms, out);
      }
      continue;
    }
    if (const std::string strata = argument_of(term, "strata"); !strata.empty()) {
      for (const std::string& column : split(strata, ',')) formula.strata.push_back(column);
    } else if (const std::string cluster = argument_of(term, "cluster"); !cluster.empty()) {
      formula.cluster = cluster;
    } else if (const std::string offset = argument_of(term, "offset"); !offset.empty()) {
      formula.offsets.push_back(offset);
    } else {
      for (const statistics::Term& in : terms_of(formula, term)) add_term(formula, in);
    }
  }
  return formula;
}

statistics::Variable read_variable(const std::string& text, const Frame& frame, const FactorLevels& levels) {
  const bool quoted = text.size() > 2 && text.front() == '`' && text.find('`', 1) == text.size() - 1;
  const std::string expression = quoted ? text.substr(1, text.size() - 2) : text;
  const std::string inside = argument_of(expression, "factor"), column = inside.empty() ? expression : inside;
  if (!frame.table().has(column) && is_comparison(expression)) {
    statistics::Factor truth{{}, {"FALSE", "TRUE"}};
    for (const double value : evaluate(expression, frame)) truth.codes.push_back(value != 0 ? 1 : 0);
    return {expression, truth};
  }
  const auto given = levels.find(column);
  if (given != levels.end()) return {expression, statistics::make_factor(frame.labels(column), given->second, column)};
  const bool is_column = frame.table().has(column);
  if (!inside.empty() || (is_column && !frame.table().numeric(frame.table().column(column)))) return {expression, frame.factor(column)};
  return {expression, is_column ? frame.numbers(column) : evaluate(expression, frame)};
}

FactorLevels complete_levels(const ModelFormula& formula, const Frame& frame, FactorLevels levels) {
  for (const std::string& variable : formula.variables) {
    const statistics::Variable read = read_variable(variable, frame, levels);
    const auto* factor = std::get_if<statistics::Factor>(&read.values);
    if (factor == nullptr || is_comparison(variable)) continue;
    const std::string inside = argument_of(read.name, "factor");
    levels[inside.empty() ? read.name : inside] = factor->levels;
  }
  return levels;
}

statistics::DesignMatrix read_design(const ModelFormula& formula, const Frame& frame, const FactorLevels& levels) {
  std::vector<statistics::Variable> variables;
  for (const std::string& expression : formula.variables) variables.push_back(read_variable(expression, frame, levels));
  return statistics::make_design_matrix(variables, formula.terms);
}

std::vector<int> read_strata(const std::vector<std::string>& columns, const Frame& frame) {
  if (columns.empty()) return {};
  std::vector<std::string> labels(frame.size());
  for (const std::string& column : columns) {
    const auto values = frame.labels(column);
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i].append(values[i]).push_back('\x1f');
  }
  return statistics::make_factor(std::vector<std::string_view>(labels.begin(), labels.end())).codes;
}

}  // namespace coley::exchange
