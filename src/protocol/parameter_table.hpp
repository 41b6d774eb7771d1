// SPDX-License-Identifier: Apache-2.0
#pragma once
// The parameter table as data: every number of the patient model with meaning, unit, spread between patients, domain
// and source. Read from evidence/parameters.toml, over which a second disease lays a table of its own; single values change
// with --set parameters.<symbol>=value (the sd with parameters.<symbol>.sd, a correlation of the table with
// parameters.<symbol>.correlation.<other>). Symbols are unique, values lie in their domain, every row has a source.

#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/override.hpp"

namespace coley {

/// How a parameter differs between patients.
enum class Distribution {
  fixed,         ///< the same for all
  lognormal,     ///< value is the median, sd that of the logarithm
  logit_normal,  ///< value is the median, sd that of the logit
  normal,        ///< value is the mean
};

struct Parameter {
  std::string symbol;
  std::string meaning;
  std::string unit;  ///< "1" for a pure number
  double value = 0;
  Distribution distribution = Distribution::fixed;
  double sd = 0;                                          ///< 0 when fixed
  double low = -std::numeric_limits<double>::infinity();  ///< smallest value allowed
  double high = std::numeric_limits<double>::infinity();  ///< largest value allowed
  std::string source;                                     ///< a citation, or "assumed"
  std::string status;                                     ///< sourced, derived, calibrated, assumed; "" unsaid
};

/// Correlation of two parameters between patients, on the scale on which they are normal.
struct Correlation {
  std::string a;
  std::string b;
  double value = 0;  ///< strictly between -1 and 1
  std::string source;
};

class ParameterTable {
 public:
  ParameterTable(std::vector<Parameter> rows, std::vector<Correlation> correlations);

  /// Each throws InputError, naming the nearest symbol, when there is no such row.
  double value(const std::string& symbol) const { return row(symbol).value; }
  double sd(const std::string& symbol) const { return row(symbol).sd; }
  const Parameter& row(const std::string& symbol) const;

  bool has(const std::string& symbol) const { return index_.contains(symbol); }
  const std::vector<Parameter>& rows() const { return rows_; }
  const std::vector<Correlation>& correlations() const { return correlations_; }

  /// Each throws InputError for an unknown symbol or a value out of its domain.
  void set(const std::string& symbol, double value);
  void set_sd(const std::string& symbol, double sd);  ///< sd > 0, and the parameter is not fixed
  /// Of a pair that the table names, in either order; whether all correlations can be at once shows when they are used.
  void set_correlation(const std::string& a, const std::string& b, double value);

  /// The rows of `over` take the place of those of the same symbol here, others are added; so do its correlations.
  void lay_over(const ParameterTable& over);
  /// Changes rows; paths are "<symbol>", "<symbol>.sd" or "<symbol>.correlation.<other>". Throws InputError with all faults.
  void apply(const std::vector<Override>& overrides);

  /// Of the effective table; comments, order of keys and layout do not matter.
  std::string sha256() const;

 private:
  Parameter& at(const std::string& symbol);

  std::vector<Parameter> rows_;
  std::vector<Correlation> correlations_;
  std::map<std::string, std::size_t> index_;
};

/// Reads a table and applies `overrides` (paths as of ParameterTable::apply). Throws InputError with all faults.
ParameterTable read_parameters(std::string_view text, const std::string& file_name,
                               const std::vector<Override>& overrides = {});

}  // namespace coley
