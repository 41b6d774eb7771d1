// SPDX-License-Identifier: Apache-2.0
#include "cox_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <numeric>

#include "core/error.hpp"
#include "exchange/expression.hpp"
#include "statistics/cox_residuals.hpp"

namespace coley {

using namespace statistics;

namespace {

/// A CSV field.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

/// "age=60,sex=2" as a table of one row.
exchange::Frame one_subject(const std::string& text) {
  std::string names, values;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size()), equals = text.find('=', from);
    if (equals >= comma) throw InputError({.key = "--predict", .found = text, .expected = "COLUMN=VALUE,... with a value for each variable of the model"});
    const char* separator = names.empty() ? "" : ",";
    names += separator + field(text.substr(from, equals - from));
    values += separator + field(text.substr(equals + 1, comma - equals - 1));
    from = comma + 1;
  }
  return exchange::Frame(std::make_shared<exchange::Table>(exchange::Table::parse(names + "\n" + values + "\n", "--predict " + text)));
}

/// The stratum of the data that has the subject's values in these columns.
int stratum_of(const exchange::Frame& subject, const std::vector<std::string>& columns, const exchange::SurvivalTable& table) {
  if (columns.empty()) return 0;
  std::vector<std::uint8_t> same(table.size(), 1);
  for (const std::string& column : columns) {
    const auto labels = table.frame->labels(column);
    for (std::size_t i = 0; i < same.size(); ++i)
      if (labels[i] != subject.labels(column)[0]) same[i] = 0;
  }
  const auto at = std::find(same.begin(), same.end(), 1) - same.begin();
  if (at == static_cast<std::ptrdiff_t>(same.size())) throw InputError({.key = "--predict", .found = "a stratum without rows", .expected = "a stratum of the data"});
  return table.stratum[static_cast<std::size_t>(at)];
}

std::ofstream open(const std::string& path) {
  std::ofstream out(path, std::ios::binary);
  if (!out) throw RunError(path + ": cannot be written");
  return out;
}

void close(std::ofstream& out, const std::string& path) {
  out.close();
  if (!out) throw RunError(path + ": could not be written to its end; is the disk full?");
}

void write_residuals(const std::string& path, const exchange::SurvivalTable& table, const CoxFit& fit) {
  const std::size_t n = table.size();
  const std::vector<double> martingale = martingale_residuals(fit, n), deviance = deviance_residuals(fit, n);
  const Eigen::MatrixXd score = score_residuals(fit, n), dfbeta = dfbeta_residuals(fit, n);
  std::ofstream out = open(path);
  std::string line = "line,time,event,martingale,deviance";
  for (const std::string& name : fit.names) line += "," + field("score " + name);
  for (const std::string& name : fit.names) line += "," + field("dfbeta " + name);
  for (std::size_t i = 0; i < n; ++i) {
    out << line << '\n';
    line = fmt::format("{},{},{},{},{}", table.frame->table().line(table.frame->rows()[i]), table.time[i], int{table.event[i]}, martingale[i], deviance[i]);
    for (const Eigen::MatrixXd* values : {&score, &dfbeta})
      for (Eigen::Index j = 0; j < values->cols(); ++j) line += fmt::format(",{}", (*values)(static_cast<Eigen::Index>(i), j));
  }
  out << line << '\n';
  close(out, path);
}

void write_schoenfeld(const std::string& path, const exchange::SurvivalTable& table, const CoxFit& fit) {
  const SchoenfeldResiduals residuals = schoenfeld_residuals(fit);
  std::ofstream out = open(path);
  std::string line = "line,time";
  for (const std::string& name : fit.names) line += "," + field(name);
  for (std::size_t i = 0; i < residuals.time.size(); ++i) {
    out << line << '\n';
    line = fmt::format("{},{}", table.frame->table().line(table.frame->rows()[residuals.row[i]]), residuals.time[i]);
    for (Eigen::Index j = 0; j < residuals.value.cols(); ++j) line += fmt::format(",{}", residuals.value(static_cast<Eigen::Index>(i), j));
  }
  out << line << '\n';
  close(out, path);
}

/// Values of the strata columns in a stratum.
std::string stratum_label(int stratum, const std::vector<std::string>& columns, const exchange::SurvivalTable& table) {
  std::string label;
  const auto at = std::find(table.stratum.begin(), table.stratum.end(), stratum) - table.stratum.begin();
  for (const std::string& column : columns) label += (label.empty() ? "" : ", ") + std::string(table.frame->labels(column)[static_cast<std::size_t>(at)]);
  return label;
}

void write_baseline(const std::string& path, const exchange::SurvivalTable& table, const CoxFit& fit) {
  std::ofstream out = open(path);
  out << "stratum,time,cumulative_hazard,survival,se_log_survival\n";
  const std::vector<double> zero(fit.names.size());
  for (const CoxDesign::Stratum& stratum : fit.design->strata()) {
    const PredictedCurve curve = predict_survival(fit, zero, stratum.label);
    const std::string label = field(stratum_label(stratum.label, table.formula.strata, table));
    for (std::size_t i = 0; i < curve.time.size(); ++i)
      out << fmt::format("{},{},{},{},{}\n", label, curve.time[i], curve.cumulative_hazard[i], curve.survival[i], curve.se_log_survival[i]);
  }
  close(out, path);
}

}  // namespace

std::vector<CoxPrediction> cox_predictions(const CoxOutputOptions& options, const exchange::SurvivalColumns& columns,
                                           const exchange::SurvivalTable& table, const CoxFit& fit, const CurveOptions& curve) {
  std::vector<CoxPrediction> predictions;
  for (const std::string& who : options.predict) {
    const exchange::Frame subject = one_subject(who);
    const DesignMatrix design = exchange::read_design(table.formula, subject, table.levels);
    std::optional<double> offset;
    if (!columns.offset.empty()) offset = exchange::evaluate(columns.offset, subject)[0];
    predictions.push_back({who, predict_survival(fit, design.columns, stratum_of(subject, columns.strata, table), curve, offset)});
  }
  return predictions;
}

void write_cox_files(const CoxOutputOptions& options, const exchange::SurvivalTable& table, const CoxFit& fit) {
  if (!options.residuals.empty()) write_residuals(options.residuals, table, fit);
  if (!options.schoenfeld.empty()) write_schoenfeld(options.schoenfeld, table, fit);
  if (!options.baseline.empty()) write_baseline(options.baseline, table, fit);
}

}  // namespace coley
