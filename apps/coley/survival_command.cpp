// SPDX-License-Identifier: Apache-2.0
// coley survival DATA.csv: options to a report, the report to a table or JSON.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "commands.hpp"
#include "core/error.hpp"
#include "output_folder.hpp"
#include "report/statistics_html.hpp"
#include "survival_report.hpp"

namespace coley {
namespace {

/// "LEVEL" for the group, or "COLUMN=LEVEL".
void add_reference(exchange::SurvivalColumns& columns, const std::string& text) {
  const auto equals = text.find('=');
  if (equals != std::string::npos) {
    columns.reference[text.substr(0, equals)] = text.substr(equals + 1);
  } else {
    if (columns.group.empty()) throw InputError({.key = "--reference", .found = text, .expected = "COLUMN=LEVEL when there is no --group"});
    columns.reference[columns.group] = text;
  }
}

/// The text and the curves with their intervals as one HTML file.
void write_page(SurvivalReport report) {
  report.options.curves = true;
  const std::string caption = "Curves by " + report.options.estimator + ", bands: intervals of type " + report.options.interval + ", below the axis the numbers at risk.";
  std::vector<report::StatisticsFigure> figures = {{"curves", caption}};
  if (report.models.competing) figures.push_back({"incidence", "Cumulative incidence by Aalen-Johansen, a line for each group and cause; intervals at chosen times (--at) stand in the text. Below the axis the numbers at risk."});
  if (!report.models.forests.empty()) figures.push_back({"subgroups", "Hazard ratio by Cox's model with its interval, over all (diamond) and in each subgroup (squares, their area by events)."});
  write_file(report.options.html, report::statistics_html("Survival: " + report.options.file, survival_text(report), survival_json(report), figures));
}

void run(SurvivalOptions options, const std::vector<std::string>& references) {
  for (const std::string& reference : references) add_reference(options.columns, reference);
  const SurvivalReport report = make_survival_report(options);
  if (!options.html.empty()) write_page(report);
  if (options.json) std::cout << survival_json(report).dump(2) << '\n';
  else std::cout << survival_text(report);
}

}  // namespace

void add_survival_command(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("survival", "Kaplan-Meier, tests and Cox regression on anyone's time-to-event table");
  auto options = std::make_shared<SurvivalOptions>();
  auto references = std::make_shared<std::vector<std::string>>(), where = std::make_shared<std::vector<std::string>>(), ends = std::make_shared<std::vector<std::string>>();
  exchange::SurvivalColumns& columns = options->columns;
  command.add_option("data", options->file, "CSV file with a header row")->required();
  command.add_option("--time", columns.time, "column: end of follow-up, a number or a date (YYYY-MM-DD)");
  command.add_option("--event", columns.event, "column: 1/0 or TRUE/FALSE; one named CNSR is read as ADaM's, 0 = event");
  command.add_option("--interval-censored", *ends, "instead of both, for --parametric, columns LOW HIGH: the event came after LOW (empty: 0) and by HIGH (empty: not seen)")->expected(2);
  command.add_option("--where", *where, "COLUMN=VALUE: only these rows, as PARAMCD=OS of adtte.csv; may be repeated");
  command.add_option("--event-value", columns.event_value, "the code that is the event, when the column holds others (as 2 of 1/2)");
  command.add_option("--start", columns.start, "column: start of follow-up (delayed entry); with dates and no --origin, time zero");
  command.add_option("--origin", columns.origin, "column: date of time zero, when --time holds dates");
  command.add_option("--group", columns.group, "column: groups to compare, by their names");
  command.add_option("--reference", *references, "LEVEL of the group, or COLUMN=LEVEL, to compare with; first in order otherwise");
  command.add_option("--strata", columns.strata, "columns: strata of tests and Cox model")->delimiter(',');
  command.add_option("--covariates", columns.covariates, "Cox terms: columns, a:b, a*b, log(x), factor(x)")->delimiter(',');
  command.add_option("--cluster", columns.cluster, "column: rows of one cluster are correlated (robust variance)");
  command.add_option("--weights", columns.weights, "column: case weights");
  command.add_option("--offset", columns.offset, "expression added to the linear predictor of the Cox model and to the location of --parametric");
  command.add_flag("--robust", options->robust, "robust variance (infinitesimal jackknife) of the curves, in the Cox model and in --parametric");
  command.add_option("--ties", options->ties, "ties in the Cox model: efron, breslow or exact")->capture_default_str();
  command.add_option("--estimator", options->estimator, "survival: kaplan-meier, or exp of minus the hazard of nelson-aalen or fleming-harrington")->capture_default_str();
  command.add_option("--quantiles", options->quantiles, "shares that have had the event: 0.5 for the median")->delimiter(',');
  command.add_option("--landmark", columns.landmark, "only those followed beyond this time, time counted from it");
  command.add_option("--interval", options->interval, "interval of survival: plain, log, log-log, logit or arcsin")->capture_default_str();
  command.add_option("--level", options->level, "confidence level")->capture_default_str();
  command.add_option("--median-rule", options->median_rule, "on a flat step: midpoint (R) or infimum")->capture_default_str();
  command.add_option("--at", options->at, "times of survival, numbers at risk and milestone comparison")->delimiter(',');
  command.add_option("--tau", options->tau, "restriction of mean survival; the shortest follow-up otherwise");
  command.add_option("--fh", options->fh, "Fleming-Harrington tests, each rho,gamma");
  command.add_option("--modest", options->modest, "modestly weighted test with this t*");
  command.add_flag("--maxcombo", options->max_combo, "MaxCombo of FH(0,0), (1,0), (0,1), (1,1)");
  command.add_option("--predict", options->cox.predict, "Cox: curve of a subject, COLUMN=VALUE,... (may be repeated; times of --at)");
  command.add_option("--residuals", options->cox.residuals, "Cox: write martingale, deviance, score and dfbeta residuals to this CSV file");
  command.add_option("--schoenfeld", options->cox.schoenfeld, "Cox: write Schoenfeld residuals to this CSV file");
  command.add_option("--baseline", options->cox.baseline, "Cox: write the baseline hazard, at covariates 0, to this CSV file");
  command.add_flag("--profile", options->cox.profile, "Cox: profile-likelihood limits too (given in any case where a coefficient is infinite)");
  add_survival_model_options(command, options->models);
  command.add_flag("--merge-near-ties", options->merge_near_ties, "merge times within 1.49e-8 of each other, as R does");
  command.add_flag("--curves", options->curves, "every row of the curves in the JSON");
  command.add_option("--html", options->html, "write the report with its figure to this HTML file");
  command.add_flag("--json", options->json, "JSON on standard output");
  command.callback([options, references, where, ends] {
    for (const std::string& rows : *where) {
      const std::size_t equals = rows.find('=');
      if (equals == std::string::npos) throw InputError({.key = "--where", .found = rows, .expected = "COLUMN=VALUE"});
      options->columns.where[rows.substr(0, equals)] = rows.substr(equals + 1);
    }
    if (!ends->empty()) {
      options->columns.low = ends->front();
      options->columns.high = ends->back();
    }
    options->models.robust = options->robust;
    run(*options, *references);
  });
}

}  // namespace coley
