// SPDX-License-Identifier: Apache-2.0
#pragma once
// The regression a case asks for: spec.formula and its companions read into columns, kept alive beside the view.

#include <string>
#include <vector>

#include "exchange/model_formula.hpp"
#include "pack.hpp"
#include "statistics/cox_design.hpp"

namespace coley::reference_check {

struct ModelInput {
  exchange::ModelFormula formula;
  statistics::DesignMatrix design;
  std::vector<double> time, entry, weight, offset;
  std::vector<std::uint8_t> event;
  std::vector<int> stratum, cluster;
  exchange::FactorLevels levels;  ///< of every factor in the model
  std::size_t dropped = 0;  ///< rows with a missing variable, or with entry not before exit

  statistics::CoxData data() const;
};

/// From a case with a data file: formula, weights, factors, cluster, filter of its spec.
ModelInput model_input(const Case& one);

/// From a frame of any origin; `weights` is a column or "". Times that R would merge are merged, unless `exact_times`.
ModelInput model_input(exchange::Frame frame, const std::string& formula, const std::string& weights, const exchange::FactorLevels& levels,
                       bool exact_times = false);

/// Rows of JSON objects as a table.
std::shared_ptr<const exchange::Table> json_table(const json& rows);

}  // namespace coley::reference_check
