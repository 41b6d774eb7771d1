// SPDX-License-Identifier: Apache-2.0
#pragma once
// Arithmetic over the columns of a table, as R writes it: + - * / ^, comparisons (1 or 0), parentheses, I(), log(), log2(),
// log10(), log1p(), exp(), expm1(), sqrt(), abs(), pmin(,), pmax(,). A name is a column; it may hold points,
// and anything between backquotes.

#include <string>
#include <vector>

#include "exchange/frame.hpp"

namespace coley::exchange {

/// Values of the expression by row of the frame. Throws InputError: a column that is missing or not numeric, bad syntax.
std::vector<double> evaluate(const std::string& expression, const Frame& frame);

/// Whether the value is a truth: a comparison, with or without I() around it.
bool is_comparison(const std::string& expression);

/// Names of the columns the expression uses.
std::vector<std::string> columns_of(const std::string& expression);

}  // namespace coley::exchange
