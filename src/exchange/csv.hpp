// SPDX-License-Identifier: Apache-2.0
#pragma once
// Comma-separated tables (RFC 4180): a header row, quoted fields with "" inside, CRLF or LF, an UTF-8 byte order mark.
// Missing is an empty field, NA, NaN or a single point. A table keeps its text; cells are views into it. Every fault
// names file, line and column. Immutable once read, so it may be shared between threads.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coley::exchange {

class Table {
 public:
  /// Reads `text` as a table; `file` is what messages call it. Throws InputError.
  static Table parse(std::string_view text, std::string file);
  /// Reads a file. Throws InputError when it cannot be read or is not a table.
  static Table read(const std::string& path);

  const std::string& file() const { return file_; }
  const std::vector<std::string>& names() const { return names_; }
  std::size_t rows() const { return lines_.size(); }
  bool has(std::string_view name) const;
  /// Index of a column. Throws InputError with the nearest name.
  std::size_t column(std::string_view name) const;
  std::string_view cell(std::size_t row, std::size_t column) const { return columns_[column][row]; }
  bool missing(std::size_t row, std::size_t column) const;
  /// Value of a cell; NaN when missing. Throws InputError when it is not a number.
  double number(std::size_t row, std::size_t column) const;
  /// Whether every cell is a number or missing, and at least one is a number.
  bool numeric(std::size_t column) const;
  /// Where the row begins in the file, from 1.
  int line(std::size_t row) const { return lines_[row]; }

 private:
  std::string file_;
  std::vector<char> text_;  // unescaped in place; a vector, so that moving the table keeps the views valid
  std::vector<std::string> names_;
  std::vector<std::vector<std::string_view>> columns_;
  std::vector<int> lines_;
};

/// The text as a field of RFC 4180, in quotes where it needs them.
std::string csv_field(std::string_view text);

/// Whether a cell stands for "not known".
bool missing_text(std::string_view cell);

}  // namespace coley::exchange
