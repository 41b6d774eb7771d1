// SPDX-License-Identifier: Apache-2.0
#include "design/single_arm.hpp"

#include <algorithm>
#include <cmath>

namespace coley::design {

using statistics::ResponseCharacteristics;

namespace {

constexpr const char* kName = "response";

Measured response_of(const SimulatedPool& pool) {
  double responses = 0;
  for (const Fate& fate : pool.fates) responses += fate.event;
  return share_of(responses, pool.size());
}

TestCharacteristics as_test(const ResponseCharacteristics& c) {
  TestCharacteristics test{.name = kName, .power = {c.promising, 0}, .recruited = {c.patients, 0}, .hazard_ratio = std::nan("")};
  for (std::size_t k = 0; k < c.success.size(); ++k) test.looks.push_back({{c.success[k], 0}, {c.futility[k], 0}});
  // what ends at the last look without success has failed, and did not stop for futility
  test.looks.back().futility = {};
  return test;
}

}  // namespace

statistics::ResponseDesign response_design_of(const SingleArm& s) {
  if (s.kind != SingleArm::Kind::bayes)
    return as_looks(statistics::simon_two_stage(s.null, s.wanted, s.alpha, s.power, s.kind == SingleArm::Kind::optimal ? statistics::TwoStageAim::optimal : statistics::TwoStageAim::minimax));
  return statistics::predictive_design({.patients = {s.looks.begin(), s.looks.end()}, .null = s.null, .prior_responses = s.prior[0], .prior_failures = s.prior[1],
                                        .success = s.success, .efficacy = s.efficacy, .futility = s.futility});
}

void add_single_arm(const Plan& plan, Sources& sources, ScenarioResult& result) {
  const SingleArm& s = *plan.single_arm;
  SingleArmResult& single = result.single_arm.emplace();
  single.design = response_design_of(s);
  double response = s.wanted;
  if (!plan.trial.empty()) {
    const Sources::Entry entry = sources.get(plan);
    result.pool_patients = entry.pool->size();
    single.response = response = response_of(*entry.pool).value;
  }
  single.null = response_characteristics(single.design, s.null);
  single.wanted = response_characteristics(single.design, s.wanted);
  single.at_response = response_characteristics(single.design, response);
  TestResult test{.effect = as_test(single.at_response), .null = as_test(single.null), .type_one_error = {single.null.promising, 0}};
  if (!plan.trial.empty()) test.pool_error = success_of_pool(plan, *sources.get(plan).pool)[0].second.error;
  result.tests.push_back(std::move(test));
}

std::vector<std::pair<std::string, Measured>> success_of_pool(const Plan& plan, const SimulatedPool& pool) {
  const statistics::ResponseDesign design = response_design_of(*plan.single_arm);
  const Measured response = response_of(pool);
  const auto at = [&](double p) { return response_characteristics(design, std::clamp(p, 0.0, 1.0)).promising; };
  const double error = 0.5 * std::fabs(at(response.value + response.error) - at(response.value - response.error));
  return {{kName, {at(response.value), error}}};
}

}  // namespace coley::design
