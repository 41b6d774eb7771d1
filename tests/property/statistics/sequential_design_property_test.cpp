// SPDX-License-Identifier: Apache-2.0
// Laws of group-sequential designs over random plans.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "statistics/sequential_design.hpp"

namespace coley::statistics {
namespace {

std::vector<double> any_information() {
  const int looks = *rc::gen::inRange(1, 6);
  std::vector<double> t;
  double sum = 0;
  for (int k = 0; k < looks; ++k) t.push_back(sum += *rc::gen::inRange(1, 20));
  for (double& x : t) x /= sum;
  t.back() = 1;
  return t;
}

Spending any_spending() {
  switch (*rc::gen::inRange(0, 4)) {
    case 0: return {SpendingKind::obrien_fleming};
    case 1: return {SpendingKind::pocock};
    case 2: return {SpendingKind::hwang_shih_decani, static_cast<double>(*rc::gen::inRange(-6, 5))};
    default: return {SpendingKind::kim_demets, *rc::gen::inRange(5, 40) / 10.0};
  }
}

SequentialPlan any_plan() {
  SequentialPlan plan{.information = any_information(), .alpha = *rc::gen::inRange(1, 100) / 1000.0,
                      .beta = *rc::gen::inRange(5, 40) / 100.0, .two_sided = *rc::gen::arbitrary<bool>(),
                      .shape = BoundaryShape::spending, .alpha_spending = any_spending()};
  if (*rc::gen::inRange(0, 3) == 0) {
    plan.shape = BoundaryShape::wang_tsiatis;
    plan.delta = *rc::gen::inRange(0, 51) / 100.0;
  }
  return plan;
}

RC_GTEST_PROP(SequentialLaws, AlphaIsSpentExactly, ()) {
  const SequentialPlan plan = any_plan();
  const SequentialDesign d = make_sequential_design(plan);
  RC_ASSERT(std::fabs(d.alpha_spent.back() - plan.alpha) < 1e-10);
  if (plan.shape != BoundaryShape::spending) return;
  const double sides = plan.two_sided ? 2 : 1;
  const auto allowed = cumulative_spending(plan.alpha_spending, plan.information, plan.alpha / sides);
  for (std::size_t k = 0; k < allowed.size(); ++k) RC_ASSERT(std::fabs(d.alpha_spent[k] - sides * allowed[k]) < 1e-10);
}

RC_GTEST_PROP(SequentialLaws, TheDriftGivesThePowerAndLooksCostInformation, ()) {
  const SequentialPlan plan = any_plan();
  const SequentialDesign d = make_sequential_design(plan);
  const OperatingCharacteristics at = operating_characteristics(d, d.drift);
  RC_ASSERT(std::fabs(at.power - (1 - plan.beta)) < 1e-9);
  // The one-look drift of a two-sided test leaves out the far side, which adds at most alpha / 2 to the power.
  if (!plan.two_sided) RC_ASSERT(d.inflation() > 1 - 1e-9);
  RC_ASSERT(at.expected_information <= 1 + 1e-12);
}

RC_GTEST_PROP(SequentialLaws, PowerRisesWithTheDrift, ()) {
  const SequentialDesign d = make_sequential_design(any_plan());
  double before = 0;
  for (const double drift : {0.0, 0.5, 1.0, 2.0, 4.0}) {
    const double power = operating_characteristics(d, drift).power;
    RC_ASSERT(power >= before);
    before = power;
  }
}

RC_GTEST_PROP(SequentialLaws, FutilitySpendsBetaAndKeepsAlpha, ()) {
  SequentialPlan plan = any_plan();
  RC_PRE(plan.information.size() > 1);
  plan.two_sided = false;
  plan.shape = BoundaryShape::spending;
  plan.beta_spending = any_spending();
  plan.binding = *rc::gen::arbitrary<bool>();
  const SequentialDesign d = make_sequential_design(plan);
  RC_ASSERT(std::fabs(d.alpha_spent.back() - plan.alpha) < 1e-10);
  const OperatingCharacteristics at = operating_characteristics(d, d.drift);
  RC_ASSERT(std::fabs(at.power - (1 - plan.beta)) < 1e-8);
  RC_ASSERT(operating_characteristics(d, 0.0).power <= plan.alpha + 1e-10);
}

}  // namespace
}  // namespace coley::statistics
