// SPDX-License-Identifier: Apache-2.0
// What is not defined is NaN or infinite in the value and null once written.
#include <cmath>

#include "exchange/survival_json.hpp"
#include "survival_models.hpp"

namespace coley {

using nlohmann::json;
using namespace statistics;

namespace {

json as_json(const Eigen::VectorXd& values) { return std::vector<double>(values.begin(), values.end()); }

json as_json(const Eigen::MatrixXd& matrix) {
  json rows = json::array();
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) rows.push_back(as_json(Eigen::VectorXd(matrix.row(i))));
  return rows;
}

json as_json(const Estimate& estimate) { return {{"estimate", estimate.estimate}, {"low", estimate.low}, {"high", estimate.high}}; }

const char* cure_word(Cure cure) { return cure == Cure::mixture ? "mixture" : "non-mixture"; }

json parametric_json(const ParametricFit& fit, double level) {
  const std::vector<std::string> coefficients(fit.names.begin(), fit.names.begin() + static_cast<std::ptrdiff_t>(fit.locations));
  json out = {{"dist", to_string(fit.law)}, {"n", fit.subjects}, {"events", fit.events}, {"coef_names", coefficients},
              {"coef", as_json(Eigen::VectorXd(fit.estimate.head(static_cast<Eigen::Index>(fit.locations))))}, {"scale", fit.scale()},
              {"coef_scale", location_is_log_rate(fit.law) ? "log hazard" : "log time"}, {"parameters", fit.names},
              {"par", as_json(fit.estimate)}, {"loglik_null", fit.loglik_null}, {"loglik", fit.loglik}, {"aic", fit.aic},
              {"converged", fit.converged}, {"problem", fit.problem}};
  if (fit.variance.size() > 0) {
    out["var"] = as_json(fit.variance);
    out["se"] = as_json(Eigen::VectorXd(fit.model_variance.diagonal().cwiseSqrt()));
    if (fit.robust) out["se_robust"] = as_json(Eigen::VectorXd(fit.variance.diagonal().cwiseSqrt()));
  }
  if (fit.cures == 0) return out;
  out["cure"] = cure_word(fit.cure);
  const auto covariates = static_cast<Eigen::Index>(fit.cures - 1);
  out["cured_fraction"] = as_json(fit.cured_fraction(Eigen::VectorXd::Zero(covariates), level));
  // The fraction with one more of a covariate, the others 0: for a factor, each level against the reference.
  for (Eigen::Index j = 0; j < covariates; ++j)
    out["cured_fraction_with"][fit.names[fit.names.size() - fit.cures + 1 + static_cast<std::size_t>(j)].substr(5)] = as_json(fit.cured_fraction(Eigen::VectorXd::Unit(covariates, j), level));
  return out;
}

json pieces_json(const PiecewiseExponential& fit) {
  return {{"cuts", fit.cuts}, {"events", fit.events}, {"exposure", fit.exposure}, {"rate", fit.rate}, {"se_log_rate", fit.se_log_rate}, {"loglik", fit.loglik}};
}

json fine_gray_json(const FineGrayFit& fit) {
  return {{"coef_names", fit.names}, {"coef", as_json(fit.coef)}, {"se", as_json(Eigen::VectorXd(fit.variance.diagonal().cwiseSqrt()))}, {"var", as_json(fit.variance)},
          {"inv_information", as_json(fit.inverse_information)}, {"loglik", fit.loglik}, {"loglik_null", fit.loglik_null}, {"converged", fit.converged}, {"problem", fit.problem}};
}

/// At these times, with the pack's keys: one row a state.
json incidence_at(const CumulativeIncidence& curve, const std::vector<double>& at, const CurveOptions& options) {
  json out = {{"at", at}};
  for (const char* key : {"prob", "se", "lower", "upper"}) out[key] = json::array();
  for (int state = 0; state <= curve.causes(); ++state) {
    json prob = json::array(), se = json::array(), lower = json::array(), upper = json::array();
    for (const double t : at) {
      const std::ptrdiff_t row = curve.row_at(t);
      const Estimate e = curve.interval_at(state, t, options);
      prob.push_back(e.estimate);
      se.push_back(row < 0 ? 0 : curve.se[static_cast<std::size_t>(state)][static_cast<std::size_t>(row)]);
      lower.push_back(e.low);
      upper.push_back(e.high);
    }
    out["prob"].push_back(prob);
    out["se"].push_back(se);
    out["lower"].push_back(lower);
    out["upper"].push_back(upper);
  }
  return out;
}

json competing_json(const CompetingRisks& risks, const std::vector<std::string>& groups, const std::vector<double>& at, double level) {
  std::vector<std::string> states = {"(event free)"};
  states.insert(states.end(), risks.causes.begin(), risks.causes.end());
  json out = {{"states", states}, {"conf_type", "log"}, {"conf_level", level}, {"se_type", "infinitesimal jackknife"}, {"groups", json::array()}};
  for (std::size_t g = 0; g < risks.curves.size(); ++g) {
    const CumulativeIncidence& curve = risks.curves[g];
    json one = at.empty() ? json::object() : incidence_at(curve, at, {.interval = IntervalType::log, .level = level});
    one["group"] = groups[g];
    one["curve"] = {{"time", curve.time}, {"n_risk", curve.n_risk}, {"prob", curve.probability}, {"se", curve.se}};
    out["groups"].push_back(one);
  }
  for (std::size_t k = 0; k < risks.gray.size(); ++k) {
    const auto& gray = risks.gray[k];
    out["gray"]["cause"].push_back(risks.causes[k]);
    out["gray"]["stat"].push_back(gray ? json(gray->chi_square) : json());
    out["gray"]["df"].push_back(gray ? json(gray->df) : json());
    out["gray"]["p"].push_back(gray ? json(gray->p) : json());
    out["gray"]["log10_p"].push_back(gray ? json(gray->log10_p) : json());
    out["gray"]["not_estimable"].push_back(gray ? json() : json("a group without risk, or no event of the cause"));
  }
  if (risks.fine_gray) out["fine_gray"] = fine_gray_json(*risks.fine_gray);
  return out;
}

json interaction_json(const InteractionTest& test) { return {{"chisq", test.chi_square}, {"df", test.df}, {"p", test.p.p}, {"log10_p", test.p.log10_p}, {"test", "likelihood ratio"}}; }

json forest_json(const std::string& column, const SubgroupForest& forest) {
  json out = {{"column", column}, {"overall", exchange::hazard_ratio_json(forest.overall)}, {"interaction", interaction_json(forest.interaction)}, {"levels", json::array()}};
  for (const SubgroupEffect& s : forest.subgroups)
    out["levels"].push_back({{"level", s.level}, {"n", {s.control_n, s.treated_n}}, {"events", {s.control_events, s.treated_events}}, {"effect", exchange::hazard_ratio_json(s.effect)}});
  return out;
}

json prediction_json(const PredictionReport& report) {
  json out = {{"auc", as_json(report.roc.auc)}, {"definition", "cumulative cases, dynamic controls, IPCW"}, {"roc", json::array()}};
  for (const RocPoint& point : report.roc.points) out["roc"].push_back({{"cutoff", point.cutoff}, {"sensitivity", point.sensitivity}, {"specificity", point.specificity}});
  if (!report.brier) return out;
  out["brier"] = {{"score", as_json(report.brier->score)}, {"reference", report.brier->reference}, {"explained", report.brier->explained}};
  out["calibration"]["observed_by_expected"] = as_json(report.calibration->observed_by_expected);
  for (const CalibrationGroup& group : report.calibration->groups)
    out["calibration"]["groups"].push_back({{"n", group.subjects}, {"predicted", group.predicted}, {"observed", as_json(group.observed)}});
  for (const NetBenefit& point : report.decision_curve)
    out["decision_curve"].push_back({{"threshold", point.threshold}, {"model", point.model}, {"treat_all", point.treat_all}, {"positive", point.positive}});
  return out;
}

}  // namespace

json survival_models_json(const SurvivalModels& models, const std::vector<double>& at, double level) {
  json out = json::object();
  for (const ParametricFit& fit : models.parametric) out["parametric"].push_back(parametric_json(fit, level));
  for (std::size_t g = 0; g < models.pieces.size(); ++g) {
    json one = pieces_json(models.pieces[g]);
    one["group"] = models.groups[g];
    out["piecewise_exponential"].push_back(one);
  }
  if (models.competing) out["competing_risks"] = competing_json(*models.competing, models.groups, at, level);
  for (const auto& [column, forest] : models.forests) out["subgroups"].push_back(forest_json(column, forest));
  if (const auto& found = models.interaction)
    out["marker_interaction"] = {{"coef_names", found->fit.names}, {"coef", as_json(found->fit.coef)}, {"se", as_json(found->fit.se)}, {"centre", found->centre},
                                 {"ratio_per_unit", as_json(found->ratio_per_unit)}, {"p_wald", found->p.p}, {"test", interaction_json(found->test)}};
  if (models.prediction) out["prediction"] = prediction_json(*models.prediction);
  return out;
}

}  // namespace coley
