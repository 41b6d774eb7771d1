// SPDX-License-Identifier: Apache-2.0
#include "exchange/response_table.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "exchange/frame.hpp"

namespace coley::exchange {
namespace {

using statistics::Factor;

[[noreturn]] void refuse(const Frame& frame, std::size_t i, const std::string& name, const std::string& expected) {
  const Table& table = frame.table();
  const std::size_t row = frame.rows()[i], column = table.column(name);
  throw InputError({table.file(), table.line(row), static_cast<int>(column + 1), name, "'" + std::string(table.cell(row, column)) + "'", expected});
}

std::vector<bool> read_responses(const Frame& frame, const ResponseColumns& columns) {
  const auto labels = frame.labels(columns.response);
  for (const std::string& code : columns.responders)
    if (std::find(labels.begin(), labels.end(), code) == labels.end())
      throw InputError({.file = frame.table().file(), .key = columns.response, .found = "no '" + code + "'", .expected = "codes of the column as --response-value"});
  std::vector<bool> responses;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (!columns.responders.empty()) {
      responses.push_back(std::find(columns.responders.begin(), columns.responders.end(), labels[i]) != columns.responders.end());
      continue;
    }
    const auto response = truth(labels[i]);
    if (!response) refuse(frame, i, columns.response, "1 or 0, TRUE or FALSE; say which codes are responses with --response-value when the column holds others");
    responses.push_back(*response);
  }
  return responses;
}

/// Below 2^31 patients a row, so that sums of all rows a file can hold stay whole.
std::vector<std::int64_t> read_counts(const Frame& frame, const std::string& name) {
  if (name.empty()) return std::vector<std::int64_t>(frame.size(), 1);
  std::vector<std::int64_t> counts;
  for (const double count : frame.numbers(name)) {
    if (!(count >= 0 && count < 0x1p31 && count == std::floor(count))) refuse(frame, counts.size(), name, "a whole number of patients, 0 to 2147483647");
    counts.push_back(static_cast<std::int64_t>(count));
  }
  return counts;
}

Factor everybody(std::size_t rows) { return {std::vector<int>(rows, 0), {"all"}}; }

Factor read_groups(const Frame& frame, const ResponseColumns& columns) {
  if (columns.group.empty()) return everybody(frame.size());
  Factor group = frame.factor(columns.group);
  if (columns.reference.empty()) return group;
  const auto at = std::find(group.levels.begin(), group.levels.end(), columns.reference);
  if (at == group.levels.end()) {
    std::string all;
    for (const std::string& level : group.levels) all += (all.empty() ? "" : ", ") + level;
    throw InputError({.file = frame.table().file(), .key = columns.group, .found = "no level '" + columns.reference + "'", .expected = "one of " + all});
  }
  std::rotate(group.levels.begin(), at, at + 1);
  return statistics::make_factor(frame.labels(columns.group), group.levels, columns.group);
}

Factor read_combinations(const Frame& frame, const std::vector<std::string>& columns) {
  if (columns.empty()) return everybody(frame.size());
  if (columns.size() == 1) return frame.factor(columns.front());
  std::vector<std::string> labels(frame.size());
  for (const std::string& column : columns) {
    const auto values = frame.labels(column);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (!labels[i].empty()) labels[i] += ", ";
      labels[i] += values[i];
    }
  }
  return statistics::make_factor(std::vector<std::string_view>(labels.begin(), labels.end()));
}

}  // namespace

ResponseTable::Cell ResponseTable::total(std::size_t group) const {
  Cell sum;
  for (const auto& stratum : cells) {
    sum.responders += stratum[group].responders;
    sum.patients += stratum[group].patients;
  }
  return sum;
}

ResponseTable read_response_table(const std::string& path, const ResponseColumns& columns) {
  Frame frame(std::make_shared<Table>(Table::read(path)));
  ResponseTable out;
  out.rows = frame.size();
  std::vector<std::string> used = {columns.response, columns.count, columns.group};
  used.insert(used.end(), columns.strata.begin(), columns.strata.end());
  for (const std::string& name : used)
    if (!name.empty())
      if (const std::size_t dropped = frame.drop_missing({name}); dropped > 0) out.missing[name] += dropped;
  if (frame.size() == 0) throw InputError({.file = path, .found = "no row without missing values", .expected = "rows with every column that is named"});
  const std::vector<bool> responses = read_responses(frame, columns);
  const std::vector<std::int64_t> counts = read_counts(frame, columns.count);
  const Factor group = read_groups(frame, columns), stratum = read_combinations(frame, columns.strata);
  out.groups = group.levels;
  out.strata = stratum.levels;
  out.cells.assign(out.strata.size(), std::vector<ResponseTable::Cell>(out.groups.size()));
  for (std::size_t i = 0; i < frame.size(); ++i) {
    ResponseTable::Cell& cell = out.cells[static_cast<std::size_t>(stratum.codes[i])][static_cast<std::size_t>(group.codes[i])];
    cell.patients += counts[i];
    if (responses[i]) cell.responders += counts[i];
  }
  for (std::size_t g = 0; g < out.groups.size(); ++g)
    if (out.total(g).patients == 0) throw InputError({.file = path, .key = columns.group.empty() ? columns.count : columns.group, .found = "no patients in group " + out.groups[g], .expected = "at least one"});
  return out;
}

}  // namespace coley::exchange
