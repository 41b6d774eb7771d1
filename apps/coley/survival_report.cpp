// SPDX-License-Identifier: Apache-2.0
#include "survival_report.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "statistics/cox_profile.hpp"
#include "statistics/near_ties.hpp"

namespace coley {

using namespace statistics;

namespace {

QuantileRule quantile_rule(const std::string& word) {
  if (word == "midpoint") return QuantileRule::midpoint;
  if (word == "infimum") return QuantileRule::infimum;
  throw InputError({.key = "--median-rule", .found = word, .expected = "midpoint (R) or infimum"});
}

std::vector<LogRankWeight> weights_of(const SurvivalOptions& options) {
  std::vector<LogRankWeight> weights = {{}};
  for (const std::string& pair : options.fh) {
    char* end = nullptr;
    const double rho = std::strtod(pair.c_str(), &end);
    const double gamma = *end == ',' ? std::strtod(end + 1, &end) : -1;
    if (*end != '\0' || !(rho >= 0 && gamma >= 0)) throw InputError({.key = "--fh", .found = pair, .expected = "rho,gamma of 0 or more, as 0,1"});
    weights.push_back(LogRankWeight::fh(rho, gamma));
  }
  if (options.modest > 0) weights.push_back({LogRankWeight::Kind::modestly_weighted, 0, 0, options.modest});
  return weights;
}

CurveOptions options_of_curves(const SurvivalOptions& options) {
  CurveOptions curve{interval_type(options.interval), options.level};
  if (options.estimator == "nelson-aalen" || options.estimator == "fleming-harrington") curve.estimator = SurvivalEstimator::exp_cumulative_hazard;
  else if (options.estimator != "kaplan-meier") throw InputError({.key = "--estimator", .found = options.estimator, .expected = "kaplan-meier, nelson-aalen or fleming-harrington"});
  if (options.estimator == "fleming-harrington") curve.ties = HazardTies::fleming_harrington;
  if (options.robust) curve.variance = CurveVariance::robust;
  return curve;
}

double shortest_follow_up(const std::vector<SurvivalCurve>& curves) {
  double shortest = INFINITY;
  for (const SurvivalCurve& curve : curves)
    if (curve.size() > 0) shortest = std::min(shortest, curve.time.back());
  return shortest;
}

/// A mean beyond the follow-up of its group would rest on nothing, so it is not given.
void add_means(SurvivalReport& report, double tau) {
  for (std::size_t g = 0; g < report.curves.size(); ++g) {
    RestrictedMean mean = restricted_mean(report.curves[g], tau);
    if (mean.extrapolated) {
      mean = {tau, NAN, NAN, NAN, NAN, true, "follow-up ends before tau"};
      report.notes.push_back("group " + report.groups[g] + ": no restricted mean to " + std::to_string(tau) + ", its follow-up ends before; choose a smaller --tau");
    }
    report.means.push_back(mean);
  }
}

void add_tests(SurvivalReport& report) {
  const SurvivalRows rows = report.table.survival_rows();
  if (!rows.weight.empty()) {
    report.notes.push_back("no log-rank test: it takes no weights; the Cox model below does");
    return;
  }
  const SortedRows sorted(rows);
  for (const LogRankWeight& weight : weights_of(report.options)) report.tests.push_back(log_rank(sorted, weight));
  if (!report.options.max_combo) return;
  if (rows.groups != 2) throw InputError({.key = "--maxcombo", .found = std::to_string(rows.groups) + " groups", .expected = "two groups"});
  report.max_combo = max_combo(sorted, {LogRankWeight::fh(0, 0), LogRankWeight::fh(1, 0), LogRankWeight::fh(0, 1), LogRankWeight::fh(1, 1)});
}

void add_contrasts(SurvivalReport& report, double tau) {
  for (std::size_t g = 1; g < report.curves.size(); ++g) {
    GroupContrast contrast{report.groups[g], report.groups[0], {}, "", {}};
    try {
      contrast.rmst = rmst_contrast(report.curves[0], report.curves[g], tau);
    } catch (const InputError& fault) {
      contrast.no_rmst = fault.what();
    }
    for (const double at : report.options.at) contrast.milestones.push_back(milestone(report.curves[0], report.curves[g], at));
    report.contrasts.push_back(std::move(contrast));
  }
}

void add_cox(SurvivalReport& report) {
  const CoxData data = report.table.cox_data();
  CoxOptions options{cox_ties(report.options.ties), report.options.robust, report.options.level};
  report.cox = fit_cox(data, options);
  const CoxFit& fit = *report.cox;
  std::vector<double> predictor(data.rows.size());
  bool finite = true;
  for (std::size_t i = 0; i < data.offset.size(); ++i) predictor[i] = data.offset[i];
  for (std::size_t j = 0; j < data.names.size(); ++j) {
    finite = finite && fit.state[j] != CoefficientState::infinite;
    if (fit.state[j] != CoefficientState::estimated) continue;
    const double* column = data.covariates.data() + j * predictor.size();
    for (std::size_t i = 0; i < predictor.size(); ++i) predictor[i] += fit.coef[static_cast<Eigen::Index>(j)] * (column[i] - column[0]);
  }
  for (std::size_t j = 0; j < data.names.size(); ++j) {
    const bool wanted = fit.state[j] == CoefficientState::infinite || report.options.cox.profile;
    report.profile.push_back(wanted ? profile_interval(fit, data, j) : Estimate{NAN, NAN, NAN});
  }
  const CurveOptions curve{interval_type(report.options.interval), report.options.level};
  report.predictions = cox_predictions(report.options.cox, report.options.columns, report.table, fit, curve);
  write_cox_files(report.options.cox, report.table, fit);
  if (!finite || fit.df == 0) return;
  report.concordance = concordance(data.rows, predictor, {ConcordanceWeight::n, true}, data.cluster);
  if (options.ties != CoxTies::exact) report.proportional_hazards = proportional_hazards_test(fit, data);
}

/// The options of analyses that need the times themselves.
void refuse_beside_intervals(const SurvivalOptions& options) {
  const SurvivalModelOptions& models = options.models;
  const auto refuse = [](const std::string& key, const std::string& found, const std::string& expected) { throw InputError({.key = key, .found = found, .expected = expected}); };
  if (models.parametric.empty()) refuse("--interval-censored", "no --parametric", "--parametric: curves, tests and the Cox model need the times themselves");
  const bool others = !models.pieces.empty() || !models.competing.empty() || !models.subgroups.empty() || !models.marker.empty() || !models.prediction.empty() || options.cox.any() ||
                      !options.at.empty() || !options.fh.empty() || options.modest > 0 || options.max_combo || !options.html.empty() || options.merge_near_ties || !options.columns.strata.empty();
  if (others) refuse("--interval-censored", "an option of another analysis", "--start, --group, --covariates, --parametric, --cure, --cure-covariates and --level only");
  const exchange::SurvivalColumns& columns = options.columns;
  if (!columns.time.empty() || !columns.event.empty() || !columns.origin.empty() || columns.landmark > 0)
    refuse("--interval-censored", "--time, --event, --origin or --landmark", "none of them: LOW and HIGH say when the event happened");
}

}  // namespace

SurvivalReport make_survival_report(const SurvivalOptions& options) {
  SurvivalReport report;
  report.options = options;
  report.median_rule = quantile_rule(options.median_rule);
  report.options.columns.also = model_columns(options.models);
  const bool intervals = !options.columns.low.empty();
  if (intervals) refuse_beside_intervals(options);
  else if (options.columns.time.empty() || options.columns.event.empty()) throw InputError({.key = "--time, --event", .found = "not both", .expected = "the columns of time and event, or --interval-censored LOW HIGH"});
  report.table = exchange::read_survival_table(options.file, report.options.columns);
  if (options.merge_near_ties) merge_near_ties(report.table.time, report.table.entry);
  report.groups = report.table.group.levels.empty() ? std::vector<std::string>{"all"} : report.table.group.levels;
  if (intervals) {
    report.models = make_survival_models(options.models, options.columns, report.table, options.level);
    return report;
  }
  const CurveOptions curve_options = options_of_curves(options);
  for (const double p : options.quantiles)
    if (!(p > 0 && p < 1)) throw InputError({.key = "--quantiles", .found = std::to_string(p), .expected = "shares between 0 and 1"});
  report.curves = kaplan_meier(report.table.survival_rows(), curve_options);
  const double tau = options.tau > 0 ? options.tau : shortest_follow_up(report.curves);
  if (tau > 0) add_means(report, tau);
  if (report.groups.size() == 1 && !options.columns.group.empty())
    report.notes.push_back("nothing to compare: " + options.columns.group + " has one level, " + report.groups[0]);
  for (std::size_t g = 0; g < report.curves.size(); ++g)
    for (std::size_t i = 0; i + 1 < report.curves[g].size(); ++i)
      if (report.curves[g].survival[i] == 0) {
        report.notes.push_back("group " + report.groups[g] + ": everybody at risk early had the event, so the curve is 0 from " + std::to_string(report.curves[g].time[i]) + " on although others enter later; start later");
        break;
      }
  if (report.groups.size() > 1) {
    add_tests(report);
    if (tau > 0) add_contrasts(report, tau);
  }
  const std::vector<double>& weight = report.table.weight;
  if (!options.robust && std::any_of(weight.begin(), weight.end(), [](double w) { return w != std::floor(w); }))
    report.notes.push_back("fractional weights count as numbers of subjects in the standard errors; for sampling weights give --robust");
  if (!report.table.design.names.empty()) add_cox(report);
  else if (options.cox.any()) throw InputError({.key = "--predict, --residuals, --schoenfeld, --baseline, --profile", .found = "no Cox model", .expected = "--group or --covariates"});
  report.models = make_survival_models(options.models, options.columns, report.table, options.level);
  return report;
}

}  // namespace coley
