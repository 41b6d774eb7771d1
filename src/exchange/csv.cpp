// SPDX-License-Identifier: Apache-2.0
#include "exchange/csv.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>

#include "core/error.hpp"

namespace coley::exchange {
namespace {

/// Walks the text field by field, unescaping quoted fields where they stand.
class Reader {
 public:
  Reader(std::vector<char>& text, const std::string& file) : text_(text), file_(file) {
    if (std::string_view(text_.data(), std::min<std::size_t>(3, text_.size())) == "\xEF\xBB\xBF") at_ = 3;
  }

  bool at_end() const { return at_ >= text_.size(); }
  int line() const { return line_; }

  /// One record into `fields`; false for a blank line.
  bool record(std::vector<std::string_view>& fields) {
    fields.clear();
    if (end_of_line()) return false;
    do {
      fields.push_back(peek() == '"' ? quoted(fields.size() + 1) : plain(fields.size() + 1));
    } while (take(','));
    if (!at_end() && !end_of_line()) fail(fields.size(), "text after a closing quote");
    return true;
  }

 private:
  int peek() const { return at_end() ? -1 : static_cast<unsigned char>(text_[at_]); }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  bool end_of_line() {
    if (peek() == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
    if (!take('\n')) return false;
    ++line_;
    return true;
  }
  std::string_view plain(std::size_t column) {
    const std::size_t begin = at_;
    for (int c = peek(); c != ',' && c != '\n' && c != -1; c = peek()) {
      if (c == '"') fail(column, "a quote inside an unquoted field");
      ++at_;
    }
    std::size_t end = at_;
    if (end > begin && text_[end - 1] == '\r' && peek() != ',') --end;
    std::string_view field(text_.data() + begin, end - begin);
    while (!field.empty() && (field.front() == ' ' || field.front() == '\t')) field.remove_prefix(1);
    while (!field.empty() && (field.back() == ' ' || field.back() == '\t')) field.remove_suffix(1);
    return field;
  }
  std::string_view quoted(std::size_t column) {
    const int opened = line_;
    const std::size_t begin = ++at_;
    std::size_t end = begin;
    for (;; ++at_) {
      if (at_end()) {
        line_ = opened;
        fail(column, "a quoted field that never ends");
      }
      if (text_[at_] == '"') {
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') break;
        ++at_;
      } else if (text_[at_] == '\n') {
        ++line_;
      }
      text_[end++] = text_[at_];
    }
    ++at_;
    if (peek() == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
    return {text_.data() + begin, end - begin};
  }
  [[noreturn]] void fail(std::size_t column, const std::string& found) const {
    throw InputError({file_, line_, static_cast<int>(column), "", found, "fields separated by commas (column counts fields), quoted as RFC 4180 says"});
  }

  std::vector<char>& text_;
  const std::string& file_;
  std::size_t at_ = 0;
  int line_ = 1;
};

std::optional<double> parse_number(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

bool missing_text(std::string_view cell) {
  return cell.empty() || cell == "NA" || cell == "NaN" || cell == "." || cell == "nan" || cell == "N/A";
}

Table Table::parse(std::string_view text, std::string file) {
  Table table;
  table.file_ = std::move(file);
  table.text_.assign(text.begin(), text.end());
  Reader reader(table.text_, table.file_);
  std::vector<std::string_view> fields;
  bool header = false;
  while (!reader.at_end() && !header) header = reader.record(fields);
  if (!header) throw InputError({.file = table.file_, .found = "an empty file", .expected = "a header row and one row a subject"});
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (table.has(fields[i]))
      throw InputError({table.file_, 1, static_cast<int>(i + 1), "", "column '" + std::string(fields[i]) + "' twice", "each column named once"});
    table.names_.emplace_back(fields[i]);
  }
  if (fields.size() == 1 && fields[0].find_first_of(";\t") != std::string_view::npos)
    throw InputError({table.file_, 1, 1, "", fields[0].find(';') != std::string_view::npos ? "semicolons between fields" : "tabs between fields", "commas between fields, and a point in decimal numbers"});
  table.columns_.resize(fields.size());
  while (!reader.at_end()) {
    const int line = reader.line();
    if (!reader.record(fields)) continue;
    if (fields.size() != table.names_.size())
      throw InputError({table.file_, line, static_cast<int>(std::min(fields.size(), table.names_.size() + 1)), "",
                        std::to_string(fields.size()) + " fields", std::to_string(table.names_.size()) + " as in the header"});
    for (std::size_t i = 0; i < fields.size(); ++i) table.columns_[i].push_back(fields[i]);
    table.lines_.push_back(line);
    if (line == std::numeric_limits<int>::max() - 1)
      throw InputError({table.file_, line, 0, "", "more than 2147483646 lines", "a table of fewer; count whole days instead (DayCounts)"});
  }
  return table;
}

Table Table::read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw InputError({.file = path, .found = "a file that cannot be opened", .expected = "a readable CSV file"});
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (in.bad()) throw RunError(path + ": reading failed");
  return parse(text, path);
}

bool Table::has(std::string_view name) const { return std::find(names_.begin(), names_.end(), name) != names_.end(); }

std::size_t Table::column(std::string_view name) const {
  const auto at = std::find(names_.begin(), names_.end(), name);
  if (at != names_.end()) return static_cast<std::size_t>(at - names_.begin());
  const std::string guess = nearest(std::string(name), names_);
  std::string all;
  for (const std::string& n : names_) all += (all.empty() ? "" : ", ") + n;
  throw InputError({.file = file_, .line = 1, .found = "no column '" + std::string(name) + "'",
                    .expected = (guess.empty() ? "one of " : "perhaps '" + guess + "', one of ") + all});
}

bool Table::missing(std::size_t row, std::size_t column) const { return missing_text(cell(row, column)); }

double Table::number(std::size_t row, std::size_t column) const {
  const std::string_view text = cell(row, column);
  if (missing_text(text)) return std::numeric_limits<double>::quiet_NaN();
  const auto value = parse_number(text);
  if (!value)
    throw InputError({file_, line(row), static_cast<int>(column + 1), names_[column], "'" + std::string(text) + "'", "a number, or an empty field when it is not known"});
  return *value;
}

bool Table::numeric(std::size_t column) const {
  bool any = false;
  for (const std::string_view text : columns_[column]) {
    if (missing_text(text)) continue;
    if (!parse_number(text)) return false;
    any = true;
  }
  return any;
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace coley::exchange
