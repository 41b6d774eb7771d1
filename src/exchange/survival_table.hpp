// SPDX-License-Identifier: Apache-2.0
#pragma once
// Anyone's time-to-event table as columns for an analysis. Rows with a missing variable, and rows whose start is not
// before their end, are dropped and counted; impossible values are refused with line and column.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "exchange/model_formula.hpp"
#include "statistics/cox_design.hpp"

namespace coley::exchange {

/// Names of columns; empty for none.
struct SurvivalColumns {
  std::string time{};         ///< end of follow-up: a number, or a date (YYYY-MM-DD)
  std::string event{};        ///< 1/0, TRUE/FALSE; a column named CNSR is read as ADaM's, 0 = event
  std::string event_value{};  ///< the code that is the event, when the column holds other codes
  /// Interval censoring, instead of time and event: the event happened after `low` and by `high`. An empty low is left
  /// censoring, an empty high right censoring, both equal an exact time. Numbers only, without landmark.
  std::string low{}, high{};
  std::string start{};        ///< start of follow-up; with dates and no origin, time zero
  std::string origin{};       ///< date of time zero
  std::string group{}, cluster{}, weights{};
  std::vector<std::string> strata{};
  std::vector<std::string> covariates{};  ///< terms: columns, a:b, a*b, log(x), factor(x)
  std::map<std::string, std::string> reference{};  ///< reference level by column
  std::string offset{};  ///< expression added to the linear predictor of the Cox model
  double landmark = 0;   ///< above 0: only those followed beyond it, their time counted from it
  std::map<std::string, std::string> where{};  ///< only rows that hold this value in this column
  std::vector<std::string> also{};  ///< other columns an analysis reads from `frame`; rows that lack one are dropped
};

struct SurvivalTable {
  std::size_t rows = 0;                        ///< in the file, of those asked for by `where`
  std::map<std::string, std::size_t> missing;  ///< rows dropped for a missing value, by the first column that lacks it
  std::size_t empty_follow_up = 0;             ///< rows dropped because start is not before end
  std::size_t before_landmark = 0;             ///< rows dropped because they end at or before the landmark
  bool dates = false;                          ///< times are days between dates
  bool reversed = false;                       ///< the event column was read as ADaM's CNSR
  std::size_t unknown = 0;                     ///< rows dropped because neither end of the interval is there
  std::vector<double> time, entry, weight, offset;
  std::vector<double> upper;        ///< end of the interval that begins at `time`, infinite without one; else empty
  std::vector<std::uint8_t> event;
  statistics::Factor group;
  std::vector<int> stratum, cluster;
  ModelFormula formula;             ///< group, then covariates
  FactorLevels levels;              ///< of every factor of the formula
  statistics::DesignMatrix design;  ///< its columns
  std::optional<Frame> frame;       ///< the rows that are left; always there once read

  std::size_t size() const { return time.size(); }
  statistics::SurvivalRows survival_rows() const;
  statistics::CoxData cox_data() const;
};

/// Throws InputError.
SurvivalTable read_survival_table(const std::string& path, const SurvivalColumns& columns);

}  // namespace coley::exchange
