// SPDX-License-Identifier: Apache-2.0
// Kinds cox and concordance.
#include <algorithm>
#include <numeric>

#include "exchange/cox_json.hpp"
#include "exchange/expression.hpp"
#include "model_input.hpp"
#include "registry.hpp"
#include "statistics/cox_residuals.hpp"

namespace coley::reference_check {
namespace {

using namespace statistics;

double sum_of_squares(const std::vector<double>& values) { return std::inner_product(values.begin(), values.end(), values.begin(), 0.0); }

json residuals_json(const CoxFit& fit, std::size_t rows, const json& wanted) {
  const auto martingale = martingale_residuals(fit, rows), deviance = deviance_residuals(fit, rows);
  const auto head = [](const std::vector<double>& values, std::size_t n) { return std::vector<double>(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(n)); };
  json out = {{"martingale_sumsq", sum_of_squares(martingale)}, {"deviance_sumsq", sum_of_squares(deviance)}};
  if (wanted.contains("martingale_first10")) out["martingale_first10"] = head(martingale, wanted["martingale_first10"].size());
  if (wanted.contains("deviance_first10")) out["deviance_first10"] = head(deviance, wanted["deviance_first10"].size());
  if (wanted.contains("dfbeta_first5")) out["dfbeta_first5"] = exchange::matrix_json(dfbeta_residuals(fit, rows).topRows(static_cast<Eigen::Index>(wanted["dfbeta_first5"].size())));
  return out;
}

/// Columns of the model for each row of `newdata`.
std::vector<std::vector<double>> new_covariates(const json& newdata, const ModelInput& input) {
  const statistics::DesignMatrix design = exchange::read_design(input.formula, exchange::Frame(json_table(newdata)), input.levels);
  std::vector<std::vector<double>> rows(newdata.size());
  for (std::size_t j = 0; j < design.names.size(); ++j)
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].push_back(design.columns[j * rows.size() + i]);
  return rows;
}

std::vector<double> new_offsets(const json& newdata, const ModelInput& input) {
  const exchange::Frame frame(json_table(newdata));
  std::vector<double> sum(newdata.size());
  for (const std::string& offset : input.formula.offsets) {
    const std::vector<double> values = exchange::evaluate(offset, frame);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += values[i];
  }
  return sum;
}

Concordance fit_concordance(const CoxFit& fit, const ModelInput& input) {
  const CoxData data = input.data();
  std::vector<double> predictor(data.rows.size());
  for (std::size_t j = 0; j < data.names.size(); ++j) {
    if (fit.state[j] != CoefficientState::estimated) continue;
    const double* column = data.covariates.data() + j * predictor.size();
    for (std::size_t i = 0; i < predictor.size(); ++i) predictor[i] += fit.coef[static_cast<Eigen::Index>(j)] * (column[i] - column[0]);
  }
  for (std::size_t i = 0; i < data.offset.size(); ++i) predictor[i] += data.offset[i];
  return concordance(data.rows, predictor, {ConcordanceWeight::n, true}, data.cluster);
}

void check_cox(const Case& one, Verdict& verdict) {
  const ModelInput input = model_input(one);
  const CoxData data = input.data();
  CoxOptions options;
  options.ties = cox_ties(one.text("ties"));
  options.robust = one.text("robust") == "true";
  const CoxFit fit = fit_cox(data, options);
  json got = exchange::cox_json(fit);
  const json& wanted = one.expected;
  got["n_missing"] = input.dropped;
  for (std::size_t j = 0; j < fit.state.size(); ++j)
    if (fit.state[j] == CoefficientState::not_estimable) got["se"][j] = 0;  // R writes coefficient NA, variance 0
  if (wanted.contains("concordance")) got["concordance"] = exchange::concordance_json(fit_concordance(fit, input));
  if (wanted.contains("predict")) {
    std::vector<PredictedCurve> curves;
    const std::vector<double> offset = new_offsets(wanted["predict"]["newdata"], input);
    for (const auto& row : new_covariates(wanted["predict"]["newdata"], input)) curves.push_back(predict_survival(fit, row, 0, {IntervalType::log}, input.offset.empty() ? std::optional<double>() : offset[curves.size()]));
    got["predict"] = exchange::predictions_json(curves, pack_numbers(wanted["predict"]["at"]));
    got["predict"]["newdata"] = wanted["predict"]["newdata"];
  }
  if (wanted.contains("ph_test"))
    for (const auto& [name, test] : wanted["ph_test"].items()) got["ph_test"][name] = exchange::ph_test_json(proportional_hazards_test(fit, data, time_transform(name)));
  if (wanted.contains("residuals")) got["residuals"] = residuals_json(fit, data.rows.size(), wanted["residuals"]);
  verdict.compare(got, wanted, {one.relative_tolerance(1e-7), 1e-11, {{"loglik", 1e-10}, {"loglik_null", 1e-10}, {"concordance", 1e-9}, {"ph_test", 1e-6}}});
}

/// With strata the counts are a matrix in R, a row a stratum; as a list, column after column.
json stratum_counts(const ModelInput& input, const ConcordanceOptions& options) {
  const int strata = *std::max_element(input.stratum.begin(), input.stratum.end()) + 1;
  std::vector<Concordance> by_stratum;
  for (int s = 0; s < strata; ++s) {
    ModelInput part;
    for (std::size_t i = 0; i < input.time.size(); ++i) {
      if (input.stratum[i] != s) continue;
      part.time.push_back(input.time[i]);
      part.event.push_back(input.event[i]);
      if (!input.entry.empty()) part.entry.push_back(input.entry[i]);
      if (!input.weight.empty()) part.weight.push_back(input.weight[i]);
      part.design.columns.push_back(input.design.columns[i]);
    }
    by_stratum.push_back(concordance({part.time, part.event, part.entry, part.weight, {}, {}, 1}, part.design.columns, options));
  }
  json counts = json::array();
  for (const auto count : {&Concordance::concordant, &Concordance::discordant, &Concordance::tied_x, &Concordance::tied_y, &Concordance::tied_xy})
    for (const Concordance& c : by_stratum) counts.push_back(c.*count);
  return counts;
}

void check_concordance(const Case& one, Verdict& verdict) {
  ModelInput input = model_input(one);
  for (double& time : input.time) time = std::max(time, one.number("ymin", 0));  // what R makes of ymin
  ConcordanceOptions options{concordance_weight(one.text("timewt")), one.text("reverse") == "true", one.number("ymax", -1)};
  if (const std::string cluster = one.text("cluster"); !cluster.empty() && input.cluster.empty()) return verdict.fail("a cluster outside the formula is not read");
  const Concordance c = concordance(input.data().rows, input.design.columns, options, input.cluster);
  verdict.compare({{"n", input.time.size()},
                   {"concordance", c.concordance},
                   {"se", c.se},
                   {"count", input.stratum.empty() ? json{{"concordant", c.concordant}, {"discordant", c.discordant}, {"tied.x", c.tied_x}, {"tied.y", c.tied_y}, {"tied.xy", c.tied_xy}}
                                                   : stratum_counts(input, options)}},
                  one.expected, {one.relative_tolerance(1e-9)});
}

}  // namespace

void add_cox_checks(Registry& registry) {
  registry.kinds["cox"] = check_cox;
  registry.kinds["concordance"] = check_concordance;
}

}  // namespace coley::reference_check
