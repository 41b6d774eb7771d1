// SPDX-License-Identifier: Apache-2.0
#include "survival_models.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace coley {

using namespace statistics;

namespace {

Eigen::MatrixXd matrix_of(const DesignMatrix& design, std::size_t rows) {
  const auto columns = static_cast<Eigen::Index>(design.names.size());
  return Eigen::Map<const Eigen::MatrixXd>(design.columns.data(), static_cast<Eigen::Index>(rows), columns);
}

std::string joined(const std::vector<std::string>& terms) {
  std::string text;
  for (const std::string& term : terms) text += (text.empty() ? "" : " + ") + term;
  return text;
}

Cure cure_of(const std::string& word) {
  if (word.empty()) return Cure::none;
  if (word == "mixture") return Cure::mixture;
  if (word == "non-mixture") return Cure::non_mixture;
  throw InputError(Fault{.key = "--cure", .found = word, .expected = "mixture or non-mixture"});
}

void refuse_weights(const exchange::SurvivalTable& table, const char* option) {
  if (!table.weight.empty()) throw InputError(Fault{.key = option, .found = "case weights", .expected = "a table without --weights: curves, the Cox model, --parametric and the curves of --competing take them"});
}

/// Laws of positive times know no event or censoring at 0; the place in the file is known here.
void refuse_time_zero(const SurvivalModelOptions& options, const exchange::SurvivalColumns& columns, const exchange::SurvivalTable& table) {
  const auto whole_line = [](const std::string& word) { return word != "all" && on_whole_line(law_of(word)); };
  if (std::all_of(options.parametric.begin(), options.parametric.end(), whole_line)) return;
  for (std::size_t i = 0; i < table.size(); ++i)
    if (table.time[i] == 0 && (table.upper.empty() || table.upper[i] == 0 || std::isinf(table.upper[i])))
      throw InputError(Fault{.file = table.frame->table().file(), .line = table.frame->table().line(table.frame->rows()[i]), .key = columns.low.empty() ? columns.time : columns.low,
                             .found = "0", .expected = "a time above 0, where laws of --parametric begin"});
}

std::vector<ParametricFit> parametric_fits(const SurvivalModelOptions& options, const exchange::SurvivalColumns& columns, const exchange::SurvivalTable& table) {
  refuse_time_zero(options, columns, table);
  ParametricModel model;
  model.weight = table.weight;
  model.offset = table.offset;
  model.cluster = table.cluster;
  model.robust = options.robust;
  model.fixed_scale = options.scale;
  model.cure = cure_of(options.cure);
  model.covariates = matrix_of(table.design, table.size());
  model.names = table.design.names;
  if (!options.cure_covariates.empty()) {
    if (model.cure == Cure::none) throw InputError(Fault{.key = "--cure-covariates", .found = "no cure model", .expected = "--cure mixture or --cure non-mixture too"});
    exchange::FactorLevels levels;
    if (!columns.group.empty()) levels[columns.group] = table.group.levels;
    const DesignMatrix design = exchange::read_design(exchange::parse_formula(joined(options.cure_covariates)), *table.frame, levels);
    model.cure_covariates = matrix_of(design, table.size());
    model.cure_names = design.names;
  }
  const CensoredTimes times = table.upper.empty() ? right_censored(table.time, table.event, table.entry) : CensoredTimes{table.time, table.upper, table.entry};
  if (options.parametric == std::vector<std::string>{"all"}) return compare_laws(times, model);
  std::vector<ParametricFit> fits;
  for (const std::string& word : options.parametric) {
    model.law = law_of(word);
    fits.push_back(fit_parametric(times, model));
  }
  std::stable_sort(fits.begin(), fits.end(), [](const ParametricFit& a, const ParametricFit& b) { return a.converged != b.converged ? a.converged : a.aic < b.aic; });
  return fits;
}

/// The rows of one group (all rows without groups).
struct GroupRows {
  std::vector<double> time, entry, weight;
  std::vector<std::uint8_t> event;
  std::vector<int> cause;

