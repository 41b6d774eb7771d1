// SPDX-License-Identifier: Apache-2.0
#include "exchange/prevalence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/error.hpp"

namespace coley::exchange {

using Eigen::Index;

namespace {

constexpr const char* kForm = "COLUMN=mean or COLUMN:level=share, as AGE=62 or SEX:F=0.4";

std::string named(const PrevalenceTarget& target) { return target.level.empty() ? target.column : target.column + ":" + target.level; }

/// The column as numbers: its values, or 1 where it has the level.
Eigen::VectorXd feature(const Table& table, const PrevalenceTarget& target, std::vector<Fault>& faults) {
  const std::size_t column = table.column(target.column);
  Eigen::VectorXd values = Eigen::VectorXd::Zero(static_cast<Index>(table.rows()));
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (table.missing(row, column)) {
      faults.push_back({.file = table.file(), .line = table.line(row), .key = target.column, .found = "nothing", .expected = "a value, since the weights depend on it"});
    } else if (target.level.empty()) {
      values[static_cast<Index>(row)] = table.number(row, column);
    } else {
      values[static_cast<Index>(row)] = table.cell(row, column) == target.level ? 1 : 0;
    }
  }
  if (!target.level.empty() && faults.empty() && values.isZero()) {
    faults.push_back({.file = table.file(), .key = target.column, .found = "no row with " + target.level, .expected = "a level of the column"});
  }
  return values;
}

}  // namespace

PrevalenceTarget parse_target(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  const std::size_t colon = equals == std::string::npos ? equals : text.substr(0, equals).find(':');
  PrevalenceTarget target;
  char* end = nullptr;
  if (equals != std::string::npos && equals > 0) {
    target.column = text.substr(0, std::min(colon, equals));
    if (colon != std::string::npos) target.level = text.substr(colon + 1, equals - colon - 1);
    target.wanted = std::strtod(text.c_str() + equals + 1, &end);
  }
  const bool number = end != nullptr && end != text.c_str() + equals + 1 && *end == '\0' && std::isfinite(target.wanted);
  const bool empty_level = colon != std::string::npos && target.level.empty();
  if (!number || target.column.empty() || empty_level) throw InputError(Fault{.key = "--target", .found = text, .expected = kForm});
  if (!target.level.empty() && !(target.wanted > 0 && target.wanted < 1)) {
    throw InputError(Fault{.key = "--target", .found = text, .expected = "a share above 0 and below 1"});
  }
  return target;
}

PrevalenceReport prevalence_weights(const Table& table, const std::vector<PrevalenceTarget>& targets) {
  PrevalenceReport report{.targets = targets};
  if (table.rows() == 0) throw InputError(Fault{.file = table.file(), .found = "no rows", .expected = "a row a patient"});
  Eigen::MatrixXd features(static_cast<Index>(table.rows()), static_cast<Index>(targets.size()));
  Eigen::VectorXd wanted(static_cast<Index>(targets.size()));
  std::vector<Fault> faults;
  for (std::size_t k = 0; k < targets.size(); ++k) {
    features.col(static_cast<Index>(k)) = feature(table, targets[k], faults);
    wanted[static_cast<Index>(k)] = targets[k].wanted;
  }
  if (!faults.empty()) throw InputError(std::move(faults));
  report.weights = statistics::maximum_entropy_weights(features, wanted);
  if (!report.weights.not_reached.empty()) {
    std::string all;
    for (std::size_t k = 0; k < targets.size(); ++k) all += fmt::format("{}{}. {}", k ? ", " : "", k + 1, named(targets[k]));
    throw InputError(Fault{.file = table.file(), .key = "--target", .found = report.weights.not_reached + " (" + all + ")", .expected = "means and shares that the rows can have together"});
  }
  const auto n = static_cast<double>(table.rows());
  for (Index k = 0; k < wanted.size(); ++k) {
    report.unweighted.push_back(features.col(k).mean());
    report.weighted.push_back(features.col(k).dot(report.weights.weights) / n);
  }
  return report;
}

std::string with_weights(const Table& table, const statistics::PrevalenceWeights& weights, const std::string& column) {
  if (table.has(column)) throw InputError(Fault{.file = table.file(), .key = column, .found = "a column of that name", .expected = "another name, by --name"});
  std::string text;
  for (const std::string& name : table.names()) text += csv_field(name) + ",";
  text += csv_field(column) + "\n";
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (std::size_t k = 0; k < table.names().size(); ++k) text += csv_field(table.cell(row, k)) + ",";
    text += fmt::format("{}\n", weights.weights[static_cast<Index>(row)]);
  }
  return text;
}

}  // namespace coley::exchange
