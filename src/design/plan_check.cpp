// SPDX-License-Identifier: Apache-2.0
#include "design/plan_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "design/boundaries.hpp"
#include "design/plan_definition.hpp"
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
  const bool chooses = plan.selection && plan.selection->subgroup.empty();
  if (plan.arms.size() < 2 || (plan.arms.size() > 2 && !chooses)) return faults.add("arm", fmt::format("{} arms", plan.arms.size()), "two arms, control first; more with selection");
  std::set<std::string> names;
  for (std::size_t i = 0; i < plan.arms.size(); ++i) {
    check_arm(plan, i, faults);
    if (!names.insert(plan.arms[i].name).second) faults.add(element("arm", i) + ".name", plan.arms[i].name, "a name that no other arm has");
  }
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
    if (look.events && plan.endpoints.empty() && *look.events <= events) faults.add(path + ".events", fmt::format("{}", *look.events), "more than at the look before");
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

void check_bounds(const Plan& plan, FaultList& faults) {
  const Efficacy& efficacy = plan.efficacy;
  if (efficacy.clock == Clock::observed && !spends(efficacy.bounds))
    faults.add("efficacy.clock", "observed, with bounds of a given shape", "bounds that spend alpha, or clock = \"planned\"");
  if (efficacy.clock == Clock::planned && plan.looks.size() > 1 && !plan.several_hypotheses()) {
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
  if (plan.predictive) {
    const bool by_events = std::all_of(plan.looks.begin(), plan.looks.end(), [](const Look& look) { return look.events && !look.latest_months; });
    if (!by_events) faults.add("predictive", "looks without events, or with latest_months", "events at every look");
    if (plan.futility || plan.reestimation || efficacy.clock == Clock::observed) faults.add("predictive", "futility, reestimation or efficacy.clock beside it", "predictive alone: it says when the trial stops");
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
    if (test.kind != TestKind::fleming_harrington && test.kind != TestKind::max_combo && (test.rho > 0 || test.gamma > 0))
      faults.add(path + ".kind", "rho or gamma", "kind = \"fleming_harrington\", or no such keys");
    const bool can = test.kind <= TestKind::modestly_weighted;
    if (test.stratified && !can) faults.add(path + ".stratified", "true", "a test of the log-rank family");
    if (test.stratified && plan.trial.empty() && plan.subgroups.size() < 2) faults.add(path + ".stratified", "true", "subgroups to stratify by");
    if (plan.margin != 1 && (test.kind != TestKind::log_rank || test.stratified))
      faults.add(path + ".kind", "margin with this test", "the log-rank test, not stratified, or margin = 1");
    if (!test.name.empty() && !names.insert(test.name).second) faults.add(path + ".name", test.name, "a name that no other test has");
  }
  for (const Endpoint& endpoint : plan.endpoints) names.insert(endpoint.name);
  if (plan.solve && plan.solve->unknown != Unknown::size && plan.several_hypotheses()) faults.add("solve.unknown", "events or looks, with several hypotheses", "size");
  if (plan.solve && !plan.solve->test.empty() && !names.contains(plan.solve->test))
    faults.add("solve.test", plan.solve->test, "the name of a test");
  const bool by_events = std::all_of(plan.looks.begin(), plan.looks.end(), [](const Look& look) { return look.events.has_value(); });
  if (plan.solve && plan.solve->unknown != Unknown::size && !by_events)
    faults.add("solve.unknown", "looks without events", "events at every look, or unknown = \"size\"");
  if (plan.solve && plan.solve->unknown == Unknown::looks && plan.looks.size() < 2) faults.add("solve.unknown", "looks, with one look", "a look before the last");
  if (plan.solve && plan.solve->power <= plan.efficacy.alpha) faults.add("solve.power", fmt::format("{}", plan.solve->power), "more than alpha");
}

constexpr std::size_t kMostExperimental = 6;  // sets of true hypotheses double with each

void check_endpoints(const Plan& plan, FaultList& faults) {
  const auto& endpoints = plan.endpoints;
  if (endpoints.size() != 2) return faults.add("endpoint", fmt::format("{} endpoints", endpoints.size()), "two, the second being death");
  if (endpoints[0].name == endpoints[1].name) faults.add("endpoint[1].name", endpoints[1].name, "another endpoint");
  if (!plan.pool.endpoint.empty()) faults.add("pool.endpoint", plan.pool.endpoint, "no such key: [[endpoint]] names them");
  const double sum = endpoints[0].alpha + endpoints[1].alpha;
  if (std::fabs(sum - plan.efficacy.alpha) > 1e-9)
    faults.add("endpoint", fmt::format("levels that sum to {:.6g}", sum), fmt::format("{:g}, as efficacy.alpha says", plan.efficacy.alpha));
  for (std::size_t e = 0; e < 2; ++e) {
    const Endpoint& endpoint = endpoints[e];
    const std::string path = element("endpoint", e);
    if (!spends(endpoint.bounds)) faults.add(path + ".bounds", bounds_words()[static_cast<std::size_t>(endpoint.bounds)], "one that spends alpha");
    if (endpoint.bounds == Bounds::kim_demets && !(endpoint.parameter > 0)) faults.add(path + ".parameter", fmt::format("{}", endpoint.parameter), "rho above 0");
    if (endpoint.events > static_cast<double>(plan.patients)) faults.add(path + ".events", fmt::format("{} of {} patients", endpoint.events, plan.patients), "no more events than patients");
    for (const double look : endpoint.looks)
      if (look != std::floor(look) || look > static_cast<double>(plan.looks.size())) faults.add(path + ".looks", fmt::format("{}", look), "the number of a look, from 1");
  }
  if (plan.futility) faults.add("futility", "futility, with two endpoints", "no such table: their bounds are for efficacy alone");
  if (plan.efficacy.clock == Clock::observed || plan.efficacy.bounds != Bounds::spend_obrien_fleming)
    faults.add("efficacy", "bounds or clock, with two endpoints", "alpha alone: each endpoint says how it spends, always at the events there are");
}

void check_selection(const Plan& plan, FaultList& faults) {
  const Selection& selection = *plan.selection;
  const std::size_t experimental = plan.weights().size() - 1;
  if (plan.looks.size() != 2) return faults.add("look", fmt::format("{} looks, with selection", plan.looks.size()), "two: where it is chosen, and the last");
  if (!plan.looks[1].months || plan.looks[1].events)
    faults.add("look[1]", "a last look that is not at a month alone", "months: with events, what is chosen would move the follow-up of patients of the first stage");
  if (!selection.first_share && !plan.looks[0].months) faults.add("selection.first_share", "none, and a first look by events", "a weight, or look[0].months");
  if (plan.looks[0].months && *plan.looks[0].months >= plan.accrual.months) faults.add("look[0].months", fmt::format("{}", *plan.looks[0].months), fmt::format("before accrual ends, after {:g} months", plan.accrual.months));
  if (plan.futility) faults.add("futility", "futility, with selection", "selection.least_z");
  if (selection.subgroup.empty()) {
    if (experimental < 2) faults.add("selection", "one experimental arm", plan.arms.empty() ? "pool.others, or a subgroup" : "more arms, or a subgroup");
    if (experimental > kMostExperimental) faults.add("selection", fmt::format("{} experimental arms", experimental), fmt::format("at most {}", kMostExperimental));
    if (static_cast<std::size_t>(selection.keep) > experimental) faults.add("selection.keep", fmt::format("{}", selection.keep), fmt::format("at most {}", experimental));
    return;
  }
  const bool known = std::any_of(plan.subgroups.begin(), plan.subgroups.end(), [&](const Subgroup& s) { return s.name == selection.subgroup; });
  if (plan.model || (!plan.arms.empty() && !known)) faults.add("selection.subgroup", selection.subgroup, "the name of a subgroup of this file, or with trial a covariate=level");
}

/// Keys that belong to one kind of design.
void check_kind(const Plan& plan, FaultList& faults) {
  if (plan.several_hypotheses()) {
    if (!plan.endpoints.empty() && plan.selection) faults.add("selection", "selection and endpoint", "one of them");
    if (plan.endpoints.empty()) check_selection(plan, faults);
    else check_endpoints(plan, faults);
    if (plan.tests.size() > 1) faults.add("test", fmt::format("{} tests, with several hypotheses", plan.tests.size()), "one");
    for (const char* key : {plan.reestimation ? "reestimation" : "", plan.predictive ? "predictive" : "", plan.allocation ? "allocation" : "", plan.margin != 1 ? "margin" : ""})
      if (*key != 0) faults.add(key, fmt::format("{}, with several hypotheses", key), "no such key");
  }
  const bool two = plan.patient_endpoints().size() > 1;
  if (two && plan.model) faults.add("model", "two endpoints, with the small disease model", "trial, or arms");
  if (two && !plan.trial.empty()) {
    static const std::set<std::string> first{"DFS", "PFS", "TTNT"};
    const std::vector<std::string> names = plan.patient_endpoints();
    if (!first.contains(names[0])) faults.add(plan.selection ? "selection.endpoint" : "endpoint[0].name", names[0], "one of DFS, PFS, TTNT");
    if (names[1] != "OS") faults.add("endpoint[1].name", names[1], "OS");
    if (plan.selection && !plan.pool.endpoint.empty() && plan.pool.endpoint != "OS") faults.add("pool.endpoint", plan.pool.endpoint, "OS, which is tested");
  }
  for (std::size_t i = 0; i < plan.arms.size(); ++i) {
    const Arm& arm = plan.arms[i];
    if (two != (arm.deaths && arm.after_months) || two != (arm.deaths || arm.after_months))
      faults.add(element("arm", i) + ".deaths", two ? "no deaths or no after_months" : "deaths or after_months", two ? "both: the second endpoint is death" : "no such keys: there is one endpoint");
  }
  for (std::size_t k = 0; k < plan.looks.size(); ++k) {
    const std::string& of = plan.looks[k].of;
    if (!of.empty() && (plan.endpoints.size() != 2 || (of != plan.endpoints[0].name && of != plan.endpoints[1].name))) faults.add(element("look", k) + ".of", of, "the name of one of two endpoints");
  }
  if (!plan.pool.others.empty() && !(plan.selection && plan.selection->subgroup.empty() && !plan.trial.empty())) faults.add("pool.others", "further arms", "a trial and selection among its arms, or no such key");
  if (plan.allocation && plan.allocation->burn_in >= plan.patients) faults.add("allocation.burn_in", fmt::format("{} of {} patients", plan.allocation->burn_in, plan.patients), "fewer");
  if (plan.allocation && plan.margin != 1) faults.add("allocation", fmt::format("with a margin of {:g}", plan.margin), "margin = 1: allocation compares with control as it is");
  if (plan.assurance && plan.trial.empty()) faults.add("assurance", "no trial", "a trial, which has an ensemble; elsewhere weights of [[vary]] give the assurance");
}

void check_single_arm(const Plan& plan, FaultList& faults) {
  const SingleArm& s = *plan.single_arm;
  if (!(s.null < s.wanted)) faults.add("single_arm.wanted", fmt::format("{}", s.wanted), fmt::format("more than null, {}", s.null));
  if (!plan.arms.empty() || !plan.looks.empty() || plan.model || !plan.tests.empty() || plan.several_hypotheses() || plan.solve)
    faults.add("single_arm", "arm, look, model, test, endpoint, selection or solve beside it", "single_arm alone, or with trial");
  if ((s.kind == SingleArm::Kind::bayes) == s.looks.empty()) faults.add("single_arm.looks", fmt::format("{} looks", s.looks.size()), s.looks.empty() ? "patients at each look" : "no such key: Simon's designs have two stages");
  double before = 0;
  for (const double n : s.looks) {
    if (n != std::floor(n) || n <= before || n > 1000) faults.add("single_arm.looks", fmt::format("{}", n), "whole numbers that rise, 1000 at most");
    before = n;
  }
  if (!s.prior.empty() && s.prior.size() != 2) faults.add("single_arm.prior", fmt::format("{} numbers", s.prior.size()), "two: responses and failures");
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
  if (plan.single_arm) {
    check_single_arm(plan, faults);
    check_vary(plan, faults);
    return;
  }
  if (plan.patients == 0) faults.add("patients", "no number of patients", "how many are randomised");
  if (plan.looks.empty()) return faults.add("look", "no look", "the analyses in order, at least one");
  check_source(plan, faults);
  check_looks(plan, faults);
  check_bounds(plan, faults);
  check_tests(plan, faults);
  check_kind(plan, faults);
  check_vary(plan, faults);
}

}  // namespace coley::design
