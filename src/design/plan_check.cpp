// SPDX-License-Identifier: Apache-2.0
#include "design/plan_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "endpoints/endpoints.hpp"
#include "protocol/table_reader.hpp"

namespace coley::design {

namespace {

void check_pieces(const Arm& arm, const std::string& path, std::size_t pieces, FaultList& faults) {
  if (arm.from_months.size() != pieces && !(arm.from_months.empty() && pieces == 1))
    return faults.add(path + ".from_months", fmt::format("{} times", arm.from_months.size()), fmt::format("{}, one a piece, the first being 0", pieces));
  double before = -1;
  for (const double from : arm.from_months) {
    if ((before < 0 && from != 0) || from <= before) return faults.add(path + ".from_months", fmt::format("{}", from), "times that rise from 0");
    before = from;
  }
}

void check_arm(const Plan& plan, std::size_t i, FaultList& faults) {
  const Arm& arm = plan.arms[i];
  const std::string path = element("arm", i);
  const int ways = int(arm.median_months.has_value()) + int(!arm.hazard_per_month.empty()) + int(!arm.hazard_ratio.empty());
  if (ways != 1)
    return faults.add(path, fmt::format("{} of median_months, hazard_per_month and hazard_ratio", ways), "one of them");
  if (i == 0 && !arm.hazard_ratio.empty())
    return faults.add(path + ".hazard_ratio", "a ratio for the first arm", "median_months or hazard_per_month: the others are compared with this arm");
  if (!arm.median_months) check_pieces(arm, path, std::max(arm.hazard_per_month.size(), arm.hazard_ratio.size()), faults);
}

void check_source(const Plan& plan, FaultList& faults) {
  const int sources = int(!plan.trial.empty()) + int(plan.model.has_value()) + int(!plan.arms.empty());
  if (sources != 1)
    return faults.add("arm", fmt::format("{} of trial, model and arms", sources), "one of them: trial = \"NAME\" for event times from the engine, [model], or two tables [[arm]]");
  if (plan.arms.empty()) {
    if (!plan.subgroups.empty()) faults.add("subgroup[0]", "subgroups without arms", "none: the virtual patients differ by themselves");
    if (plan.margin != 1) faults.add("margin", fmt::format("{}", plan.margin), "1, or arms with hazards: no virtual patients follow the null hypothesis of a margin");
    static const std::set<std::string> endpoints{"", "OS", "DFS", "PFS", "TTNT"};
    if (!endpoints.contains(plan.pool.endpoint) || (plan.model && plan.pool.endpoint.size() > 0 && plan.pool.endpoint != "OS"))
      faults.add("pool.endpoint", plan.pool.endpoint, plan.model ? "OS" : "one of OS, DFS, PFS, TTNT");
    return;
  }
  if (plan.arms.size() != 2) return faults.add("arm", fmt::format("{} arms", plan.arms.size()), "two arms, control first");
  for (std::size_t i = 0; i < plan.arms.size(); ++i) check_arm(plan, i, faults);
  if (plan.arms[0].name == plan.arms[1].name) faults.add("arm[1].name", plan.arms[1].name, "a name that no other arm has");
  double shares = 0;
  for (const Subgroup& subgroup : plan.subgroups) shares += subgroup.share;
  if (!plan.subgroups.empty() && std::fabs(shares - 1) > 1e-9)
    faults.add("subgroup", fmt::format("shares that sum to {:.6g}", shares), "shares that sum to 1");
  if (plan.subgroups.size() > 64) faults.add("subgroup", fmt::format("{} subgroups", plan.subgroups.size()), "at most 64");
}

void check_looks(const Plan& plan, FaultList& faults) {
  double events = 0, months = 0;
  for (std::size_t k = 0; k < plan.looks.size(); ++k) {
    const Look& look = plan.looks[k];
    const std::string path = element("look", k);
    if (!look.events && !look.months) faults.add(path, "neither events nor months", "one of them");
    if (look.events && *look.events <= events) faults.add(path + ".events", fmt::format("{}", *look.events), "more than at the look before");
    if (look.events && *look.events > static_cast<double>(plan.patients))
      faults.add(path + ".events", fmt::format("{} of {} patients", *look.events, plan.patients), "no more events than patients");
    if (look.months && *look.months <= months) faults.add(path + ".months", fmt::format("{}", *look.months), "later than the look before");
    if (look.latest_months && !look.events) faults.add(path + ".latest_months", "no events", "a number of events that it stands in for");
    if (look.latest_months && look.months && *look.latest_months < *look.months)
      faults.add(path + ".latest_months", fmt::format("{}", *look.latest_months), "not before months");
    events = look.events.value_or(events);
    months = look.months.value_or(months);
  }
  if (plan.looks.size() > 20) faults.add("look", fmt::format("{} looks", plan.looks.size()), "at most 20");
}

bool spends(Bounds bounds) { return bounds >= Bounds::spend_obrien_fleming; }

void check_bounds(const Plan& plan, FaultList& faults) {
  const Efficacy& efficacy = plan.efficacy;
  if (efficacy.clock == Clock::observed && !spends(efficacy.bounds))
    faults.add("efficacy.clock", "observed, with bounds of a given shape", "bounds that spend alpha, or clock = \"planned\"");
  if (efficacy.clock == Clock::planned && plan.looks.size() > 1) {
    for (std::size_t k = 0; k < plan.looks.size(); ++k)
      if (!plan.looks[k].events)
        faults.add(element("look", k) + ".events", "no events, with efficacy.clock = \"planned\"",
                   "events at every look, from which their information follows, or clock = \"observed\"");
  }
  if (efficacy.clock == Clock::observed && !plan.looks.empty() && !plan.looks.back().events)
    faults.add(element("look", plan.looks.size() - 1) + ".events", "no events at the last look, with efficacy.clock = \"observed\"",
               "the events at which all of alpha is spent");
  if (efficacy.bounds == Bounds::kim_demets && !(efficacy.parameter > 0))
    faults.add("efficacy.parameter", fmt::format("{}", efficacy.parameter), "rho above 0");
  if (efficacy.bounds == Bounds::haybittle_peto && !(efficacy.parameter > 0))
    faults.add("efficacy.parameter", fmt::format("{}", efficacy.parameter), "the z of the early looks, as 3");
  if (plan.reestimation) {
    const bool plain = plan.tests.empty() || (plan.tests.size() == 1 && plan.tests[0].kind == TestKind::log_rank && !plan.tests[0].stratified);
    if (plan.arms.empty() || !plain) faults.add("reestimation", "re-estimation with this source or these tests", "arms with hazards and the log-rank test alone, not stratified");
    if (plan.looks.size() < 2 || efficacy.clock == Clock::observed) faults.add("reestimation", "one look, or efficacy.clock = \"observed\"", "two looks or more, and clock = \"planned\"");
    if (!plan.looks.empty() && plan.looks.back().events && plan.reestimation->most * *plan.looks.back().events > static_cast<double>(plan.patients))
      faults.add("reestimation.most", fmt::format("{}, {} events of {} patients", plan.reestimation->most, plan.reestimation->most * *plan.looks.back().events, plan.patients), "no more events than patients");
  }
  if (!plan.futility) return;
  const Futility& futility = *plan.futility;
  if (futility.z.empty() == futility.spending.empty()) faults.add("futility", "z and spending, or neither", "one of them");
  if (!futility.z.empty() && futility.z.size() + 1 != plan.looks.size())
    faults.add("futility.z", fmt::format("{} bounds", futility.z.size()), "one for each look before the last");
  if (!futility.spending.empty() && efficacy.clock == Clock::observed)
    faults.add("futility.spending", "beta spending, with efficacy.clock = \"observed\"", "bounds z, or clock = \"planned\"");
}

void check_tests(const Plan& plan, FaultList& faults) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < plan.tests.size(); ++i) {
    const Test& test = plan.tests[i];
    const std::string path = element("test", i);
    const bool timed = test.kind == TestKind::modestly_weighted || test.kind == TestKind::rmst || test.kind == TestKind::milestone;
    if (timed && !(test.months > 0)) faults.add(path + ".months", "no time", "a time above 0");
    if (!timed && test.months > 0) faults.add(path + ".months", "a time that is not used", "no such key");
    if (test.kind != TestKind::fleming_harrington && (test.rho > 0 || test.gamma > 0))
      faults.add(path + ".kind", "rho or gamma", "kind = \"fleming_harrington\", or no such keys");
    const bool can = test.kind <= TestKind::modestly_weighted;
    if (test.stratified && !can) faults.add(path + ".stratified", "true", "a test of the log-rank family");
    if (test.stratified && plan.trial.empty() && plan.subgroups.size() < 2) faults.add(path + ".stratified", "true", "subgroups to stratify by");
    if (plan.margin != 1 && (test.kind != TestKind::log_rank || test.stratified))
      faults.add(path + ".kind", "margin with this test", "the log-rank test, not stratified, or margin = 1");
    if (!test.name.empty() && !names.insert(test.name).second) faults.add(path + ".name", test.name, "a name that no other test has");
  }
  if (plan.solve && !plan.solve->test.empty() && !names.contains(plan.solve->test))
    faults.add("solve.test", plan.solve->test, "the name of a test");
  const bool by_events = std::all_of(plan.looks.begin(), plan.looks.end(), [](const Look& look) { return look.events.has_value(); });
  if (plan.solve && plan.solve->unknown != Unknown::size && !by_events)
    faults.add("solve.unknown", "looks without events", "events at every look, or unknown = \"size\"");
  if (plan.solve && plan.solve->unknown == Unknown::looks && plan.looks.size() < 2) faults.add("solve.unknown", "looks, with one look", "a look before the last");
  if (plan.solve && plan.solve->power <= plan.efficacy.alpha) faults.add("solve.power", fmt::format("{}", plan.solve->power), "more than alpha");
}

