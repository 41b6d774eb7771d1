// SPDX-License-Identifier: Apache-2.0
#include "exchange/study_table.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"

namespace coley::exchange {

namespace {

using statistics::StudyEffect;
using statistics::TwoByTwo;

TwoByTwo table_of(const std::vector<double>& x) {
  for (int arm = 0; arm < 2; ++arm) {
    const auto i = static_cast<std::size_t>(2 * arm);
    if (x[i] > x[i + 1])
      throw InputError(Fault{.found = std::to_string(x[i]) + " events in " + std::to_string(x[i + 1]) + " patients",
                             .expected = "no more events than patients"});
  }
  return {x[0], x[1] - x[0], x[2], x[3] - x[2]};
}

StudyEffect effect_with(double effect, double variance) {
  if (!std::isfinite(effect) || !(variance > 0) || !std::isfinite(variance))
    throw InputError(Fault{.found = "effect " + std::to_string(effect) + " with variance " + std::to_string(variance),
                           .expected = "a number, and a variance above 0"});
  return {effect, variance};
}

StudyEffect effect_of(const StudyColumns& columns, const std::vector<double>& x) {
  switch (columns.figures) {
    case StudyFigures::ratio_with_interval: return statistics::log_ratio(x[0], x[1], x[2], columns.level);
    case StudyFigures::effect_with_error: return effect_with(x[0], x[1] < 0 ? -1.0 : x[1] * x[1]);
    case StudyFigures::effect_with_variance: return effect_with(x[0], x[1]);
    case StudyFigures::log_rank: return statistics::log_hazard_ratio(x[0], x[1]);
    default: return statistics::contrast(table_of(x), columns.contrast);
  }
}

/// Reads rows of one table, so that every message has file, line and the columns concerned.
class Reader {
 public:
  Reader(const Table& table, const StudyColumns& columns) : table_(table), columns_(columns) {
    for (const std::string& name : columns.values) indices_.push_back(table.column(name));
    for (const std::string* name : {&columns.subgroup, &columns.covariate, &columns.study, &columns.order})
      if (!name->empty()) table.column(*name);
  }

  Studies read() {
    std::vector<Fault> faults;
    for (const std::size_t row : order()) {
      try {
        read_row(row);
      } catch (const InputError& error) {
        for (const Fault& fault : error.faults()) faults.push_back(placed(fault, row));
      }
    }
    if (!faults.empty()) throw InputError(std::move(faults));
    if (studies_.effects.empty())
      throw InputError(Fault{.file = table_.file(), .found = "no study with all its figures",
                             .expected = "at least one row with " + joined(columns_.values)});
    return std::move(studies_);
  }

 private:
  static std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
  }

  std::vector<std::size_t> order() const {
    std::vector<std::size_t> rows(table_.rows());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    if (columns_.order.empty()) return rows;
    const std::size_t column = table_.column(columns_.order);
    std::vector<double> keys;
    for (const std::size_t row : rows) {
      const double key = table_.number(row, column);
      keys.push_back(std::isnan(key) ? INFINITY : key);
    }
    std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
    return rows;
  }

  std::string label(std::size_t row) const {
    if (columns_.study.empty()) return "study " + std::to_string(row + 1);
    return std::string(table_.cell(row, table_.column(columns_.study)));
  }

  Fault placed(Fault fault, std::size_t row) const {
    if (!fault.file.empty()) return fault;
    fault.file = table_.file();
    fault.line = table_.line(row);
    fault.key = label(row) + ", " + joined(columns_.values);
    return fault;
  }

  /// Whether the row lacks something; if so it is put on the list of those left out.
  bool incomplete(std::size_t row) {
    std::vector<std::string> needed = columns_.values;
    for (const std::string* name : {&columns_.subgroup, &columns_.covariate})
      if (!name->empty()) needed.push_back(*name);
    for (const std::string& name : needed) {
      if (!table_.missing(row, table_.column(name))) continue;
      studies_.left_out.push_back(label(row) + " (line " + std::to_string(table_.line(row)) + "): " + name + " is missing");
      return true;
    }
    return false;
  }

  void read_row(std::size_t row) {
    if (incomplete(row)) return;
    std::vector<double> values;
    for (const std::size_t index : indices_) values.push_back(table_.number(row, index));
    const StudyEffect effect = effect_of(columns_, values);
    if (columns_.figures == StudyFigures::two_by_two) studies_.tables.push_back(table_of(values));
    studies_.effects.push_back(effect);
    studies_.labels.push_back(label(row));
    if (!columns_.subgroup.empty())
      studies_.subgroups.emplace_back(table_.cell(row, table_.column(columns_.subgroup)));
    if (!columns_.covariate.empty())
      studies_.covariate.push_back(table_.number(row, table_.column(columns_.covariate)));
  }

  const Table& table_;
  const StudyColumns& columns_;
  std::vector<std::size_t> indices_;
  Studies studies_;
};

}  // namespace

Studies read_studies(const Table& table, const StudyColumns& columns) { return Reader(table, columns).read(); }

}  // namespace coley::exchange
