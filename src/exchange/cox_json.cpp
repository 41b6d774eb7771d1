// SPDX-License-Identifier: Apache-2.0
#include "exchange/cox_json.hpp"

#include <cmath>

#include "statistics/p_value.hpp"

namespace coley::exchange {

using nlohmann::json;
using namespace statistics;

namespace {

std::vector<double> values(const Eigen::VectorXd& vector) { return {vector.begin(), vector.end()}; }

const char* word(CoefficientState state) {
  switch (state) {
    case CoefficientState::estimated: return "estimated";
    case CoefficientState::infinite: return "infinite";
    case CoefficientState::not_estimable: return "not estimable";
  }
  return "";
}

}  // namespace

json matrix_json(const Eigen::MatrixXd& matrix) {
  json rows = json::array();
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) rows.push_back(values(matrix.row(i).transpose()));
  return rows;
}

json cox_json(const CoxFit& fit) {
  const double z = two_sided_deviate(fit.options.level);
  json out = {{"ties", to_string(fit.options.ties)},
              {"interval", "Wald"},
              {"level", fit.options.level},
              {"variance", fit.options.robust ? "robust sandwich" : "model based"},
              {"n", fit.subjects},
              {"events", fit.events},
              {"coef_names", fit.names},
              {"coef", values(fit.coef)},
              {"se", values(fit.se)},
              {"var", matrix_json(fit.variance)},
              {"loglik_null", fit.loglik_null},
              {"loglik", fit.loglik},
              {"lr_test", fit.lr_test},
              {"wald_test", fit.wald_test},
              {"score_test", fit.score_test},
              {"df", fit.df},
              {"iterations", fit.iterations},
              {"converged", fit.converged},
              {"warnings", fit.warnings}};
  if (fit.se_robust.size() > 0) out.update({{"se_robust", values(fit.se_robust)}, {"robust_score_test", fit.robust_score_test}});
  for (const char* key : {"state", "p_wald", "log10_p"}) out[key] = json::array();
  json hr = {{"value", json::array()}, {"lower", json::array()}, {"upper", json::array()}};
  for (Eigen::Index j = 0; j < fit.coef.size(); ++j) {
    const double se = fit.inference_se()[j], coef = fit.coef[j];
    const PValue tail = two_sided_normal_tail(coef / se);
    out["state"].push_back(word(fit.state[static_cast<std::size_t>(j)]));
    out["p_wald"].push_back(tail.p);
    out["log10_p"].push_back(tail.log10_p);
    hr["value"].push_back(std::exp(coef));
    hr["lower"].push_back(std::exp(coef - z * se));
    hr["upper"].push_back(std::exp(coef + z * se));
  }
  out["hr"] = hr;
  return out;
}

json concordance_json(const Concordance& c) {
  return {{"c", c.concordance},         {"se", c.se},         {"concordant", c.concordant}, {"discordant", c.discordant},
          {"tied_x", c.tied_x}, {"tied_y", c.tied_y}, {"tied_xy", c.tied_xy}};
}

json ph_test_json(const ProportionalHazardsTest& test) {
  return {{"rows", test.rows}, {"chisq", test.chi_square}, {"df", test.df}, {"p", test.p}, {"log10_p", test.log10_p}};
}

json predictions_json(const std::vector<PredictedCurve>& curves, const std::vector<double>& at) {
  json out = {{"at", at}, {"surv", json::array()}, {"se_log_surv", json::array()}, {"lower", json::array()}, {"upper", json::array()}};
  for (const PredictedCurve& curve : curves) {
    json surv = json::array(), se = json::array(), lower = json::array(), upper = json::array();
    for (const double time : at) {
      const PredictedPoint point = predicted_at(curve, time);
      surv.push_back(point.survival);
      se.push_back(point.se_log_survival);
      lower.push_back(point.low);
      upper.push_back(point.high);
    }
    out["surv"].push_back(surv);
    out["se_log_surv"].push_back(se);
    out["lower"].push_back(lower);
    out["upper"].push_back(upper);
  }
  return out;
}

}  // namespace coley::exchange
