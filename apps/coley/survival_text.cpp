// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>

#include "statistics/day_counts.hpp"
#include "statistics/p_value.hpp"
#include "survival_report.hpp"

namespace coley {

using namespace statistics;

namespace {

std::string number(double value) { return std::isnan(value) ? "not reached" : fmt::format("{:.6g}", value); }

std::string interval(double estimate, double low, double high) {
  if (std::isnan(estimate)) return "not estimable";
  const auto end = [](double value) { return std::isnan(value) ? std::string("-") : fmt::format("{:.4g}", value); };
  return fmt::format("{:.4g} ({}, {})", estimate, end(low), end(high));
}

/// "0.0123", or "1e-2845" where the double has underflowed.
std::string p_value(double p, double log10_p) {
  if (std::isnan(p)) return "-";
  if (p > 1e-300) return fmt::format("{:.3g}", p);
  const double exponent = std::floor(log10_p);
  return fmt::format("{:.2f}e{:.0f}", std::pow(10, log10_p - exponent), exponent);
}

class Text {
 public:
  template <class... Arguments>
  void line(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    text_ += fmt::format(format, std::forward<Arguments>(arguments)...) + "\n";
  }
  void append(const std::string& text) { text_ += text; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void add_data(Text& text, const SurvivalReport& report) {
  const exchange::SurvivalTable& table = report.table;
  text.line("{}: {} rows, {} analysed", report.options.file, table.rows, table.size());
  for (const auto& [column, rows] : table.missing) text.line("  dropped: {} without {}", rows, column);
  if (table.empty_follow_up > 0) text.line("  dropped: {} whose start is not before their end", table.empty_follow_up);
  if (report.options.columns.landmark > 0)
    text.line("  landmark {:g}: {} rows that end at or before it are left out; times are counted from it", report.options.columns.landmark, table.before_landmark);
  if (table.unknown > 0) text.line("  dropped: {} with neither end of their interval", table.unknown);
  if (!table.upper.empty()) {
    std::size_t exact = 0, left = 0, right = 0;
    for (std::size_t i = 0; i < table.size(); ++i) {
      if (table.upper[i] == table.time[i]) ++exact;
      else if (std::isinf(table.upper[i])) ++right;
      else if (table.time[i] == 0) ++left;
    }
    text.line("  event after {} and by {}: {} exact, {} left-censored, {} right-censored, {} in intervals", report.options.columns.low, report.options.columns.high, exact, left, right, table.size() - exact - left - right);
  }
  if (table.reversed) text.line("  {} read as ADaM's: 0 is the event", report.options.columns.event);
  if (table.dates) text.line("  times are days between dates");
}

std::string quantile_text(const SurvivalCurve& curve, double p, QuantileRule rule) {
  const Estimate q = quantile(curve, p, rule);
  const auto end = [](double value) { return std::isnan(value) ? std::string("-") : number(value); };
  return fmt::format("{} ({}, {})", number(q.estimate), end(q.low), end(q.high));
}

void add_curves(Text& text, const SurvivalReport& report) {
  const double percent = 100 * report.options.level;
  const std::string& estimator = report.options.estimator;
  text.line("\n{}, {} variance, {:g} % intervals of type {}, quantiles by the {} rule", estimator == "kaplan-meier" ? "Kaplan-Meier" : estimator == "nelson-aalen" ? "exp(-Nelson-Aalen)" : "exp(-Fleming-Harrington)",
            report.options.robust ? "robust" : "Greenwood", percent, report.options.interval, report.options.median_rule);
  text.line("  {:<20}{:>9}{:>9}  {:<28}{}", "group", "n", "events", "median", report.means.empty() ? "" : fmt::format("restricted mean to {:g} (-+ z se)", report.means[0].tau));
  for (std::size_t g = 0; g < report.curves.size(); ++g) {
    const SurvivalCurve& curve = report.curves[g];
    const std::string shown = quantile_text(curve, 0.5, report.median_rule);
    text.line("  {:<20}{:>9}{:>9}  {:<28}{}", report.groups[g], curve.subjects, curve.events, shown,
              g < report.means.size() ? interval(report.means[g].value, report.means[g].low, report.means[g].high) : "");
  }
  if (report.options.quantiles != std::vector<double>{0.5}) {
    text.line("\n  {:<20}{:>10}  {}", "group", "share", "time by which it has had the event");
    for (std::size_t g = 0; g < report.curves.size(); ++g)
      for (const double p : report.options.quantiles) text.line("  {:<20}{:>10g}  {}", report.groups[g], p, quantile_text(report.curves[g], p, report.median_rule));
  }
  if (report.options.at.empty()) return;
  text.line("\n  {:<20}{:>10}{:>10}{:>9}{:>10}  {:<28}{}", "group", "time", "at risk", "events", "censored", "survival",
            estimator == "fleming-harrington" ? "cumulative hazard (Fleming-Harrington), se" : "cumulative hazard (Nelson-Aalen), se");
  for (std::size_t g = 0; g < report.curves.size(); ++g)
    for (const RiskTableRow& row : risk_table(report.curves[g], report.options.at)) {
      const CurvePoint point = curve_at(report.curves[g], row.time);
      text.line("  {:<20}{:>10g}{:>10g}{:>9g}{:>10g}  {:<28}{:.4g}, {:.3g}", report.groups[g], row.time, row.at_risk, row.events, row.censored, interval(point.survival, point.low, point.high),
                point.cumulative_hazard, point.se_cumulative_hazard);
    }
}

void add_tests(Text& text, const SurvivalReport& report) {
  if (report.tests.empty()) return;
  std::string strata;
  for (const std::string& column : report.options.columns.strata) strata += (strata.empty() ? ", stratified by " : ", ") + column;
  text.line("\nTests of equal survival{}", strata);
  for (const LogRankTest& test : report.tests) {
    if (test.not_estimable.empty())
      text.line("  {:<32} chi-square {:.6g} on {} df, p = {}", test.weight.name(), test.chi_square, test.df, p_value(test.p, test.log10_p));
    else
      text.line("  {:<32} not estimable: {}", test.weight.name(), test.not_estimable);
  }
  if (!report.max_combo) return;
  if (report.max_combo->not_estimable.empty())
    text.line("  {:<32} largest |z| {:.4g}, p = {:.3g} (joint normal)", "MaxCombo FH(0,0) (1,0) (0,1) (1,1)", report.max_combo->z_max_abs, report.max_combo->p_two_sided);
  else
    text.line("  MaxCombo: not estimable: {}", report.max_combo->not_estimable);
}

void add_contrasts(Text& text, const SurvivalReport& report) {
  for (const GroupContrast& contrast : report.contrasts) {
    text.line("\n{} against {}", contrast.group, contrast.control);
    if (contrast.rmst) {
      const auto show = [&text](const char* name, const CurveContrast& c) { text.line("  {:<40} {:<30} p = {}", name, interval(c.estimate, c.low, c.high), p_value(c.p, c.log10_p)); };
      show(fmt::format("restricted mean to {:g}, difference", contrast.rmst->control.tau).c_str(), contrast.rmst->difference);
      show("  ratio (log scale)", contrast.rmst->ratio);
      show("  ratio of time lost (log scale)", contrast.rmst->time_lost_ratio);
    } else {
      text.line("  restricted mean: {}", contrast.no_rmst);
    }
    for (const Milestone& m : contrast.milestones)
      text.line("  {:<40} {:<30} p = {} (log-log: {})", fmt::format("survival at {:g}, difference (Greenwood)", m.at), interval(m.difference.estimate, m.difference.low, m.difference.high),
                p_value(m.difference.p, m.difference.log10_p), std::isnan(m.p_cloglog) ? "-" : fmt::format("{:.3g}", m.p_cloglog));
  }
}

std::string hazard_ratio(const CoxFit& fit, Eigen::Index j) {
  const auto state = fit.state[static_cast<std::size_t>(j)];
  if (state == CoefficientState::not_estimable) return "not estimable";
  if (state == CoefficientState::infinite) return fit.coef[j] > 0 ? "infinite" : "0 (infinite coefficient)";
  const double half = two_sided_deviate(fit.options.level) * fit.inference_se()[j];
  return interval(std::exp(fit.coef[j]), std::exp(fit.coef[j] - half), std::exp(fit.coef[j] + half));
}

void add_predictions(Text& text, const SurvivalReport& report) {
  for (const CoxPrediction& prediction : report.predictions) {
    text.line("  predicted survival, {} intervals, for {}", report.options.interval, prediction.who);
    const std::vector<double>& times = report.options.at.empty() ? prediction.curve.time : report.options.at;
    for (const double time : times) {
      const PredictedPoint point = predicted_at(prediction.curve, time);
      text.line("    {:<26g} {}", time, interval(point.survival, point.low, point.high));
    }
  }
}

void add_cox(Text& text, const SurvivalReport& report) {
  if (!report.cox) return;
  const CoxFit& fit = *report.cox;
  text.line("\nCox model, ties by {}, {} variance, Wald intervals: {} rows, {} events", to_string(fit.options.ties), fit.options.robust ? "robust" : "model-based", fit.subjects, fit.events);
  text.line("  {:<28}{:>12}{:>12}  {:<32}{}", "", "coef", "se", "hazard ratio", "p");
  for (Eigen::Index j = 0; j < fit.coef.size(); ++j) {
    const PValue p = two_sided_normal_tail(fit.coef[j] / fit.inference_se()[j]);
    text.line("  {:<28}{:>12}{:>12}  {:<32}{}", fit.names[static_cast<std::size_t>(j)], std::isnan(fit.coef[j]) ? "-" : fmt::format("{:.5g}", fit.coef[j]),
              std::isnan(fit.inference_se()[j]) ? "-" : fmt::format("{:.5g}", fit.inference_se()[j]), hazard_ratio(fit, j), p_value(p.p, p.log10_p));
  }
  if (fit.df > 0) {
    const PValue lr = chi_square_tail(fit.lr_test, fit.df), score = chi_square_tail(fit.score_test, fit.df);
    text.line("  likelihood ratio {:.5g}, p = {}; score {:.5g}, p = {}; {} df; log-likelihood {:.8g} (null {:.8g})", fit.lr_test, p_value(lr.p, lr.log10_p), fit.score_test, p_value(score.p, score.log10_p), fit.df, fit.loglik, fit.loglik_null);
  }
  for (std::size_t j = 0; j < report.profile.size(); ++j) {
    const Estimate& limits = report.profile[j];
    if (std::isnan(limits.low)) continue;
    text.line("  {:<28}profile-likelihood limits of the hazard ratio: {:.4g} to {}", fit.names[j], std::exp(limits.low), std::isinf(limits.high) ? "infinity" : fmt::format("{:.4g}", std::exp(limits.high)));
  }
  if (report.concordance && std::isnan(report.concordance->concordance)) text.line("  concordance: not estimable, no two rows can be ordered in time");
  else if (report.concordance) text.line("  concordance {:.4g} (se {:.3g})", report.concordance->concordance, report.concordance->se);
  if (report.proportional_hazards) {
    const ProportionalHazardsTest& test = *report.proportional_hazards;
    text.line("  proportional hazards (score test, Kaplan-Meier time):");
    for (std::size_t i = 0; i < test.rows.size(); ++i)
      if (std::isnan(test.chi_square[i])) text.line("    {:<26} not estimable", test.rows[i]);
      else text.line("    {:<26} chi-square {:.4g} on {} df, p = {}", test.rows[i], test.chi_square[i], test.df[i], p_value(test.p[i], test.log10_p[i]));
  }
  add_predictions(text, report);
  for (const std::string& warning : fit.warnings) text.line("  ! {}", warning);
}

}  // namespace

std::string survival_text(const SurvivalReport& report) {
  Text text;
  add_data(text, report);
  if (!report.curves.empty()) add_curves(text, report);
  add_tests(text, report);
  add_contrasts(text, report);
  add_cox(text, report);
  text.append(survival_models_text(report.models, report.options.at, report.options.level));
  for (const std::string& note : report.notes) text.line("\n! {}", note);
  return text.take();
}

}  // namespace coley
