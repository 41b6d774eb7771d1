// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>

#include "survival_models.hpp"

namespace coley {

using namespace statistics;

namespace {

std::string show(const Estimate& e) {
  const auto end = [](double value) { return std::isnan(value) ? std::string("-") : fmt::format("{:.4g}", value); };
  return fmt::format("{} ({}, {})", end(e.estimate), end(e.low), end(e.high));
}

std::string show(const HazardRatio& ratio) { return ratio.not_estimable.empty() ? show(ratio.hazard_ratio) : "not estimable: " + ratio.not_estimable; }

template <class... Arguments>
void line(std::string& text, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  text += fmt::format(format, std::forward<Arguments>(arguments)...) + "\n";
}

void add_parametric(std::string& text, const SurvivalModels& models, double level) {
  if (models.parametric.empty()) return;
  line(text, "\nParametric survival, maximum likelihood{}{}", models.parametric[0].robust ? ", robust variance" : "", models.parametric[0].cure == Cure::none ? "" : models.parametric[0].cure == Cure::mixture ? ", mixture cure" : ", non-mixture cure");
  line(text, "  {:<16}{:>14}{:>12}  {}", "law", "log-likelihood", "AIC", "");
  for (const ParametricFit& fit : models.parametric)
    line(text, "  {:<16}{:>14.6f}{:>12.4f}  {}", to_string(fit.law), fit.loglik, fit.aic, fit.converged ? "" : "! " + fit.problem);
  for (const ParametricFit& fit : models.parametric) {
    if (!fit.converged) continue;
    line(text, "  {} (location on {}; Wald intervals)", to_string(fit.law), location_is_log_rate(fit.law) ? "log hazard" : "log time");
    for (Eigen::Index j = 0; j < fit.estimate.size(); ++j) {
      const double se = std::sqrt(fit.variance(j, j)), half = two_sided_deviate(level) * se;
      line(text, "    {:<26}{:<32} se {:.4g}", fit.names[static_cast<std::size_t>(j)], show(Estimate{fit.estimate[j], fit.estimate[j] - half, fit.estimate[j] + half}), se);
    }
    if (fit.cures == 0) continue;
    const auto covariates = static_cast<Eigen::Index>(fit.cures - 1);
    line(text, "    cured fraction {}{}", show(fit.cured_fraction(Eigen::VectorXd::Zero(covariates), level)), covariates > 0 ? " at covariates 0" : "");
    for (Eigen::Index j = 0; j < covariates; ++j)
      line(text, "      with {:<20}{}", fit.names[fit.names.size() - fit.cures + 1 + static_cast<std::size_t>(j)].substr(5), show(fit.cured_fraction(Eigen::VectorXd::Unit(covariates, j), level)));
  }
}

void add_pieces(std::string& text, const SurvivalModels& models) {
  for (std::size_t g = 0; g < models.pieces.size(); ++g) {
    const PiecewiseExponential& fit = models.pieces[g];
    line(text, "\nPiecewise exponential, {}: log-likelihood {:.6f}", models.groups[g], fit.loglik);
    for (std::size_t k = 0; k < fit.rate.size(); ++k)
      line(text, "  ({:g}, {}]  {} events in {:g}: rate {}", k == 0 ? 0 : fit.cuts[k - 1], k == fit.cuts.size() ? std::string("end") : fmt::format("{:g}", fit.cuts[k]), fit.events[k], fit.exposure[k],
           fit.observed[k] ? fmt::format("{:.5g} (se of log {:.3g})", fit.rate[k], fit.se_log_rate[k]) : "-, nobody at risk");
  }
}

void add_competing(std::string& text, const SurvivalModels& models, const std::vector<double>& at, double level) {
  if (!models.competing) return;
  const CompetingRisks& risks = *models.competing;
  line(text, "\nCompeting risks: Aalen-Johansen, jackknife se, log intervals (the Cox model above is cause-specific)");
  for (std::size_t g = 0; g < risks.curves.size(); ++g)
    for (std::size_t k = 0; k < risks.causes.size(); ++k) {
      const CumulativeIncidence& curve = risks.curves[g];
      const std::vector<double> times = at.empty() ? std::vector<double>{curve.time.back()} : at;
      for (const double t : times)
        line(text, "  {:<20} cause {:<12} by {:<8g} {}", models.groups[g], risks.causes[k], t, show(curve.interval_at(static_cast<int>(k) + 1, t, {.interval = IntervalType::log, .level = level})));
    }
  for (std::size_t k = 0; k < risks.gray.size(); ++k) {
    const auto& gray = risks.gray[k];
    line(text, "  Gray's test, cause {:<12} {}", risks.causes[k], gray ? fmt::format("chi-square {:.6g} on {} df, p = {}", gray->chi_square, gray->df, gray->p > 1e-300 ? fmt::format("{:.3g}", gray->p) : fmt::format("10^{:.1f}", gray->log10_p)) : std::string("not estimable"));
  }
  if (risks.gray.empty() && !risks.fine_gray && risks.curves.size() > 1) line(text, "  no Gray's test and no Fine-Gray model: they take neither delayed entry nor weights");
  if (!risks.fine_gray) return;
  const FineGrayFit& fit = *risks.fine_gray;
  line(text, "  Fine-Gray, cause {}, sandwich variance{}", risks.causes[0], fit.converged ? "" : "  ! " + fit.problem);
  for (Eigen::Index j = 0; j < fit.coef.size(); ++j) {
    const double se = std::sqrt(fit.variance(j, j)), half = two_sided_deviate(level) * se;
    line(text, "    {:<26} subdistribution hazard ratio {}", fit.names[static_cast<std::size_t>(j)], show(Estimate{std::exp(fit.coef[j]), std::exp(fit.coef[j] - half), std::exp(fit.coef[j] + half)}));
  }
}

void add_subgroups(std::string& text, const SurvivalModels& models) {
  for (const auto& [column, forest] : models.forests) {
    line(text, "\nHazard ratio of {} against {} by {} (Cox, Efron)", models.groups[1], models.groups[0], column);
    line(text, "  {:<20}{:<24}{}", "all", "", show(forest.overall));
    for (const SubgroupEffect& s : forest.subgroups)
      line(text, "  {:<20}{:<24}{}", s.level, fmt::format("{}/{} vs {}/{}", s.treated_events, s.treated_n, s.control_events, s.control_n), show(s.effect));
    line(text, "  interaction: likelihood ratio {:.4g} on {} df, p = {:.3g}", forest.interaction.chi_square, forest.interaction.df, forest.interaction.p.p);
  }
  if (const auto& found = models.interaction) {
    line(text, "\nTreatment by marker: ratio of hazard ratios per unit {}, p = {:.3g} (Wald), {:.3g} (likelihood ratio)", show(found->ratio_per_unit), found->p.p, found->test.p.p);
    line(text, "  hazard ratio at the mean of the marker ({:.4g}): {}", found->centre, show(found->hazard_ratio_at(found->centre)));
  }
}

void add_prediction(std::string& text, const SurvivalModels& models) {
  if (!models.prediction) return;
  const PredictionReport& report = *models.prediction;
  line(text, "\nPrediction: AUC {} (cumulative/dynamic, IPCW)", show(report.roc.auc));
  if (!report.brier) return;
  line(text, "  Brier score {} (reference {:.4g}, explained {:.3g}); observed by expected {}", show(report.brier->score), report.brier->reference, report.brier->explained, show(report.calibration->observed_by_expected));
  for (const CalibrationGroup& group : report.calibration->groups) line(text, "    predicted {:<8.4g} observed {} (n = {})", group.predicted, show(group.observed), group.subjects);
}

}  // namespace

std::string survival_models_text(const SurvivalModels& models, const std::vector<double>& at, double level) {
  std::string text;
  add_parametric(text, models, level);
  add_pieces(text, models);
  add_competing(text, models, at, level);
  add_subgroups(text, models);
  add_prediction(text, models);
  return text;
}

}  // namespace coley
