// SPDX-License-Identifier: Apache-2.0
// Parametric survival: survreg's location-scale fits, piecewise exponential, mixture cure, Gompertz.
#include <algorithm>
#include <cmath>
#include <limits>
#include <regex>

#include "core/error.hpp"
#include "exchange/expression.hpp"
#include "model_input.hpp"
#include "registry.hpp"
#include "statistics/parametric_survival.hpp"
#include "statistics/piecewise_exponential.hpp"

namespace coley::reference_check {
namespace {

using namespace statistics;

/// "Surv(time, status, type = "left") ~ age + strata(prior)", or ~ 1.
struct Formula {
  std::string first, second, type;
  exchange::ModelFormula model;

  std::vector<std::string> variables() const {
    std::vector<std::string> all = model.columns();
    if (type == "interval2") return all;
    for (const std::string& name : exchange::columns_of(first)) all.push_back(name);
    for (const std::string& name : exchange::columns_of(second)) all.push_back(name);
    return all;
  }
};

Formula parse_formula(const std::string& text) {
  static const std::regex form(R"re(Surv\(\s*(.+?)\s*,\s*([^,]+?)\s*(?:,\s*type\s*=\s*"(\w+)"\s*)?\)\s*~\s*(.*))re");
  std::smatch match;
  if (!std::regex_match(text, match, form)) throw InputError(Fault{.key = "formula", .found = text, .expected = "Surv(time, status) ~ terms"});
  return {match[1], match[2], match[3], exchange::parse_formula(match[4])};
}

CensoredTimes times_of(const exchange::Frame& frame, const Formula& formula, Law law) {
  const double infinity = std::numeric_limits<double>::infinity();
  CensoredTimes times{exchange::evaluate(formula.first, frame), exchange::evaluate(formula.second, frame), {}};
  for (std::size_t i = 0; i < times.lower.size(); ++i) {
    double& lower = times.lower[i];
    double& upper = times.upper[i];
    if (formula.type == "interval2") {
      if (std::isnan(lower)) lower = on_whole_line(law) ? -infinity : 0;
      if (std::isnan(upper)) upper = infinity;
    } else if (formula.type == "left") {
      const bool exact = upper != 0;
      upper = lower;
      if (!exact) lower = on_whole_line(law) ? -infinity : 0;
    } else {
      upper = upper != 0 ? lower : infinity;
    }
  }
  return times;
}

Eigen::MatrixXd matrix_of(const DesignMatrix& design, std::size_t rows) {
  return Eigen::Map<const Eigen::MatrixXd>(design.columns.data(), static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(design.names.size()));
}

/// Levels of the model's factors. The pack does not say which level it takes as reference; it is the one that no wanted
/// coefficient names.
exchange::FactorLevels levels_of(const exchange::Frame& frame, const exchange::ModelFormula& model, const std::vector<std::string>& wanted) {
  exchange::FactorLevels levels;
  for (const std::string& variable : model.variables) {
    const Variable read = exchange::read_variable(variable, frame);
    const auto* factor = std::get_if<Factor>(&read.values);
    if (factor == nullptr || exchange::is_comparison(variable)) continue;
    std::vector<std::string> first, rest;
    for (const std::string& level : factor->levels) (std::find(wanted.begin(), wanted.end(), variable + level) == wanted.end() ? first : rest).push_back(level);
    if (first.size() != 1) continue;  // an interaction names levels in other ways
    std::vector<std::string> named;
    for (const std::string& name : wanted)
      if (const auto at = std::find_if(rest.begin(), rest.end(), [&](const std::string& level) { return variable + level == name; }); at != rest.end()) named.push_back(*at);
    first.insert(first.end(), named.begin(), named.end());
    levels[variable.rfind("factor(", 0) == 0 ? variable.substr(7, variable.size() - 8) : variable] = first;
  }
  return levels;
}

json as_json(const Eigen::VectorXd& values) { return std::vector<double>(values.begin(), values.end()); }

json as_json_rows(const Eigen::MatrixXd& matrix) {
  json rows = json::array();
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) rows.push_back(as_json(matrix.row(i)));
  return rows;
}

json quantiles(const ParametricFit& fit, const json& wanted, const exchange::ModelFormula& model, const exchange::FactorLevels& levels) {
  json times, errors;
  const std::size_t subjects = wanted.at("newdata").size();
  const Eigen::MatrixXd rows = matrix_of(exchange::read_design(model, exchange::Frame(json_table(wanted.at("newdata"))), levels), subjects);
  for (std::size_t i = 0; i < subjects; ++i) {
    const Eigen::VectorXd x = rows.row(static_cast<Eigen::Index>(i));
    json time, error;
    for (const double p : pack_numbers(wanted.at("p"))) {
      const auto quantile = fit.quantile(p, x);
      time.push_back(quantile.time);
      error.push_back(quantile.se);
    }
    times.push_back(time);
    errors.push_back(error);
  }
  if (subjects == 1) {  // R drops the dimension: a row each quantile
    const auto column = [](const json& row) {
      json tall = json::array();
      for (const json& value : row) tall.push_back(json::array({value}));
      return tall;
    };
    times = column(times[0]);
    errors = column(errors[0]);
  }
  return {{"newdata", wanted.at("newdata")}, {"p", wanted.at("p")}, {"time", times}, {"se", errors}};
}

void check_survreg(const Case& one, Verdict& verdict) {
  const Formula formula = parse_formula(one.text("formula"));
  exchange::Frame frame = one.frame();
  std::vector<std::string> used = formula.variables();
  for (const char* key : {"weights", "cluster"})
    if (const std::string column = one.text(key); !column.empty()) used.push_back(column);
  frame.drop_missing(used);
  const auto wanted_names = one.expected.at("coef_names").get<std::vector<std::string>>();
  ParametricModel model;
  const std::string dist = one.text("dist");
  model.law = law_of(dist == "loggaussian" ? "lognormal" : dist);
  const exchange::FactorLevels levels = levels_of(frame, formula.model, wanted_names);
  const DesignMatrix design = exchange::read_design(formula.model, frame, levels);
  model.covariates = matrix_of(design, frame.size());
  model.names = design.names;
  model.scale_stratum = exchange::read_strata(formula.model.strata, frame);
  if (const std::string weights = one.text("weights"); !weights.empty()) model.weight = frame.numbers(weights);
  for (const std::string& offset : formula.model.offsets) {
    const std::vector<double> values = exchange::evaluate(offset, frame);
    model.offset.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) model.offset[i] += values[i];
  }
  if (one.spec.contains("scale") && one.spec.at("scale").is_number()) model.fixed_scale = one.spec.at("scale").get<double>();
  const std::string cluster = formula.model.cluster.empty() ? one.text("cluster") : formula.model.cluster;
  if (!cluster.empty()) model.cluster = frame.factor(cluster).codes;
  model.robust = !cluster.empty() || (one.spec.contains("robust") && one.spec.at("robust") == true);
  const ParametricFit fit = fit_parametric(times_of(frame, formula, model.law), model);
  json names = json::array();
  for (std::size_t i = 0; i < fit.locations; ++i) names.push_back(fit.names[i]);
  json got = {{"n", fit.subjects}, {"coef_names", names}, {"coef", as_json(fit.estimate.head(static_cast<Eigen::Index>(fit.locations)))},
              {"scale", fit.scale()}, {"var", as_json_rows(fit.variance)}, {"se", as_json(fit.model_variance.diagonal().cwiseSqrt())},
              {"loglik_null", fit.loglik_null}, {"loglik", fit.loglik}, {"aic", fit.aic}};
  if (model.robust) {
    got["se_robust"] = as_json(fit.variance.diagonal().cwiseSqrt());
    got["naive_var"] = as_json_rows(fit.model_variance);
  }
  if (one.expected.contains("quantiles")) got["quantiles"] = quantiles(fit, one.expected.at("quantiles"), formula.model, levels);
  verdict.compare(got, one.expected, {.relative = one.relative_tolerance(1e-6), .by_key = {{"loglik", 1e-9}, {"loglik_null", 1e-9}, {"aic", 1e-9}}});
  verdict.expect(fit.converged, "not converged: " + fit.problem);
}