  GroupRows(const exchange::SurvivalTable& table, const std::vector<int>& causes, int group) {
    for (std::size_t i = 0; i < table.size(); ++i) {
      if (!table.group.codes.empty() && table.group.codes[i] != group) continue;
      time.push_back(table.time[i]);
      event.push_back(table.event[i]);
      if (!table.entry.empty()) entry.push_back(table.entry[i]);
      if (!table.weight.empty()) weight.push_back(table.weight[i]);
      if (!causes.empty()) cause.push_back(causes[i]);
    }
  }
};

std::vector<int> causes_of(const SurvivalModelOptions& options, const exchange::SurvivalColumns& columns, const exchange::SurvivalTable& table) {
  if (columns.event_value.empty())
    throw InputError(Fault{.key = "--competing", .found = "no --event-value", .expected = "--event-value with the code of the event of interest"});
  std::vector<int> causes;
  std::vector<std::size_t> seen(options.competing.size());
  for (const std::string_view label : table.frame->labels(columns.event)) {
    const auto at = std::find(options.competing.begin(), options.competing.end(), label) - options.competing.begin();
    const bool other = at < static_cast<std::ptrdiff_t>(options.competing.size());
    if (other) ++seen[static_cast<std::size_t>(at)];
    causes.push_back(label == columns.event_value ? 1 : other ? static_cast<int>(at) + 2 : 0);
  }
  for (std::size_t k = 0; k < seen.size(); ++k)
    if (seen[k] == 0) throw InputError(Fault{.key = "--competing", .found = "no '" + options.competing[k] + "' in " + columns.event, .expected = "codes of that column"});
  return causes;
}

CompetingRisks competing_risks(const SurvivalModelOptions& options, const exchange::SurvivalColumns& columns, const exchange::SurvivalTable& table, std::size_t groups) {
  const std::vector<int> causes = causes_of(options, columns, table);
  CompetingRisks result;
  result.causes = {columns.event_value};
  result.causes.insert(result.causes.end(), options.competing.begin(), options.competing.end());
  const int count = static_cast<int>(result.causes.size());
  for (std::size_t g = 0; g < groups; ++g) {
    const GroupRows rows(table, causes, static_cast<int>(g));
    result.curves.push_back(aalen_johansen({rows.time, rows.cause, rows.entry, rows.weight}, count));
  }
  if (!table.entry.empty() || !table.weight.empty()) return result;  // Gray's test and Fine-Gray are for neither delayed entry nor weights
  const CompetingTimes all{table.time, causes, {}};
  for (int cause = 1; cause <= count && groups > 1; ++cause)
    result.gray.push_back(gray_test(all, table.group.codes, static_cast<int>(groups), cause, 0, table.stratum));
  if (!table.design.names.empty()) result.fine_gray = fine_gray(all, 1, matrix_of(table.design, table.size()), table.design.names);
  return result;
}

/// The survival rows without what a two-arm comparison within subgroups does not take.
SurvivalRows two_arms(const exchange::SurvivalTable& table, const char* option) {
  if (table.group.levels.size() != 2)
    throw InputError(Fault{.key = option, .found = std::to_string(table.group.levels.size()) + " groups", .expected = "--group with two levels, control first (--reference)"});
  return table.survival_rows();
}

PredictionReport prediction_report(const SurvivalModelOptions& options, const exchange::SurvivalTable& table, double level) {
  if (!(options.horizon > 0)) throw InputError(Fault{.key = "--prediction", .found = "no --horizon", .expected = "--horizon with the time by which the event is predicted"});
  if (!table.entry.empty() || !table.weight.empty())
    throw InputError(Fault{.key = "--prediction", .found = "delayed entry or weights", .expected = "subjects observed from 0, each counted once"});
  const std::vector<double> predicted = table.frame->numbers(options.prediction);
  const PredictedOutcomes data{table.time, table.event, predicted};
  PredictionReport report{time_dependent_roc(data, options.horizon, level), {}, {}, {}};
  if (std::any_of(predicted.begin(), predicted.end(), [](double p) { return p < 0 || p > 1; })) return report;
  report.brier = brier_score(data, options.horizon, level);
  report.calibration = calibration(data, options.horizon, 10, level);
  std::vector<double> thresholds;
  for (int percent = 5; percent < 100; percent += 5) thresholds.push_back(percent / 100.0);
  report.decision_curve = decision_curve(data, options.horizon, thresholds);
  return report;
}

}  // namespace

