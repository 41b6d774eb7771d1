// SPDX-License-Identifier: Apache-2.0
#pragma once
// Some rows of a table, with its columns as numbers or factors: what an analysis is given. Rows are kept in file order.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exchange/csv.hpp"
#include "statistics/factor.hpp"

namespace coley::exchange {

class Frame {
 public:
  /// All rows of the table.
  explicit Frame(std::shared_ptr<const Table> table);

  const Table& table() const { return *table_; }
  std::size_t size() const { return rows_.size(); }
  /// Row numbers in the table.
  const std::vector<std::size_t>& rows() const { return rows_; }

  /// Keeps the rows for which keep(table, row).
  template <class Keep>
  void keep_if(Keep keep) {
    std::erase_if(rows_, [&](std::size_t row) { return !keep(*table_, row); });
  }
  /// Drops rows in which any of these columns is missing; how many were dropped.
  std::size_t drop_missing(const std::vector<std::string>& columns);

  /// A column as numbers, NaN where missing. Throws InputError with row and column.
  std::vector<double> numbers(const std::string& column) const;
  /// A column as it is written.
  std::vector<std::string_view> labels(const std::string& column) const;
  /// A column as a factor, levels in R's default order.
  statistics::Factor factor(const std::string& column) const;

 private:
  std::shared_ptr<const Table> table_;
  std::vector<std::size_t> rows_;
};

/// 1, TRUE, T, yes or 0, FALSE, F, no, without regard to case; nothing for other text.
std::optional<bool> truth(std::string_view text);

}  // namespace coley::exchange
