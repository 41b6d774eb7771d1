// SPDX-License-Identifier: Apache-2.0
// coley meta DATA.csv: options to calls of statistics/, results to a table or JSON.
#include <CLI/CLI.hpp>
#include <iostream>
#include <map>
#include <memory>

#include "commands.hpp"
#include "core/error.hpp"
#include "meta_report.hpp"
#include "output_folder.hpp"
#include "report/statistics_html.hpp"
#include "statistics/mantel_haenszel.hpp"

namespace coley {

namespace {

using exchange::StudyFigures;
using statistics::PooledTest;
using statistics::PoolOptions;
using statistics::TauMethod;

struct MetaOptions {
  std::string file, study, measure;
  std::string html;  // written when not empty
  std::vector<std::string> ratio, effect, effect_variance, log_rank, counts;
  double interval_level = 0.95, level = 0.95;
  std::string method = "reml", test = "normal";
  std::string subgroup, covariate, order;
  bool leave_one_out = false, cumulative = false, small_study = false, json = false;
  double baseline_median = 0, baseline_shape = 1, horizon = 0;
};

struct Method {
  TauMethod tau;
  const char* name;
};
const std::map<std::string, Method> kMethods = {{"reml", {TauMethod::reml, "random effects (REML)"}},
                                                {"dl", {TauMethod::dersimonian_laird, "random effects (DerSimonian-Laird)"}},
                                                {"dlit", {TauMethod::dersimonian_laird_iterated, "random effects (DerSimonian-Laird, iterated)"}},
                                                {"sjit", {TauMethod::paule_mandel, "random effects (Sidik-Jonkman, iterated)"}},
                                                {"pm", {TauMethod::paule_mandel, "random effects (Paule-Mandel)"}},
                                                {"eb", {TauMethod::paule_mandel, "random effects (empirical Bayes)"}},
                                                {"ml", {TauMethod::maximum_likelihood, "random effects (ML)"}},
                                                {"sj", {TauMethod::sidik_jonkman, "random effects (Sidik-Jonkman)"}},
                                                {"hs", {TauMethod::hunter_schmidt, "random effects (Hunter-Schmidt)"}},
                                                {"hsk", {TauMethod::hunter_schmidt_corrected, "random effects (Hunter-Schmidt, corrected)"}},
                                                {"pmm", {TauMethod::paule_mandel_median, "random effects (Paule-Mandel, median)"}},
                                                {"he", {TauMethod::hedges, "random effects (Hedges)"}},
                                                {"fixed", {TauMethod::fixed, "fixed effect"}},
                                                {"mh", {TauMethod::fixed, "Mantel-Haenszel"}},
                                                {"peto", {TauMethod::fixed, "Peto"}}};

struct Test {
  PooledTest test;
  const char* name;
};
const std::map<std::string, Test> kTests = {{"normal", {PooledTest::normal, "normal"}},
                                            {"t", {PooledTest::student, "t"}},
                                            {"hk", {PooledTest::hartung_knapp, "Hartung-Knapp"}},
                                            {"hk-adhoc", {PooledTest::hartung_knapp_adhoc, "Hartung-Knapp, ad hoc"}}};

struct Measure {
  const char* name;
  bool ratio;
};
const std::map<std::string, Measure> kMeasures = {{"hr", {"hazard ratio", true}}, {"or", {"odds ratio", true}},
                                                  {"rr", {"risk ratio", true}},   {"rd", {"risk difference", false}},
                                                  {"md", {"mean difference", false}}};

[[noreturn]] void refuse(const std::string& key, const std::string& found, const std::string& expected) {
  throw InputError(Fault{.key = key, .found = found, .expected = expected});
}

/// Which columns were named, and so which kind of figures.
exchange::StudyColumns columns_of(const MetaOptions& options) {
  exchange::StudyColumns columns{.study = options.study,
                                 .level = options.interval_level,
                                 .subgroup = options.subgroup,
                                 .covariate = options.covariate,
                                 .order = options.order};
  int given = 0;
  const auto take = [&](const std::vector<std::string>& names, StudyFigures figures) {
    if (names.empty()) return;
    columns.values = names;
    columns.figures = figures;
    ++given;
  };
  take(options.ratio, StudyFigures::ratio_with_interval);
  take(options.effect, StudyFigures::effect_with_error);
  take(options.effect_variance, StudyFigures::effect_with_variance);
  take(options.log_rank, StudyFigures::log_rank);
  take(options.counts, StudyFigures::two_by_two);
  if (given != 1)
    refuse("columns", given == 0 ? "no columns of figures" : "several kinds of figures",
           "one of --ratio, --effect-se, --effect-variance, --log-rank, --counts, with the names of its columns");
  return columns;
}

std::string measure_of(const MetaOptions& options, const exchange::StudyColumns& columns) {
  const bool counts = columns.figures == StudyFigures::two_by_two;
  const std::string measure = options.measure.empty() ? (counts ? "or" : "hr") : options.measure;
  if (counts && measure != "or" && measure != "rr" && measure != "rd")
    refuse("--measure", measure, "or, rr or rd with --counts");
  if (columns.figures == StudyFigures::ratio_with_interval && !kMeasures.at(measure).ratio)
    refuse("--measure", measure, "a ratio (hr, or, rr) with --ratio");
  if (columns.figures == StudyFigures::log_rank && measure != "hr") refuse("--measure", measure, "hr with --log-rank");
  return measure;
}

statistics::Contrast contrast_of(const MetaOptions& options, const std::string& measure) {
  if (options.method == "peto") return statistics::Contrast::peto_odds_ratio;
  if (measure == "rr") return statistics::Contrast::risk_ratio;
  return measure == "rd" ? statistics::Contrast::risk_difference : statistics::Contrast::odds_ratio;
}

/// Mantel-Haenszel and Peto, in the shape of any pooled effect.
statistics::PooledEffect stratified(const MetaOptions& options, const exchange::Studies& studies,
                                    statistics::Contrast contrast) {
  const auto pooled = options.method == "mh" ? statistics::mantel_haenszel(studies.tables, contrast, options.level)
                                             : statistics::peto(studies.tables, options.level);
  statistics::PooledEffect result;
  result.k = pooled.k;
  result.effect = pooled.effect;
  result.heterogeneity.q = pooled.q;
  result.heterogeneity.df = pooled.q_df;
  result.heterogeneity.p = pooled.q_p;
  if (pooled.q > pooled.q_df) result.heterogeneity.i2 = (pooled.q - pooled.q_df) / pooled.q;
  return result;
}

void add_alternatives(MetaReport& report, const MetaOptions& options) {
  const auto& effects = report.studies.effects;
  const auto add = [&](const std::string& name, TauMethod method, PooledTest test) {
    report.alternatives.emplace_back(name, pool(effects, {.method = method, .test = test, .level = options.level}));
  };
  add("fixed effect", TauMethod::fixed, PooledTest::normal);
  add("DerSimonian-Laird", TauMethod::dersimonian_laird, PooledTest::normal);
  add("REML", TauMethod::reml, PooledTest::normal);
  add("REML, Hartung-Knapp", TauMethod::reml, PooledTest::hartung_knapp);
  add("REML, Hartung-Knapp with the ad hoc rule", TauMethod::reml, PooledTest::hartung_knapp_adhoc);
}

void add_regression(MetaReport& report, const PoolOptions& pooling) {
  const auto& x = report.studies.covariate;
  Eigen::MatrixXd design(static_cast<Eigen::Index>(x.size()), 2);
  for (std::size_t i = 0; i < x.size(); ++i) design.row(static_cast<Eigen::Index>(i)) << 1.0, x[i];
  report.regression = regress(report.studies.effects, design, pooling);
}

void add_gains(MetaReport& report, const MetaOptions& options) {
  if (report.measure != "hazard ratio") refuse("--baseline-median", report.measure, "a hazard ratio (--measure hr)");
  SurvivalGains gains{{options.baseline_median, options.baseline_shape}, {}, std::nullopt, {}};
  gains.median = median_gain(report.pooled.effect, gains.baseline);
  if (options.horizon > 0) {
    gains.horizon = options.horizon;
    gains.restricted_mean = restricted_mean_gain(report.pooled.effect, gains.baseline, options.horizon);
  }
  report.gains = gains;
}

void warn(MetaReport& report, const PoolOptions& pooling) {
  const auto k = report.studies.effects.size();
  report.warnings.insert(report.warnings.end(), report.pooled.warnings.begin(), report.pooled.warnings.end());
  if (k == 1) report.warnings.push_back("one study: nothing is pooled, and its heterogeneity cannot be judged");
  if (k > 1 && k < 10 && pooling.method != TauMethod::fixed && pooling.test == PooledTest::normal)
    report.warnings.push_back(std::to_string(k) + " studies: the normal interval takes tau2 as known and is too narrow when there "
                              "is heterogeneity; compare Hartung-Knapp (--test hk)");
}

MetaReport analyse(const MetaOptions& options) {
  exchange::StudyColumns columns = columns_of(options);
  const std::string measure = measure_of(options, columns);
  columns.contrast = contrast_of(options, measure);
  const bool tables = options.method == "mh" || options.method == "peto";
  if (tables && columns.figures != StudyFigures::two_by_two)
    refuse("--method", options.method, "another method (fixed for O-E and V, which is Peto's), or --counts");

  const PoolOptions pooling{kMethods.at(options.method).tau, kTests.at(options.test).test, options.level};
  MetaReport report;
  report.file = options.file;
  report.measure = kMeasures.at(measure).name;
  report.ratio = kMeasures.at(measure).ratio;
  report.method = kMethods.at(options.method).name;
  report.test = kTests.at(options.test).name;
  report.level = options.level;
  report.studies = exchange::read_studies(exchange::Table::read(options.file), columns);
  const auto& effects = report.studies.effects;
  if (tables) {
    report.pooled = stratified(options, report.studies, columns.contrast);
  } else {
    report.pooled = pool(effects, pooling);
    report.weights = statistics::pooling_weights(effects, report.pooled.heterogeneity.tau2);
    if (effects.size() > 1 && pooling.method != TauMethod::fixed)
      report.profile = q_profile(effects, report.pooled.heterogeneity.tau2, options.level);
  }
  if (effects.size() > 1) add_alternatives(report, options);
  if (options.leave_one_out) report.leave_one_out = leave_one_out(effects, pooling);
  if (options.cumulative) report.cumulative = cumulative(effects, pooling);
  if (!options.subgroup.empty()) report.subgroups = by_subgroup(effects, report.studies.subgroups, pooling);
  report.covariate = options.covariate;
  if (!options.covariate.empty()) add_regression(report, pooling);
  if (options.small_study) {
    const PoolOptions plain{pooling.method, PooledTest::normal, options.level};
    report.small_study = SmallStudyChecks{egger(effects, plain), statistics::egger_classical(effects),
                                          statistics::begg(effects), trim_and_fill(effects, pooling)};
  }
  if (options.baseline_median > 0) add_gains(report, options);
  warn(report, pooling);
  return report;
}

template <class Choices>
std::vector<std::string> names_of(const Choices& choices) {
  std::vector<std::string> names;
  for (const auto& [name, value] : choices) names.push_back(name);
  return names;
}

void add_column_options(CLI::App& command, MetaOptions& options) {
  const char* group = "Columns of DATA.csv (one kind of figures)";
  command.add_option("--study", options.study, "label of the study")->group(group);
  command.add_option("--ratio", options.ratio, "published ratio and its limits: RATIO LOW HIGH")->expected(3)->group(group);
  command.add_option("--effect-se", options.effect, "effect (log for a ratio) and standard error")->expected(2)->group(group);
  command.add_option("--effect-variance", options.effect_variance, "effect (log for a ratio) and variance")->expected(2)->group(group);
  command.add_option("--log-rank", options.log_rank, "observed minus expected events on treatment, and its variance")->expected(2)->group(group);
  command.add_option("--counts", options.counts, "events and patients on treatment, events and patients on control")->expected(4)->group(group);
  command.add_option("--interval-level", options.interval_level, "level of the published intervals")->capture_default_str()->group(group);
  command.add_option("--subgroup", options.subgroup, "pool also within the values of this column")->group(group);
  command.add_option("--covariate", options.covariate, "regress the effect on this column")->group(group);
  command.add_option("--order", options.order, "sort the studies by this column, e.g. the year")->group(group);
}

}  // namespace

void add_meta_command(CLI::App& program) {
  auto options = std::make_shared<MetaOptions>();
  CLI::App* command = program.add_subcommand("meta", "Pool published effects: fixed and random effects, heterogeneity, forest plot");
  command->add_option("data", options->file, "table with one row a study")->required()->type_name("DATA.csv");
  add_column_options(*command, *options);
  command->add_option("--measure", options->measure, "hr (default), or (default with --counts), rr, rd, md")->check(CLI::IsMember(names_of(kMeasures)));
  command->add_option("--method", options->method, "how studies are pooled")->check(CLI::IsMember(names_of(kMethods)))->capture_default_str();
  command->add_option("--test", options->test, "what intervals rest on")->check(CLI::IsMember(names_of(kTests)))->capture_default_str();
  command->add_option("--level", options->level, "level of the intervals shown")->capture_default_str();
  command->add_flag("--leave-one-out", options->leave_one_out, "pool without each study in turn");
  command->add_flag("--cumulative", options->cumulative, "pool the first study, the first two, ... (see --order)");
  command->add_flag("--small-study", options->small_study, "Egger, Begg, trim and fill");
  command->add_option("--baseline-median", options->baseline_median, "median survival on control in months: a hazard ratio is turned into months")->check(CLI::PositiveNumber);
  command->add_option("--baseline-shape", options->baseline_shape, "Weibull shape of survival on control")->check(CLI::PositiveNumber)->capture_default_str();
  command->add_option("--horizon", options->horizon, "months within which mean survival is compared")->check(CLI::PositiveNumber);
  command->add_option("--html", options->html, "write the report with forest and funnel plot to this HTML file");
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options] {
    const MetaReport report = analyse(*options);
    if (!options->html.empty())
      write_file(options->html, report::statistics_html("Meta-analysis: " + options->file, to_text(report), to_json(report),
                                                        {{"forest", "Squares: studies, their area by weight; diamonds: pooled effects; thick line: where the effect of a further study would lie."},
                                                         {"funnel", "Each study by its effect and standard error; the triangle would hold 95 % of the studies if they differed by chance alone."}}));
    std::cout << (options->json ? to_json(report).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n" : to_text(report));
  });
}

}  // namespace coley
