// SPDX-License-Identifier: Apache-2.0
#pragma once
// Anyone's table of responses, a row a patient or a row so many alike patients, counted by stratum and group. Rows
// without a value in a named column are left out and counted; impossible values are refused with line and column.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace coley::exchange {

/// Names of columns; empty for none.
struct ResponseColumns {
  std::string response{};             ///< 1/0, TRUE/FALSE, yes/no, or codes with `responders`
  std::vector<std::string> responders{};  ///< the codes that are responses, as CR and PR; every other code is none
  std::string count{};                ///< how many patients the row stands for
  std::string group{}, reference{};   ///< reference: the group to compare with; the first in order otherwise
  std::vector<std::string> strata{};
};

struct ResponseTable {
  /// Patients of one group in one stratum.
  struct Cell {
    std::int64_t responders = 0, patients = 0;
  };

  std::size_t rows = 0;                        ///< in the file
  std::map<std::string, std::size_t> missing;  ///< rows left out for a missing value, by the first column that lacks it
  std::vector<std::string> groups;             ///< reference first; "all" without a group column
  std::vector<std::string> strata;             ///< "high", or "high, EU" of two columns; "all" without strata
  std::vector<std::vector<Cell>> cells;        ///< [stratum][group]

  Cell total(std::size_t group) const;  ///< over strata
};

/// Throws InputError.
ResponseTable read_response_table(const std::string& path, const ResponseColumns& columns);

}  // namespace coley::exchange
