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

Json multiplicity_json(const Multiplicity& m) {
  Json familywise = Json::array(), bounds = Json::array();
  for (const FamilywiseError& error : m.familywise) familywise.push_back({{"without_effect_on", error.nothing_on}, {"error", measured(error.error)}});
  for (const EndpointBound& b : m.bounds) bounds.push_back({{"endpoint", b.endpoint}, {"look", b.look + 1}, {"events", b.events}, {"z", number(b.z)}, {"z_after_the_other", number(b.z_raised)}});
  return {{"all_rejected", measured(m.all)}, {"familywise", familywise}, {"bounds", bounds}};
}

Json response_json(const statistics::ResponseCharacteristics& c) {
  return {{"success", c.promising}, {"patients", c.patients}, {"success_by_look", c.success}, {"futility_by_look", c.futility}};
}

Json single_arm_json(const SingleArmResult& single) {
  Json looks = Json::array();
  for (const statistics::ResponseLook& look : single.design.looks)
    looks.push_back({{"patients", look.patients}, {"futile_at_most", look.futile_at_most < 0 ? Json(nullptr) : Json(look.futile_at_most)},
                     {"success_from", look.success_from > look.patients ? Json(nullptr) : Json(look.success_from)}});
  return {{"looks", looks}, {"response", single.response ? Json(*single.response) : Json(nullptr)}, {"null", response_json(single.null)},
          {"wanted", response_json(single.wanted)}, {"at_response", response_json(single.at_response)}};
}

Json members_json(const std::vector<MemberPowers>& tests) {
  Json rows = Json::array();
  for (const MemberPowers& test : tests) {
    Json members = Json::array();
    for (const Measured& power : test.members) members.push_back(measured(power));
    rows.push_back({{"test", test.test}, {"mean", measured(test.mean)}, {"spread", test.spread}, {"members", members}});
  }
  return rows;
}

Json curves_json(const std::vector<TrueCurve>& curves) {
  Json rows = Json::array();
  for (const TrueCurve& curve : curves) rows.push_back({{"name", curve.name}, {"survival", curve.survival}});
  return rows;
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
          {"multiplicity", scenario.multiplicity ? multiplicity_json(*scenario.multiplicity) : Json(nullptr)},
          {"single_arm", scenario.single_arm ? single_arm_json(*scenario.single_arm) : Json(nullptr)},
          {"members", members_json(scenario.members)},
          {"curves", curves_json(scenario.curves)},
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
          {"arms", result.arm_labels},
          {"endpoint", result.endpoint},
          {"alpha", result.plan.efficacy.alpha},
          {"words", in_words(result)},
          {"bounds", bounds_json(result.plan, result.bounds)},
          {"axes", axes},
          {"scenarios", scenarios},
          {"assurance", assurance},
          {"solution", solution ? solution_json(*solution) : Json(nullptr)}};
}

}  // namespace coley::design
