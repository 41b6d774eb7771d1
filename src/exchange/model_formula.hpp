// SPDX-License-Identifier: Apache-2.0
#pragma once
// The right-hand side of a survival model as R writes it: terms joined by + (or taken out by -), interactions by :, *, /
// or (a + b)^2, a name that is no plain word between backquotes, and strata(), cluster(), offset(); and the columns it stands for in a frame.

#include <map>
#include <string>
#include <vector>

#include "exchange/frame.hpp"
#include "statistics/design_matrix.hpp"

namespace coley::exchange {

struct ModelFormula {
  std::vector<std::string> response;       ///< arguments of Surv(), when there is a left-hand side
  std::vector<std::string> variables;      ///< expressions, each once
  std::vector<statistics::Term> terms;     ///< indices into variables
  std::vector<std::string> strata;         ///< column names
  std::string cluster;                     ///< column name, or empty
  std::vector<std::string> offsets;        ///< expressions

  /// Every column that is used.
  std::vector<std::string> columns() const;
};

/// "Surv(start, stop, event) ~ rx + age*sex + strata(site) + cluster(id)", or the right-hand side alone. Throws InputError.
ModelFormula parse_formula(const std::string& text);

/// Levels a factor is to have, by name of the variable; the first is the reference.
using FactorLevels = std::map<std::string, std::vector<std::string>>;

/// A variable: a factor when it has levels in `levels`, is wrapped in factor(), or its column is not numeric.
statistics::Variable read_variable(const std::string& expression, const Frame& frame, const FactorLevels& levels = {});

/// `levels`, and those that the other factors of the formula have in the frame.
FactorLevels complete_levels(const ModelFormula& formula, const Frame& frame, FactorLevels levels = {});

/// Columns of the formula's terms.
statistics::DesignMatrix read_design(const ModelFormula& formula, const Frame& frame, const FactorLevels& levels = {});

/// One code for each combination of these columns' values; empty without columns.
std::vector<int> read_strata(const std::vector<std::string>& columns, const Frame& frame);

}  // namespace coley::exchange
