// SPDX-License-Identifier: Apache-2.0
// Kinds km, logrank, weighted_logrank, maxcombo, rmst and milestone.
#include "exchange/survival_json.hpp"
#include "registry.hpp"
#include "statistics/contrasts.hpp"
#include "statistics/kaplan_meier.hpp"
#include "statistics/log_rank.hpp"
#include "survival.hpp"
#include "survival_input.hpp"

namespace coley::reference_check {
namespace {

using namespace statistics;

CurveOptions curve_options(const Case& one) {
  CurveOptions options{IntervalType::log, one.number("conf_level", 0.95)};
  if (const std::string type = one.text("conf_type"); !type.empty()) options.interval = interval_type(type);
  if (one.text("estimator") == "exp(-nelson-aalen)") options.estimator = SurvivalEstimator::exp_cumulative_hazard;
  if (one.text("cumhaz") == "fleming-harrington tie correction") options.ties = HazardTies::fleming_harrington;
  return options;
}

double finite_sum(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values)
    if (std::isfinite(value)) sum += value;
  return sum;
}

/// Everything a km case may ask of one curve.
json curve_report(const SurvivalCurve& curve, const json& wanted) {
  json out = {{"n", curve.subjects},
              {"events", curve.events},
              {"n_rows", curve.size()},
              {"curve", exchange::rows_json(curve)},
              {"sums",
               {{"surv", finite_sum(curve.survival)},
                {"se_log_surv_finite", finite_sum(curve.se_log_survival)},
                {"cumhaz", finite_sum(curve.cumulative_hazard)},
                {"lower", finite_sum(curve.low)},
                {"upper", finite_sum(curve.high)}}}};
  if (wanted.contains("quantiles")) out["quantiles"] = exchange::quantiles_json(curve, pack_numbers(wanted["quantiles"]["p"]));
  if (wanted.contains("at")) out["at"] = exchange::at_json(curve, pack_numbers(wanted["at"]["time"]));
  if (wanted.contains("rmst")) out["rmst"] = exchange::restricted_mean_json(restricted_mean(curve, pack_number(wanted["rmst"]["tau"])));
  return out;
}

}  // namespace

void compare_curves(const std::vector<SurvivalCurve>& curves, const std::vector<std::string>& groups, const json& wanted,
                    const Tolerance& tolerance, Verdict& verdict) {
  if (wanted.size() != curves.size()) return verdict.fail("got " + std::to_string(curves.size()) + " curves, wanted " + std::to_string(wanted.size()));
  json got = json::array();
  for (std::size_t g = 0; g < curves.size(); ++g) {
    got.push_back(curve_report(curves[g], wanted[g]));
    got.back()["group"] = groups.empty() ? json() : json(groups[g]);
  }
  verdict.compare(got, wanted, tolerance);
}

void add_survival_checks(Registry& registry) {
  registry.kinds["km"] = [](const Case& one, Verdict& verdict) {
    const SurvivalInput input = survival_input(one);
    compare_curves(kaplan_meier(input.rows(), curve_options(one)), input.groups, one.expected, {one.relative_tolerance(1e-9)}, verdict);
  };
  registry.kinds["logrank"] = [](const Case& one, Verdict& verdict) {
    const SurvivalInput input = survival_input(one);
    const LogRankTest test = log_rank(input.rows(), LogRankWeight::fh(one.number("rho", 0), one.number("gamma", 0)));
    verdict.compare(exchange::log_rank_json(test, input.groups), one.expected, {one.relative_tolerance(1e-9), 1e-11, {{"p", 1e-8}}});
  };
  registry.kinds["weighted_logrank"] = [](const Case& one, Verdict& verdict) {
    using Kind = LogRankWeight::Kind;
    static const std::map<std::string, Kind> kinds = {{"fh", Kind::fleming_harrington}, {"gehan", Kind::gehan}, {"tarone_ware", Kind::tarone_ware},
                                                      {"peto_peto", Kind::peto_peto}, {"magirr_burman", Kind::modestly_weighted}, {"early_zero", Kind::early_zero}};
    const auto kind = kinds.find(one.text("weight"));
    if (kind == kinds.end()) return verdict.fail("no weight '" + one.text("weight") + "'");
    const SurvivalInput input = survival_input(one);
    const LogRankWeight weight{kind->second, one.number("rho", 0), one.number("gamma", 0), one.number("t_star", one.number("t0", 0))};
    verdict.compare(exchange::log_rank_json(log_rank(input.rows(), weight), input.groups), one.expected, {one.relative_tolerance(1e-9), 1e-11, {{"p", 1e-8}}});
  };
  registry.kinds["maxcombo"] = [](const Case& one, Verdict& verdict) {
    std::vector<LogRankWeight> weights;
    for (const json& pair : one.spec.at("rho_gamma")) weights.push_back(LogRankWeight::fh(pack_number(pair[0]), pack_number(pair[1])));
    const SurvivalInput input = survival_input(one);
    const json got = exchange::max_combo_json(max_combo(SortedRows(input.rows()), weights));
    json exact = one.expected;
    exact.erase("p_one_sided");
    exact.erase("p_two_sided");
    verdict.compare(got, exact, {one.relative_tolerance(1e-9)});
    const double allowed = one.tolerance.is_object() ? one.tolerance.value("p_abs", 1e-6) : 1e-6;
    for (const char* p : {"p_one_sided", "p_two_sided"}) verdict.compare(got.at(p), one.expected.at(p), {0, allowed}, p);
  };
  registry.kinds["rmst"] = [](const Case& one, Verdict& verdict) {
    const auto curves = kaplan_meier(survival_input(one).rows());
    verdict.compare(exchange::rmst_json(rmst_contrast(curves[0], curves[1], one.number("tau", 0))), one.expected, {one.relative_tolerance(1e-9), 1e-11, {{"p", 1e-8}}});
  };
  registry.kinds["milestone"] = [](const Case& one, Verdict& verdict) {
    const auto curves = kaplan_meier(survival_input(one).rows());
    verdict.compare(exchange::milestone_json(milestone(curves[0], curves[1], one.number("at", 0))), one.expected, {one.relative_tolerance(1e-9), 1e-11, {{"p_naive", 1e-8}, {"p_cloglog", 1e-8}}});
  };
}

}  // namespace coley::reference_check
