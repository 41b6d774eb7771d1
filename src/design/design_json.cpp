// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "design/describe.hpp"
#include "design/look_tests.hpp"
#include "design/plan_definition.hpp"
#include "statistics/reference_distribution.hpp"

namespace coley::design {

namespace {

using Json = nlohmann::ordered_json;

/// What is not finite is absent.
Json number(double x) { return std::isfinite(x) ? Json(x) : Json(nullptr); }

Json measured(const Measured& m) { return {{"value", number(m.value)}, {"error", number(m.error)}}; }

Json bounds_json(const Plan& plan, const statistics::SequentialDesign& bounds) {
  Json rows = Json::array();
  for (std::size_t k = 0; k < bounds.efficacy_z.size(); ++k) {
    const Look& look = plan.looks[k];
    rows.push_back({{"events", look.events ? Json(*look.events) : Json(nullptr)},
                    {"months", look.months ? Json(*look.months) : Json(nullptr)},
                    {"information", bounds.plan.information[k]},
                    {"efficacy_z", number(bounds.efficacy_z[k])},
                    {"efficacy_p", number(statistics::normal_upper(bounds.efficacy_z[k]))},
                    {"alpha_spent", bounds.alpha_spent[k]},
                    {"futility_z", k + 1 < bounds.efficacy_z.size() ? number(bounds.futility_z[k]) : Json(nullptr)}});
  }
  return rows;
}

Json stops_json(const TestCharacteristics& c) {
  Json stops = Json::array();
  for (const LookShare& look : c.looks) stops.push_back({{"efficacy", measured(look.efficacy)}, {"futility", measured(look.futility)}});
  return stops;
}

Json formula_json(const Formula& f) {
  Json mean_z = Json::array(), stops = Json::array();
  for (const double z : f.mean_z) mean_z.push_back(number(z));
  for (std::size_t k = 0; k < f.stop_efficacy.size(); ++k) stops.push_back({{"efficacy", f.stop_efficacy[k]}, {"futility", f.stop_futility[k]}});
  return {{"power", number(f.power)}, {"events", number(f.events)}, {"months", number(f.months)}, {"mean_z", mean_z}, {"stops", stops}};
}

Json test_json(const TestResult& test) {
  const TestCharacteristics& e = test.effect;
  return {{"name", e.name},
          {"power", measured(e.power)},
          {"power_pool_error", test.pool_error ? number(*test.pool_error) : Json(nullptr)},
          {"type_one_error", measured(test.type_one_error)},
          {"events", measured(e.events)},
          {"months", measured(e.months)},
          {"months_quantiles", {{"p10", e.months_low}, {"p50", e.months_median}, {"p90", e.months_high}}},
          {"recruited", measured(e.recruited)},
          {"hazard_ratio", number(e.hazard_ratio)},
          {"log_bias", measured(e.log_bias)},
          {"not_available", e.not_available},
          {"stops", stops_json(e)},
          {"ended_by_month", e.month_shares},
          {"without_effect", {{"events", measured(test.null.events)}, {"months", measured(test.null.months)}, {"recruited", measured(test.null.recruited)}, {"stops", stops_json(test.null)}}},
          {"formula", test.formula ? formula_json(*test.formula) : Json(nullptr)}};
}

Json scenario_json(const ScenarioResult& scenario) {
  Json setting = Json::object(), looks = Json::array(), tests = Json::array();
  for (const auto& [key, value] : scenario.setting) setting[key] = value;
  for (std::size_t k = 0; k < scenario.looks.size(); ++k) {
    const LookMeans& look = scenario.looks[k];
    looks.push_back({{"months", look.months}, {"events", look.events}, {"recruited", look.recruited}, {"reached", look.reached},
                     {"average_hazard_ratio", scenario.analytic ? number(scenario.analytic->looks[k].average_hazard_ratio) : Json(nullptr)}});
  }
  for (const TestResult& test : scenario.tests) tests.push_back(test_json(test));
  return {{"setting", setting},
          {"weight", scenario.weight},
          {"patients", scenario.plan.patients},
          {"replicates", scenario.plan.replicates},
          {"pool_patients", scenario.pool_patients},
          {"looks", looks},
          {"tests", tests},
          {"schoenfeld", scenario.analytic ? formula_json(scenario.analytic->schoenfeld) : Json(nullptr)},
          {"curves", {{"control", scenario.curves.control}, {"experimental", scenario.curves.experimental}}},
          {"short_of_events", scenario.short_of_events}};
}

Json solution_json(const Solution& s) {
  static const char* unknowns[] = {"size", "events", "looks"};
  Json tried = Json::array(), looks = Json::array();
  for (const Trial& trial : s.tried)
    tried.push_back({{"value", trial.value}, {"power", measured(trial.power)}, {"events", measured(trial.events)}, {"months", measured(trial.months)}, {"recruited", measured(trial.recruited)}});
  for (const Look& look : s.plan.looks) looks.push_back({{"events", look.events ? Json(*look.events) : Json(nullptr)}, {"months", look.months ? Json(*look.months) : Json(nullptr)}});
  return {{"unknown", unknowns[static_cast<int>(s.unknown)]}, {"test", s.test}, {"wanted_power", s.wanted}, {"value", s.value}, {"error", s.error},
          {"power", measured(s.power)}, {"patients", s.plan.patients}, {"looks", looks}, {"tried", tried}};
}

}  // namespace

nlohmann::ordered_json to_json(const DesignResult& result, const std::optional<Solution>& solution) {
  Json scenarios = Json::array(), assurance = Json::array(), axes = Json::array();
  for (const ScenarioResult& scenario : result.scenarios) scenarios.push_back(scenario_json(scenario));
  for (const Assurance& a : result.assurance) assurance.push_back({{"test", a.test}, {"power", measured(a.power)}});
  for (const Vary& axis : result.plan.vary) axes.push_back(axis.key);
  return {{"schema_version", 1},
          {"name", result.plan.name},
          {"title", result.plan.title},
          {"seed", result.plan.seed},
          {"arms", {{"control", result.control_label}, {"experimental", result.experimental_label}}},
          {"endpoint", result.endpoint},
          {"alpha", result.plan.efficacy.alpha},
          {"words", in_words(result.plan, result.bounds, result.control_label, result.experimental_label, result.endpoint)},
          {"bounds", bounds_json(result.plan, result.bounds)},
          {"axes", axes},
          {"scenarios", scenarios},
          {"assurance", assurance},
          {"solution", solution ? solution_json(*solution) : Json(nullptr)}};
}

}  // namespace coley::design
