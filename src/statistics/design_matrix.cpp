// SPDX-License-Identifier: Apache-2.0
#include "statistics/design_matrix.hpp"

#include <algorithm>

namespace coley::statistics {
namespace {

struct Coded {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;
};

Coded code(const Variable& variable, bool contrasts) {
  if (const auto* numbers = std::get_if<std::vector<double>>(&variable.values)) return {{variable.name}, {*numbers}};
  const Factor& factor = std::get<Factor>(variable.values);
  Coded coded;
  for (std::size_t level = contrasts ? 1 : 0; level < factor.levels.size(); ++level) {
    coded.names.push_back(variable.name + factor.levels[level]);
    std::vector<double> column(factor.codes.size());
    for (std::size_t i = 0; i < column.size(); ++i) column[i] = factor.codes[i] == static_cast<int>(level) ? 1 : 0;
    coded.columns.push_back(std::move(column));
  }
  return coded;
}

bool contains(const std::vector<Term>& terms, Term term) {
  if (term.empty()) return true;  // the baseline hazard plays the part of the intercept
  std::sort(term.begin(), term.end());
  return std::any_of(terms.begin(), terms.end(), [&term](Term other) {
    std::sort(other.begin(), other.end());
    return other == term;
  });
}

Coded code_term(const std::vector<Variable>& variables, const std::vector<Term>& terms, const Term& term) {
  Coded product;
  for (std::size_t position = 0; position < term.size(); ++position) {
    Term margin = term;
    margin.erase(margin.begin() + static_cast<std::ptrdiff_t>(position));
    Coded next = code(variables[term[position]], contains(terms, margin));
    if (position == 0) {
      product = std::move(next);
      continue;
    }
    Coded crossed;  // the first variable's columns vary fastest
    for (std::size_t b = 0; b < next.names.size(); ++b)
      for (std::size_t a = 0; a < product.names.size(); ++a) {
        crossed.names.push_back(product.names[a] + ":" + next.names[b]);
        std::vector<double> column = product.columns[a];
        for (std::size_t i = 0; i < column.size(); ++i) column[i] *= next.columns[b][i];
        crossed.columns.push_back(std::move(column));
      }
    product = std::move(crossed);
  }
  return product;
}

}  // namespace

std::size_t Variable::size() const {
  if (const auto* numbers = std::get_if<std::vector<double>>(&values)) return numbers->size();
  return std::get<Factor>(values).codes.size();
}

DesignMatrix make_design_matrix(const std::vector<Variable>& variables, std::vector<Term> terms) {
  std::stable_sort(terms.begin(), terms.end(), [](const Term& a, const Term& b) { return a.size() < b.size(); });
  DesignMatrix matrix;
  for (std::size_t t = 0; t < terms.size(); ++t) {
    Coded coded = code_term(variables, terms, terms[t]);
    for (std::size_t c = 0; c < coded.names.size(); ++c) {
      matrix.names.push_back(std::move(coded.names[c]));
      matrix.columns.insert(matrix.columns.end(), coded.columns[c].begin(), coded.columns[c].end());
      matrix.term.push_back(t);
    }
  }
  return matrix;
}

}  // namespace coley::statistics