struct Rows {
  std::vector<double> time;
  std::vector<std::uint8_t> event;
};

Rows rows_of(const Case& one) {
  const auto or_else = [](std::string text, const char* otherwise) { return text.empty() ? std::string(otherwise) : text; };
  exchange::Frame frame = one.frame();
  // A case need not name its columns: the first pair of the data sets' usual names.
  const auto first_of = [&](std::initializer_list<const char*> names) { return *std::find_if(names.begin(), names.end() - 1, [&](const char* name) { return frame.table().has(name); }); };
  const std::string time = or_else(one.text("time"), first_of({"time", "futime", "rfstime", "etime", "stop", "time"}));
  const std::string status = or_else(one.text("status"), first_of({"status", "fustat", "death", "event", "status"}));
  frame.drop_missing({time, status});
  Rows rows{frame.numbers(time), {}};
  for (const double s : frame.numbers(status)) rows.event.push_back(s != 0);
  return rows;
}

void check_piecewise(const Case& one, Verdict& verdict) {
  const Rows rows = rows_of(one);
  const PiecewiseExponential fit = piecewise_exponential(rows.time, rows.event, pack_numbers(one.spec.at("cuts")));
  verdict.compare({{"events", fit.events}, {"exposure", fit.exposure}, {"rate", fit.rate}, {"se_log_rate", fit.se_log_rate}, {"loglik", fit.loglik}},
                  one.expected, {.relative = one.relative_tolerance(1e-9)});
}

Tolerance own_tolerance(const Case& one) {
  const double se = one.tolerance.is_object() && one.tolerance.contains("se_rel") ? one.tolerance.at("se_rel").get<double>() : 1e-3;
  return {.relative = one.relative_tolerance(1e-5), .by_key = {{"se", se}, {"se_a", se}, {"se_log_b", se}}};
}

