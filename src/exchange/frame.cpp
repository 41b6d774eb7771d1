// SPDX-License-Identifier: Apache-2.0
#include "exchange/frame.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace coley::exchange {

Frame::Frame(std::shared_ptr<const Table> table) : table_(std::move(table)), rows_(table_->rows()) {
  std::iota(rows_.begin(), rows_.end(), std::size_t{0});
}

std::size_t Frame::drop_missing(const std::vector<std::string>& columns) {
  const std::size_t before = rows_.size();
  for (const std::string& name : columns) {
    const std::size_t column = table_->column(name);
    keep_if([column](const Table& table, std::size_t row) { return !table.missing(row, column); });
  }
  return before - rows_.size();
}

std::vector<double> Frame::numbers(const std::string& name) const {
  const std::size_t column = table_->column(name);
  std::vector<double> values;
  values.reserve(rows_.size());
  for (const std::size_t row : rows_) values.push_back(table_->number(row, column));
  return values;
}

std::vector<std::string_view> Frame::labels(const std::string& name) const {
  const std::size_t column = table_->column(name);
  std::vector<std::string_view> values;
  values.reserve(rows_.size());
  for (const std::size_t row : rows_) values.push_back(table_->cell(row, column));
  return values;
}

statistics::Factor Frame::factor(const std::string& name) const { return statistics::make_factor(labels(name)); }


std::optional<bool> truth(std::string_view text) {
  std::string word(text);
  std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const char* yes : {"1", "true", "t", "yes", "1.0"})
    if (word == yes) return true;
  for (const char* no : {"0", "false", "f", "no", "0.0"})
    if (word == no) return false;
  return std::nullopt;
}

}  // namespace coley::exchange
