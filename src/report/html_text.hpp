// SPDX-License-Identifier: Apache-2.0
#pragma once
// Words, numbers and tables of the report as HTML. Text becomes HTML only through escaped() or a Cell, so that no title or
// label of a trial can become markup.

#include <string>
#include <string_view>
#include <vector>

#include "report/summary.hpp"

namespace coley::report {

std::string escaped(std::string_view text);
/// Lower-case letters, digits and hyphens: for ids and file names.
std::string slug(std::string_view text);

std::string count(Count n);
std::string fixed(Number x, int digits);
std::string percent(Number share);
/// "0.71 (0.59 to 0.86)"; "–" when absent.
std::string interval(const Estimate& e, int digits);
/// "77.3 % (76.1 to 78.4)"
std::string percent_interval(const Estimate& e);
/// A time whose absent parts mean "not reached".
std::string median_interval(const Estimate& e);
std::string p_value(Number p);

/// Content of a table cell.
struct Cell {
  Cell(std::string_view text) : html(escaped(text)) {}
  Cell(const std::string& text) : html(escaped(text)) {}
  Cell(const char* text) : html(escaped(text)) {}
  /// HTML as it is; for marks of our own only.
  static Cell markup(std::string html);
  std::string html;
};

/// A table in a region that scrolls by itself on narrow screens. The first column heads its row; the others are aligned
/// right unless the head begins with "<".
class Table {
 public:
  Table(std::string_view caption, const std::vector<std::string>& heads);
  Table& row(const std::vector<Cell>& cells, std::string_view css = "");
  /// A heading over the rows that follow.
  Table& group(std::string_view heading);
  std::string html() const;
  bool empty() const { return rows_ == 0; }

 private:
  std::string caption_;
  std::string head_;
  std::string body_;
  std::vector<bool> left_;
  int rows_ = 0;
};

}  // namespace coley::report
