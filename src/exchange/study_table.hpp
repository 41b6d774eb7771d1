// SPDX-License-Identifier: Apache-2.0
#pragma once
// A table with one row a study, read into effects that can be pooled. The caller says which columns hold what; a study
// whose figures are missing is left out and listed, one whose figures cannot be is an error that names line and column.

#include <optional>
#include <string>
#include <vector>

#include "exchange/csv.hpp"
#include "statistics/effect_size.hpp"

namespace coley::exchange {

/// The four ways in which a study gives its effect.
enum class StudyFigures {
  ratio_with_interval,  ///< columns: ratio, lower limit, upper limit
  effect_with_error,    ///< effect (log for a ratio), standard error
  effect_with_variance, ///< effect (log for a ratio), variance
  log_rank,             ///< O - E and V
  two_by_two            ///< events and patients on treatment, events and patients on control
};

struct StudyColumns {
  std::string study = "";  ///< label; empty: "study 1", ...
  StudyFigures figures = StudyFigures::ratio_with_interval;
  std::vector<std::string> values = {};  ///< the columns of the figures, in the order above
  double level = 0.95;              ///< of the published intervals
  statistics::Contrast contrast = statistics::Contrast::odds_ratio;  ///< for two_by_two
  std::string subgroup = "";  ///< optional
  std::string covariate = "";  ///< optional, numeric
  std::string order = "";  ///< optional: studies sorted by it, rising
};

struct Studies {
  std::vector<std::string> labels;
  std::vector<statistics::StudyEffect> effects;
  std::vector<statistics::TwoByTwo> tables;  ///< for two_by_two, else empty
  std::vector<std::string> subgroups;        ///< when asked for
  std::vector<double> covariate;             ///< when asked for
  std::vector<std::string> left_out;         ///< "Steineck 1990 (line 5): high is missing"
};

/// Throws InputError with every fault found.
Studies read_studies(const Table& table, const StudyColumns& columns);

}  // namespace coley::exchange