void check_vary(const Plan& plan, FaultList& faults) {
  std::size_t scenarios = 1;
  for (std::size_t i = 0; i < plan.vary.size(); ++i) {
    const Vary& vary = plan.vary[i];
    const std::string path = element("vary", i);
    if (vary.values.empty() == vary.words.empty()) faults.add(path, "values and words, or neither", "one of them");
    if (!vary.weights.empty() && vary.weights.size() != vary.size())
      faults.add(path + ".weights", fmt::format("{} weights", vary.weights.size()), fmt::format("{}, one a value", vary.size()));
    double sum = 0;
    for (const double weight : vary.weights) sum += weight;
    if (!vary.weights.empty() && !(sum > 0)) faults.add(path + ".weights", "no weight above 0", "weights, one a value");
    if (vary.key.starts_with("vary") || vary.key == "seed") faults.add(path + ".key", vary.key, "another key");
    scenarios *= std::max<std::size_t>(1, vary.size());
  }
  if (scenarios > 1000) faults.add("vary", fmt::format("{} scenarios", scenarios), "at most 1000");
}

}  // namespace

void check_plan(const Plan& plan, FaultList& faults) {
  check_source(plan, faults);
  check_looks(plan, faults);
  check_bounds(plan, faults);
  check_tests(plan, faults);
  check_vary(plan, faults);
}

}  // namespace coley::design
