// SPDX-License-Identifier: Apache-2.0
// Edge cases of survfit, survdiff and coxph. Where R errs, the engine must err with a message or say "not estimable";
// where R warns of a fit that does not converge, coefficients are arbitrary and the engine must flag them.
#include <algorithm>
#include <cmath>
#include <regex>

#include "core/error.hpp"
#include "exchange/cox_json.hpp"
#include "exchange/survival_json.hpp"
#include "model_input.hpp"
#include "registry.hpp"
#include "statistics/cox.hpp"
#include "statistics/kaplan_meier.hpp"
#include "statistics/log_rank.hpp"
#include "survival_input.hpp"

namespace coley::reference_check {
namespace {

using namespace statistics;

/// What the engine made of a call: a value, or the reason it gives for not giving one.
struct Answer {
  json value;
  std::string refusal;             ///< the message of an error, or why it is not estimable
  std::vector<std::string> flags;  ///< warnings
};

bool warned(const json& call) {
  for (const json& warning : call.at("warnings")) {
    const std::string text = warning;
    if (text.find("did not converge") != std::string::npos || text.find("may be infinite") != std::string::npos) return true;
  }
  return false;
}

/// A weight of 0, which coxph refuses and the engine takes as a row that is not there.
bool zero_weight(const Case& one, const json& call) {
  if (call.at("ok") || call.at("error").get<std::string>().find("weights, must be >0") == std::string::npos) return false;
  const std::vector<double> weights = pack_numbers(one.spec.at("data").at("w"));
  return *std::min_element(weights.begin(), weights.end()) == 0;
}

/// The engine refuses on purpose what R lets through: negative times, infinite times.
bool refused_by_design(const json& data) {
  for (const double t : pack_numbers(data.at("t")))
    if (t < 0 || std::isinf(t)) return true;
  return false;
}

template <class Compute>
Answer answer(Compute compute) {
  try {
    return compute();
  } catch (const InputError& fault) {
    return {json(), fault.what(), {}};
  }
}

void conclude(const Case& one, const json& call, const Answer& got, const Tolerance& tolerance, Verdict& verdict) {
  const std::string name = call.at("call");
  if (got.value.is_null() && got.refusal.empty()) return verdict.fail(name + ": neither an answer nor a reason");
  if (refused_by_design(one.spec.at("data"))) return verdict.expect(!got.refusal.empty(), name + ": an impossible time was accepted");
  if (zero_weight(one, call)) return verdict.expect(got.value.is_object() && std::isfinite(got.value["loglik"][1].get<double>()), name + ": no answer with a weight of 0");
  if (!call.at("ok")) return verdict.expect(!got.refusal.empty(), name + ": R errs (" + call.at("error").get<std::string>() + ") but no reason was given");
  if (!got.refusal.empty() && got.value.is_null()) return verdict.fail(name + ": refused: " + got.refusal);
  json wanted = call.at("value");
  if (wanted.contains("strata_rows") && wanted["strata_rows"].is_null()) wanted.erase("strata_rows");
  Tolerance allowed = tolerance;
  if (wanted.contains("iter")) {  // coxph
    wanted.erase("iter");
    for (std::size_t j = 0; j < wanted["coef"].size(); ++j) {
      if (wanted["coef"][j] != "NA") continue;
      wanted["se"][j] = "NA";  // R prints 0
      verdict.expect(!got.flags.empty(), name + ": a coefficient is NA without a word");
    }
    if (warned(call)) {  // coefficient and standard error are wherever R stopped
      wanted.erase("coef");
      wanted.erase("se");
      allowed.absolute = 1e-6;  // of the log-likelihood
      verdict.expect(!got.flags.empty(), name + ": R warns, the engine does not");
    }
  }
  verdict.compare(got.value, wanted, allowed, name);
}

/// Rows of all curves one after another, as a survfit object holds them.
json joined(const std::vector<SurvivalCurve>& curves) {
  json out = {{"strata_rows", json::array()}, {"median", {{"est", json::array()}, {"lower", json::array()}, {"upper", json::array()}}}};
  for (const SurvivalCurve& curve : curves) {
    const json rows = exchange::rows_json(curve);
    for (const auto& [key, column] : rows.items())
      for (const json& value : column) out[key].push_back(value);
    out["strata_rows"].push_back(curve.size());
    const Estimate median = quantile(curve, 0.5);
    out["median"]["est"].push_back(median.estimate);
    out["median"]["lower"].push_back(median.low);
    out["median"]["upper"].push_back(median.high);
  }
  return out;
}

/// Options that a survfit call spells out; R's defaults otherwise.
CurveOptions curve_options(const std::string& call) {
  CurveOptions options{IntervalType::log};
  std::smatch found;
  if (std::regex_search(call, found, std::regex(R"(conf\.type\s*=\s*['"]([a-z-]+)['"])"))) options.interval = interval_type(found[1].str());
  if (std::regex_search(call, found, std::regex(R"(conf\.int\s*=\s*([0-9.]+))"))) options.level = std::stod(found[1]);
  if (std::regex_search(call, std::regex(R"(stype\s*=\s*2)"))) options.estimator = SurvivalEstimator::exp_cumulative_hazard;
  if (std::regex_search(call, std::regex(R"(ctype\s*=\s*2)"))) options.ties = HazardTies::fleming_harrington;
  return options;
}

void check_survfit(const Case& one, const json& call, Verdict& verdict) {
  const std::string text = call.at("call");
  conclude(one, call, answer([&]() -> Answer {
             const SurvivalInput input = edge_input(one.spec.at("data"), text);
             CurveOptions options = curve_options(text);
             // survfit's default: fractional weights are sampling weights.
             const bool whole = std::all_of(input.weight.begin(), input.weight.end(), [](double w) { return w == std::floor(w); });
             if (!whole && text.find("robust=FALSE") == std::string::npos) options.variance = CurveVariance::robust;
             std::vector<SurvivalCurve> curves = kaplan_meier(input.rows(), options);
             if (options.variance == CurveVariance::robust)  // survfit's std.err is then of S, not of its logarithm
               for (SurvivalCurve& curve : curves)
                 for (std::size_t i = 0; i < curve.size(); ++i) curve.se_log_survival[i] = curve.survival[i] > 0 ? curve.se_log_survival[i] * curve.survival[i] : 0;
             return {joined(curves), "", {}};
           }),
           {1e-9}, verdict);
}

void check_rmean(const Case& one, const json& call, Verdict& verdict) {
  const std::string text = call.at("call");
  const double tau = std::stod(text.substr(text.find('=') + 1));
  conclude(one, call, answer([&]() -> Answer {
             const SurvivalInput input = edge_input(one.spec.at("data"), "survfit(Surv(t,s)~1)");
             const RestrictedMean mean = restricted_mean(kaplan_meier(input.rows())[0], tau);
             return {{{"rmean", mean.value}, {"se", mean.se}}, mean.not_estimable, {}};
           }),
           {1e-9}, verdict);
}

void check_survdiff(const Case& one, const json& call, Verdict& verdict) {
  const std::string text = call.at("call");
  std::smatch rho;
  const bool has_rho = std::regex_search(text, rho, std::regex(R"(rho\s*=\s*([0-9.]+))"));
  conclude(one, call, answer([&]() -> Answer {
             const SurvivalInput input = edge_input(one.spec.at("data"), text);
             const LogRankTest test = log_rank(input.rows(), LogRankWeight::fh(has_rho ? std::stod(rho[1]) : 0, 0));
             const json got = exchange::log_rank_json(test, input.groups);
             json value = {{"obs", got["observed"]}, {"exp", got["expected"]}, {"chisq", got["chisq"]}, {"df", got["df"]}, {"var", got["variance"]}};
             if (!test.not_estimable.empty() && test.df <= 0) value["chisq"] = 0;  // R's way of saying so
             if (test.not_estimable == "no events") value["df"] = -1;
             return {value, test.not_estimable, {}};
           }),
           {1e-9}, verdict);
}

/// The right-hand side of the call's formula; "coxph(..., ties=...)" stands for Surv(t,s)~x.
std::string formula_of(const std::string& call) {
  std::string inside = call.substr(call.find('(') + 1);
  if (inside.rfind("...", 0) == 0) return "Surv(t,s)~x";
  int depth = 0;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    depth += inside[i] == '(' ? 1 : (inside[i] == ')' ? -1 : 0);
    if (depth < 0 || (depth == 0 && inside[i] == ',')) return inside.substr(0, i);
  }
  return inside;
}

/// The case's columns as a table; R's rules for status codes applied.
std::shared_ptr<const exchange::Table> as_table(const json& data) {
  std::string header, body;
  std::vector<std::string> names;
  for (const auto& [name, values] : data.items()) names.push_back(name), header += (header.empty() ? "" : ",") + name;
  double largest = 0;
  for (const double s : pack_numbers(data.at("s")))
    if (!std::isnan(s)) largest = std::max(largest, s);
  for (std::size_t i = 0; i < data.at("t").size(); ++i) {
    std::string line;
    for (const std::string& name : names) {
      const json value = data.at(name)[i].is_boolean() ? json(data.at(name)[i].get<bool>() ? 1 : 0) : data.at(name)[i];
      std::string text = value.is_string() ? value.get<std::string>() : value.dump();
      if (name == "s" && value.is_number()) {
        const double status = largest == 2 ? value.get<double>() - 1 : value.get<double>();
        text = status == 0 ? "0" : (status == 1 ? "1" : "NA");
      }
      line += (line.empty() ? "" : ",") + text;
    }
    body += line + "\n";
  }
  return std::make_shared<exchange::Table>(exchange::Table::parse(header + "\n" + body, "edge case"));
}

void check_coxph(const Case& one, const json& call, Verdict& verdict) {
  const std::string text = call.at("call");
  CoxOptions options;
  std::smatch ties, weights;
  if (std::regex_search(text, ties, std::regex(R"(ties\s*=\s*'([a-z]+)')"))) options.ties = cox_ties(ties[1].str());
  const bool weighted = std::regex_search(text, weights, std::regex(R"(weights\s*=\s*([A-Za-z._]+))"));
  conclude(one, call, answer([&]() -> Answer {
             const ModelInput input = model_input(exchange::Frame(as_table(one.spec.at("data"))), formula_of(text), weighted ? weights[1].str() : "", {},
                                                 text.find("timefix=FALSE") != std::string::npos);
             const CoxFit fit = fit_cox(input.data(), options);
             const json got = exchange::cox_json(fit);
             json value = {{"coef", got["coef"]}, {"se", got["se"]}, {"loglik", {fit.loglik_null, fit.loglik}}, {"n", fit.subjects}, {"nevent", fit.events}};
             std::string refusal;
             for (const std::string& warning : fit.warnings) refusal += warning + "; ";
             return {value, refusal, fit.warnings};
           }),
           {1e-7, 1e-11, {{"loglik", 1e-7}}}, verdict);
}

}  // namespace

void add_survival_edge_checks(Registry& registry) {
  registry.edge_calls["survfit("] = check_survfit;
  registry.edge_calls["survfit rmean="] = check_rmean;
  registry.edge_calls["survdiff("] = check_survdiff;
  registry.edge_calls["coxph("] = check_coxph;
}

}  // namespace coley::reference_check
