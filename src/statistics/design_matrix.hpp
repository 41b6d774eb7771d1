// SPDX-License-Identifier: Apache-2.0
#pragma once
// From variables to the columns of a regression: factors by treatment contrasts, interactions as products, in the order
// and with the names R gives them. A factor in an interaction is coded by contrasts when the interaction without it is
// in the model, and by all its levels otherwise, so that the model is the one the terms name.

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "statistics/factor.hpp"

namespace coley::statistics {

/// A variable as numbers or as a factor.
struct Variable {
  std::string name;
  std::variant<std::vector<double>, Factor> values;

  std::size_t size() const;
};

/// A main effect (one variable) or an interaction (several), as indices into the variables.
using Term = std::vector<std::size_t>;

struct DesignMatrix {
  std::vector<std::string> names;  ///< of the columns
  std::vector<double> columns;     ///< one column after another
  std::vector<std::size_t> term;   ///< which term each column belongs to
};

/// Terms in order of their degree, as R sorts them. All variables have the same length.
DesignMatrix make_design_matrix(const std::vector<Variable>& variables, std::vector<Term> terms);

}  // namespace coley::statistics