void check_mixture_cure(const Case& one, Verdict& verdict) {
  const Rows rows = rows_of(one);
  ParametricModel model;
  model.law = law_of(one.text("dist"));
  model.cure = Cure::mixture;
  const ParametricFit fit = fit_parametric(right_censored(rows.time, rows.event), model);
  const Eigen::VectorXd se = fit.variance.diagonal().cwiseSqrt();
  const Eigen::Index last = fit.estimate.size() - 1;
  json par = {fit.estimate[last]}, errors = {se[last]};
  if (has_scale(model.law)) {  // the log shape is minus the log scale of log time
    par.push_back(-fit.estimate[1]);
    errors.push_back(se[1]);
  }
  par.push_back(fit.estimate[0]);
  errors.push_back(se[0]);
  verdict.compare({{"par", par}, {"se", errors}, {"loglik", fit.loglik}, {"cured_fraction", fit.cured_fraction().estimate}}, one.expected, own_tolerance(one));
  verdict.expect(fit.converged, "not converged: " + fit.problem);
}

void check_gompertz(const Case& one, Verdict& verdict) {
  const Rows rows = rows_of(one);
  ParametricModel model;
  model.law = Law::gompertz;
  const ParametricFit fit = fit_parametric(right_censored(rows.time, rows.event), model);
  verdict.compare({{"a", fit.estimate[1]}, {"b", std::exp(fit.estimate[0])}, {"se_a", std::sqrt(fit.variance(1, 1))},
                   {"se_log_b", std::sqrt(fit.variance(0, 0))}, {"loglik", fit.loglik}},
                  one.expected, own_tolerance(one));
  verdict.expect(fit.converged, "not converged: " + fit.problem);
}

/// survreg(Surv(t,s)~x, dist='weibull') on an edge case: R's log-likelihood where it fits, a flag where the estimate runs
/// to infinity, an error where R refuses or has nothing to fit.
void check_edge_survreg(const Case& one, const json& call, Verdict& verdict) {
  json rows = json::array();  // of the case's columns
  const json& data = one.spec.at("data");
  const auto missing = [](const json& value) { return value == "NA" || value == "NaN"; };
  for (std::size_t i = 0; i < data.at("t").size(); ++i)
    if (!missing(data.at("t")[i]) && !missing(data.at("s")[i]) && !missing(data.at("x")[i]))
      rows.push_back({{"t", pack_number(data.at("t")[i])}, {"s", pack_number(data.at("s")[i])}, {"x", data.at("x")[i]}});
  const auto fit = [&] {
    const exchange::Frame frame(json_table(rows));
    std::vector<std::uint8_t> event;
    for (const double s : frame.numbers("s")) event.push_back(s != 0);
    const DesignMatrix design = exchange::read_design(exchange::parse_formula("x"), frame);
    ParametricModel model;
    model.covariates = matrix_of(design, frame.size());
    model.names = design.names;
    return fit_parametric(right_censored(frame.numbers("t"), event), model);
  };
  const bool any_event = std::any_of(rows.begin(), rows.end(), [](const json& row) { return row.at("s") != 0; });
  const bool answers = call.at("ok").get<bool>() && any_event;
  ParametricFit found;
  try {
    found = fit();
  } catch (const InputError& refusal) {
    // A constant covariate, to which R gives the coefficient NA, is refused by name too.
    const bool constant = call.at("ok").get<bool>() && std::isnan(pack_numbers(call.at("value").at("coef")).back());
    return verdict.expect(!answers || constant, std::string("refused: ") + refusal.what());
  }
  if (!answers) return verdict.expect(!found.converged, "R errs, the engine answers without a word");
  const double loglik = pack_numbers(call.at("value").at("loglik")).back();
  if (!found.converged) {  // without a maximum: not below where R stopped, and the parameter is named
    verdict.expect(found.loglik > loglik - 1e-6, "loglik " + std::to_string(found.loglik) + ", wanted " + std::to_string(loglik));
    return verdict.expect(!found.problem.empty(), "not converged without a reason");
  }
  verdict.expect(std::abs(found.loglik - loglik) < 1e-6, "loglik " + std::to_string(found.loglik) + ", wanted " + std::to_string(loglik));
  verdict.compare({{"coef", as_json(found.estimate.head(static_cast<Eigen::Index>(found.locations)))}, {"scale", found.scale()[0]}},
                  {{"coef", call.at("value").at("coef")}, {"scale", call.at("value").at("scale")}}, {.relative = 1e-6});
}

}  // namespace

void add_parametric_checks(Registry& registry) {
  registry.kinds["survreg"] = check_survreg;
  registry.kinds["piecewise_exponential"] = check_piecewise;
  registry.kinds["mixture_cure"] = check_mixture_cure;
  registry.kinds["gompertz"] = check_gompertz;
  registry.edge_calls["survreg("] = check_edge_survreg;
}

}  // namespace coley::reference_check
