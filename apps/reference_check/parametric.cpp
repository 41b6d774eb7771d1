// SPDX-License-Identifier: Apache-2.0
// Parametric survival: survreg's location-scale fits, piecewise exponential, mixture cure, Gompertz.
#include <cmath>
#include <limits>
#include <regex>

#include "core/error.hpp"
#include "registry.hpp"
#include "statistics/parametric_survival.hpp"
#include "statistics/piecewise_exponential.hpp"

namespace coley::reference_check {
namespace {

using namespace statistics;

/// "Surv(time, status, type = "left") ~ age + strata(prior)", or ~ 1.
struct Formula {
  std::string first, second, type;
  std::vector<std::string> terms;
  std::string strata;

  std::vector<std::string> variables() const {
    std::vector<std::string> all = terms;
    if (!strata.empty()) all.push_back(strata);
    all.push_back(first);
    if (type != "interval2") return all.push_back(second), all;
    all.pop_back();
    return all;
  }
};

Formula parse_formula(const std::string& text) {
  static const std::regex form(R"re(Surv\(\s*([^,\s]+)\s*,\s*([^,\s)]+)\s*(?:,\s*type\s*=\s*"(\w+)"\s*)?\)\s*~\s*(.*))re");
  static const std::regex plus(R"(\s*\+\s*)"), strata(R"(strata\(\s*([^)\s]+)\s*\))");
  std::smatch match;
  if (!std::regex_match(text, match, form)) throw InputError(Fault{.key = "formula", .found = text, .expected = "Surv(time, status) ~ terms"});
  Formula formula{match[1], match[2], match[3], {}, ""};
  const std::string right = match[4];
  for (std::sregex_token_iterator at(right.begin(), right.end(), plus, -1), end; at != end; ++at) {
    const std::string term = *at;
    std::smatch inner;
    if (std::regex_match(term, inner, strata)) formula.strata = inner[1];
    else if (term != "1") formula.terms.push_back(term);
  }
  return formula;
}

CensoredTimes times_of(const exchange::Frame& frame, const Formula& formula) {
  const double infinity = std::numeric_limits<double>::infinity();
  CensoredTimes times{frame.numbers(formula.first), frame.numbers(formula.second), {}};
  for (std::size_t i = 0; i < times.lower.size(); ++i) {
    double& lower = times.lower[i];
    double& upper = times.upper[i];
    if (formula.type == "interval2") {
      if (std::isnan(lower)) lower = 0;
      if (std::isnan(upper)) upper = infinity;
    } else if (formula.type == "left") {
      const bool exact = upper != 0;
      upper = lower;
      if (!exact) lower = -infinity;
    } else {
      upper = upper != 0 ? lower : infinity;
    }
  }
  return times;
}

/// Numbers as they are; a factor as indicators of the levels that the wanted coefficients name.
void add_term(const exchange::Frame& frame, const std::string& term, const std::vector<std::string>& wanted, ParametricModel& model) {
  const auto add = [&](const std::string& name, const std::vector<double>& values) {
    model.covariates.conservativeResize(static_cast<Eigen::Index>(values.size()), model.covariates.cols() + 1);
    model.covariates.rightCols(1) = Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
    model.names.push_back(name);
  };
  if (frame.table().numeric(frame.table().column(term))) return add(term, frame.numbers(term));
  const std::vector<std::string_view> labels = frame.labels(term);
  for (const std::string& name : wanted) {
    if (name.rfind(term, 0) != 0) continue;
    std::vector<double> indicator;
    for (const std::string_view label : labels) indicator.push_back(label == name.substr(term.size()));
    add(name, indicator);
  }
}

json as_json(const Eigen::VectorXd& values) { return std::vector<double>(values.begin(), values.end()); }

json as_json_rows(const Eigen::MatrixXd& matrix) {
  json rows = json::array();
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) rows.push_back(as_json(matrix.row(i)));
  return rows;
}

json quantiles(const ParametricFit& fit, const json& wanted, const std::vector<std::string>& names) {
  json times, errors;
  for (const json& subject : wanted.at("newdata")) {
    Eigen::VectorXd x(static_cast<Eigen::Index>(names.size()));
    for (std::size_t j = 0; j < names.size(); ++j) x[static_cast<Eigen::Index>(j)] = subject.at(names[j]);
    json time, error;
    for (const double p : pack_numbers(wanted.at("p"))) {
      const auto quantile = fit.quantile(p, x);
      time.push_back(quantile.time);
      error.push_back(quantile.se);
    }
    times.push_back(time);
    errors.push_back(error);
  }
  return {{"newdata", wanted.at("newdata")}, {"p", wanted.at("p")}, {"time", times}, {"se", errors}};
}

void check_survreg(const Case& one, Verdict& verdict) {
  const Formula formula = parse_formula(one.text("formula"));
  exchange::Frame frame = one.frame();
  frame.drop_missing(formula.variables());
  const auto wanted_names = one.expected.at("coef_names").get<std::vector<std::string>>();
  ParametricModel model;
  model.law = law_of(one.text("dist"));
  for (const std::string& term : formula.terms) add_term(frame, term, wanted_names, model);
  if (!formula.strata.empty()) model.scale_stratum = frame.factor(formula.strata).codes;
  const ParametricFit fit = fit_parametric(times_of(frame, formula), model);
  json names = json::array();
  for (std::size_t i = 0; i < fit.locations; ++i) names.push_back(fit.names[i]);
  json got = {{"n", fit.subjects}, {"coef_names", names}, {"coef", as_json(fit.estimate.head(static_cast<Eigen::Index>(fit.locations)))},
              {"scale", fit.scale()}, {"var", as_json_rows(fit.variance)}, {"se", as_json(fit.variance.diagonal().cwiseSqrt())},
              {"loglik_null", fit.loglik_null}, {"loglik", fit.loglik}, {"aic", fit.aic}};
  if (one.expected.contains("quantiles")) got["quantiles"] = quantiles(fit, one.expected.at("quantiles"), model.names);
  verdict.compare(got, one.expected, {.relative = one.relative_tolerance(1e-6), .by_key = {{"loglik", 1e-9}, {"loglik_null", 1e-9}, {"aic", 1e-9}}});
  verdict.expect(fit.converged, "not converged: " + fit.problem);
}

struct Rows {
  std::vector<double> time;
  std::vector<std::uint8_t> event;
};

Rows rows_of(const Case& one) {
  const auto or_else = [](std::string text, const char* otherwise) { return text.empty() ? std::string(otherwise) : text; };
  const std::string time = or_else(one.text("time"), "time"), status = or_else(one.text("status"), "status");
  exchange::Frame frame = one.frame();
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
  const json& data = one.spec.at("data");
  std::vector<std::uint8_t> event;
  for (const double s : pack_numbers(data.at("s"))) event.push_back(s != 0);
  const std::vector<double> time = pack_numbers(data.at("t")), x = pack_numbers(data.at("x"));
  ParametricModel model;
  model.covariates = Eigen::Map<const Eigen::VectorXd>(x.data(), static_cast<Eigen::Index>(x.size()));
  model.names = {"x"};
  const auto fit = [&] { return fit_parametric(right_censored(time, event), model); };
  const bool any_event = std::find(event.begin(), event.end(), 1) != event.end();
  if (!call.at("ok").get<bool>() || !any_event) {
    try {
      fit();
      verdict.fail("an error was expected");
    } catch (const InputError&) {
    }
    return;
  }
  const ParametricFit found = fit();
  const double loglik = pack_numbers(call.at("value").at("loglik")).back();
  verdict.expect(std::abs(found.loglik - loglik) < 1e-6, "loglik " + std::to_string(found.loglik) + ", wanted " + std::to_string(loglik));
  if (found.converged)
    verdict.compare({{"coef", as_json(found.estimate.head(2))}, {"scale", found.scale()[0]}}, {{"coef", call.at("value").at("coef")}, {"scale", call.at("value").at("scale")}}, {.relative = 1e-6});
  else
    verdict.expect(found.problem.find("x") == 0, "the flag does not name x: " + found.problem);
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
