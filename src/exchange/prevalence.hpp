// SPDX-License-Identifier: Apache-2.0
#pragma once
// Anyone's table of patients, weighted so that its means and shares are those wanted: a virtual population made like the
// enrolled one without a new simulation.

#include <string>
#include <vector>

#include "exchange/csv.hpp"
#include "statistics/maximum_entropy.hpp"

namespace coley::exchange {

/// What the weighted table shall show: the mean of a column of numbers, or the share of the rows with this level.
struct PrevalenceTarget {
  std::string column;
  std::string level;  ///< "" for a mean
  double wanted = 0;
};

/// "AGE=62" or "SEX:F=0.4". Throws InputError.
PrevalenceTarget parse_target(const std::string& text);

struct PrevalenceReport {
  std::vector<PrevalenceTarget> targets;
  std::vector<double> unweighted, weighted;  ///< one a target
  statistics::PrevalenceWeights weights;
};

/// Throws InputError with every cell that is missing or no number, and when no weights give what is wanted.
PrevalenceReport prevalence_weights(const Table& table, const std::vector<PrevalenceTarget>& targets);

/// The table with its rows as they are and one column more. Throws InputError when the table has such a column.
std::string with_weights(const Table& table, const statistics::PrevalenceWeights& weights, const std::string& column);

}  // namespace coley::exchange