void add_survival_model_options(CLI::App& command, SurvivalModelOptions& options) {
  command.add_option("--parametric", options.parametric, "parametric laws with group and covariates: all, or of exponential, weibull, gompertz, lognormal, loglogistic, gengamma")->delimiter(',');
  command.add_option("--scale", options.scale, "the scale of --parametric, given and not estimated (1 with weibull: exponential)")->check(CLI::PositiveNumber);
  command.add_option("--cure", options.cure, "cure model for --parametric: mixture or non-mixture");
  command.add_option("--cure-covariates", options.cure_covariates, "terms on the cured fraction")->delimiter(',');
  command.add_option("--pieces", options.pieces, "cut points of a piecewise exponential")->delimiter(',');
  command.add_option("--competing", options.competing, "codes of the event column that are competing events (with --event-value)")->delimiter(',');
  command.add_option("--subgroup", options.subgroups, "columns: hazard ratio of the two groups in each subgroup, test of interaction")->delimiter(',');
  command.add_option("--marker", options.marker, "column: interaction of the two groups with a continuous marker");
  command.add_option("--prediction", options.prediction, "column: predicted probability of the event by --horizon, or a marker");
  command.add_option("--horizon", options.horizon, "time by which --prediction predicts");
}

std::vector<std::string> model_columns(const SurvivalModelOptions& options) {
  std::vector<std::string> columns = options.subgroups;
  if (!options.marker.empty()) columns.push_back(options.marker);
  if (!options.prediction.empty()) columns.push_back(options.prediction);
  if (!options.cure_covariates.empty())
    for (const std::string& name : exchange::parse_formula(joined(options.cure_covariates)).columns()) columns.push_back(name);
  return columns;
}

SurvivalModels make_survival_models(const SurvivalModelOptions& options, const exchange::SurvivalColumns& columns,
                                    const exchange::SurvivalTable& table, double level) {
  SurvivalModels models;
  models.groups = table.group.levels.empty() ? std::vector<std::string>{"all"} : table.group.levels;
  if (!options.parametric.empty()) models.parametric = parametric_fits(options, columns, table);
  else if (!options.cure.empty()) throw InputError(Fault{.key = "--cure", .found = "no --parametric", .expected = "--parametric with the law of the uncured"});
  if (!options.pieces.empty()) refuse_weights(table, "--pieces");
  if (!options.pieces.empty())
    for (std::size_t g = 0; g < models.groups.size(); ++g) {
      const GroupRows rows(table, {}, static_cast<int>(g));
      models.pieces.push_back(piecewise_exponential(rows.time, rows.event, options.pieces, rows.entry));
    }
  if (!options.competing.empty()) models.competing = competing_risks(options, columns, table, models.groups.size());
  for (const std::string& column : options.subgroups)
    models.forests.emplace_back(column, subgroup_effects(two_arms(table, "--subgroup"), table.frame->factor(column), level));
  if (!options.marker.empty()) models.interaction = treatment_marker_interaction(two_arms(table, "--marker"), table.frame->numbers(options.marker), level);
  if (!options.prediction.empty()) models.prediction = prediction_report(options, table, level);
  return models;
}

}  // namespace coley
