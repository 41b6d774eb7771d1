// SPDX-License-Identifier: Apache-2.0
#include "design/plan_definition.hpp"

namespace coley::design {

const std::vector<std::string>& bounds_words() {
  static const std::vector<std::string> words{"obrien_fleming", "pocock", "wang_tsiatis", "haybittle_peto",
                                              "spend_obrien_fleming", "spend_pocock", "hwang_shih_decani", "kim_demets"};
  return words;
}

const std::vector<std::string>& test_words() {
  static const std::vector<std::string> words{"log_rank", "fleming_harrington", "modestly_weighted", "max_combo", "rmst", "milestone"};
  return words;
}

// clang-format off
static Table define(Arm& a) {
  return {"arm", "An arm whose event times follow piecewise constant hazards; the first arm is control", {
    required({"name", &a.name, identifier(kName), "unique"}),
    {"label", &a.label, any(), "for people"},
    {"weight", &a.weight, at_least(1), "of allocation"},
    {"median_months", &a.median_months, above(0).in("months"), "median of a constant hazard"},
    {"hazard_per_month", &a.hazard_per_month, at_least(0).in("1/month"), "instead: one hazard a piece"},
    {"hazard_ratio", &a.hazard_ratio, at_least(0), "instead: one ratio to the first arm's hazard a piece"},
    {"from_months", &a.from_months, at_least(0).in("months"), "where the pieces begin, the first at 0; not needed for one piece"},
    {"deaths", &a.deaths, between(0, 1), "with two endpoints: share of these events that are deaths"},
    {"after_months", &a.after_months, above(0).in("months"), "with two endpoints: median survival after those that are not"},
  }};
}

static Table define(Subgroup& s) {
  return {"subgroup", "Patients who differ in how they fare, or in what treatment does to them", {
    required({"name", &s.name, identifier(kName), "unique"}),
    required({"share", &s.share, between(0, 1), "of the patients; shares sum to 1"}),
    {"hazard_factor", &s.hazard_factor, above(0), "on the hazard of every arm"},
    {"hazard_ratio", &s.hazard_ratio, above(0), "of treatment in this subgroup, in place of the arm's hazards"},
  }};
}

static Table define(Pool& p) {
  return {"pool", "Virtual patients whose courses the engine simulates once, on both arms; replicate trials are drawn from them", {
    {"patients", &p.patients, between(10, 1e7), "size of the pool"},
    {"endpoint", &p.endpoint, any(), "OS, DFS, PFS or TTNT; without it that of the trial's first analysis"},
    {"experimental", &p.experimental, any(), "arm of the trial; without it that of its first analysis"},
    {"control", &p.control, any(), "likewise"},
    {"others", &p.others, filled(), "further experimental arms, with selection"},
    {"control_weight", &p.control_weight, at_least(1), "of allocation"},
    {"experimental_weight", &p.experimental_weight, at_least(1), "of allocation"},
    {"months", &p.months, between(1, 600).in("months"), "how long courses are followed: no look sees a patient for longer"},
  }};
}

static Table define(SmallModelArm& a) {
  return {"treatment", "Treatment in the small disease model", {
    required({"label", &a.label, filled(), "for people"}),
    {"growth_factor", &a.growth_factor, between(0, 1), "on tumour growth: chemotherapy"},
    {"growth_factor_months", &a.growth_factor_months, at_least(0).in("months"), "how long that is given"},
    {"killing_factor", &a.killing_factor, at_least(1), "on killing by T cells: immunotherapy, for good"},
  }};
}

static Table define(SmallModel& m) {
  return {"model", "The small disease model of Creemers et al. 2023 (M1) in place of a trial: overall survival from diagnosis", {
    {"growth_log_mean", &m.growth_log_mean, between(-5, 10), "mean of the log growth rate between patients"},
    {"growth_log_sd", &m.growth_log_sd, between(0, 5), "its standard deviation"},
    required(table("control", m.control, "treatment of the control arm")),
    required(table("experimental", m.experimental, "treatment of the experimental arm")),
  }};
}

static Table define(Accrual& a) {
  return {"accrual", "How patients come", {
    {"months", &a.months, above(0).in("months"), "from the first patient to the last"},
    {"ramp_months", &a.ramp_months, at_least(0).in("months"), "over which the rate rises linearly to its full height"},
    choice("arrivals", a.arrivals, {"even", "poisson"}, "even: at the quantiles of accrual, as rpact has it; poisson: at random"),
  }};
}

static Table define(Look& l) {
  return {"look", "An analysis, the last being final; with events and months it waits for both", {
    {"events", &l.events, above(0), "so many events have been seen"},
    {"of", &l.of, any(), "the endpoint whose events they are; without it the first"},
    {"months", &l.months, above(0).in("months"), "after the first patient"},
    {"latest_months", &l.latest_months, above(0).in("months"), "with events: at the latest then, with however many there are"},
  }};
}

static Table define(Efficacy& e) {
  return {"efficacy", "When the trial stops for efficacy", {
    {"alpha", &e.alpha, between(1e-6, 0.5), "one-sided type-I error"},
    choice("bounds", e.bounds, bounds_words(), "shape of the bounds, or how alpha is spent (Lan and DeMets)"),
    {"parameter", &e.parameter, any(), "delta of wang_tsiatis, z of haybittle_peto, gamma of hwang_shih_decani, rho of kim_demets"},
    choice("clock", e.clock, {"planned", "observed"}, "information of a look: as planned, or the events there really are (spending only)"),
  }};
}

static Table define(Futility& f) {
  return {"futility", "When the trial stops for futility", {
    {"z", &f.z, any(), "bounds on the Z scale, one a look before the last; -10 is none"},
    {"spending", &f.spending, one_of({bounds_words().begin() + 4, bounds_words().end()}), "instead: how beta is spent"},
    {"parameter", &f.parameter, any(), "gamma of hwang_shih_decani, rho of kim_demets"},
    {"beta", &f.beta, between(1e-6, 0.9), "type-II error to be spent"},
    {"binding", &f.binding, any(), "the trial must stop, and the bounds for efficacy are lowered for that"},
  }};
}

static Table define(Reestimation& r) {
  return {"reestimation", "More events for the last look when the one before is promising; the stages are combined at weights fixed beforehand, so that the level holds", {
    {"promising", &r.promising, between(0, 1), "conditional power, at the observed effect, from which events are added"},
    {"power", &r.power, between(0.1, 0.999), "conditional power to be reached"},
    {"most", &r.most, between(1, 10), "times the planned events, at most"},
  }};
}

static Table define(Endpoint& e) {
  return {"endpoint", "One of two primary endpoints that share alpha, the second being death (OS); each spends its own level at its own events, and a level whose hypothesis is rejected goes to the other (Maurer and Bretz 2013)", {
    required({"name", &e.name, filled(), "DFS, PFS or TTNT and then OS, of a trial; any with arms"}),
    required({"alpha", &e.alpha, between(0, 0.5), "its level at the start; the two sum to efficacy.alpha"}),
    {"pass_on", &e.pass_on, between(0, 1), "share of its level that goes to the other when it is rejected"},
    required({"events", &e.events, above(0), "at which all its level is spent; its last look spends all in any case"}),
    {"looks", &e.looks, at_least(1), "numbers of the looks, from 1, that test it; without them all"},
    choice("bounds", e.bounds, bounds_words(), "how the level is spent"),
    {"parameter", &e.parameter, any(), "gamma of hwang_shih_decani, rho of kim_demets"},
  }};
}

static Table define(Selection& s) {
  return {"selection", "Arms, or a population, are chosen at the first of two looks, and patients who come later are the second stage; a closed test with Simes' test in each stage and the inverse normal combination holds the level whatever is chosen", {
    {"endpoint", &s.endpoint, any(), "by which it is chosen, when that is an earlier one and death is what is tested: phases II and III in one trial"},
    {"keep", &s.keep, at_least(1), "how many experimental arms go on, the best at the first look"},
    {"least_z", &s.least_z, any(), "no arm goes on with a statistic at or below; with a subgroup, recruitment is narrowed to it when the others are at or below; -10 is none"},
    {"subgroup", &s.subgroup, any(), "instead of arms: a subgroup of this file, or covariate=level of the trial"},
    {"first_share", &s.first_share, between(0.05, 0.95), "squared weight of the first stage; without it the share of patients planned to have come by the first look"},
  }};
}

static Table define(ResponseAllocation& a) {
  return {"allocation", "Allocation that follows outcomes: to the experimental arm in proportion to a power of the probability that its hazard is the smaller; no bound corrects for it, the type-I error is shown", {
    {"burn_in", &a.burn_in, at_least(4), "patients assigned by the weights before"},
    {"every", &a.every, at_least(1), "patients between two updates"},
    {"power", &a.power, between(0, 10), "of that probability; 0 keeps allocation even"},
    {"least", &a.least, between(0, 0.5), "share that neither arm falls below"},
  }};
}

static Table define(Predictive& p) {
  return {"predictive", "Bayesian monitoring of the log hazard ratio, in place of spending alpha: the trial stops by the predictive probability of success at the last look; its type-I error is shown, not controlled", {
    {"prior_ratio", &p.prior_ratio, above(0), "hazard ratio at the centre of the prior"},
    {"prior_events", &p.prior_events, at_least(0), "what the prior is worth, in events; 0 is flat"},
    {"success", &p.success, between(0.5, 0.999999), "posterior probability of a ratio below the margin that is success at the last look"},
    {"efficacy", &p.efficacy, between(0.5, 1), "the trial stops above this predictive probability of success"},
    {"futility", &p.futility, between(0, 0.5), "and at or below this"},
  }};
}

static Table define(SingleArm& s) {
  return {"single_arm", "One arm and a response that is seen or not, in place of arms, looks and patients; exact, or with trial at the response probabilities of its arm pool.experimental", {
    choice("kind", s.kind, {"optimal", "minimax", "bayes"}, "Simon's two stages with fewest patients expected or fewest in all, or Bayesian monitoring"),
    required({"null", &s.null, between(0.001, 0.999), "response probability that is not worth pursuing"}),
    required({"wanted", &s.wanted, between(0.001, 0.999), "one at which the trial should succeed"}),
    {"alpha", &s.alpha, between(1e-4, 0.5), "of Simon's designs"},
    {"power", &s.power, between(0.05, 0.999), "of Simon's designs"},
    {"looks", &s.looks, at_least(1), "of bayes: patients at each look, the last being all"},
    {"prior", &s.prior, above(0), "of bayes: responses and failures that the beta prior is worth; without it half of each (Jeffreys)"},
    {"success", &s.success, between(0.5, 0.999999), "of bayes: posterior probability of exceeding null that is success at the end"},
    {"efficacy", &s.efficacy, between(0.5, 1), "of bayes: the trial stops above this predictive probability of success; 1 is never"},
    {"futility", &s.futility, between(0, 0.5), "of bayes: and below this"},
  }};
}

static Table define(MemberAssurance& a) {
  return {"assurance", "The power at every member of the trial's parameter ensemble by itself: its mean is the probability of success, its spread what is not known about biology", {
    {"patients", &a.patients, between(50, 1e6), "of the pool of each member"},
    {"replicates", &a.replicates, between(10, 1e6), "trials at each member"},
  }};
}

static Table define(Test& t) {
  return {"test", "A test that decides at every look; each is followed as a design of its own on the same trials", {
    {"name", &t.name, any(), "for people; without it that of the kind"},
    required(choice("kind", t.kind, test_words(), "which test")),
    {"rho", &t.rho, at_least(0), "of fleming_harrington; with max_combo, of a fourth weight beside (0,0), (0,1) and (1,0), as (1,1)"},
    {"gamma", &t.gamma, at_least(0), "likewise"},
    {"months", &t.months, at_least(0).in("months"), "t* of modestly_weighted, restriction time of rmst, time of milestone"},
    {"stratified", &t.stratified, any(), "by the subgroups, or by the strata of the trial; log_rank, fleming_harrington and modestly_weighted"},
  }};
}

static Table define(Vary& v) {
  return {"vary", "One axis of the grid of scenarios", {
    required({"key", &v.key, filled(), "of this file, or trial.<path>, parameters.<symbol>, drugs.<...> of its trial"}),
    {"values", &v.values, any(), "numbers that it takes in turn"},
    {"words", &v.words, filled(), "instead: texts that it takes in turn"},
    {"weights", &v.weights, at_least(0), "how probable each is; gives the assurance, the power averaged with them"},
  }};
}

static Table define(Solve& s) {
  return {"solve", "What to find so that the power is as wanted", {
    choice("unknown", s.unknown, {"size", "events", "looks"}, "size: patients, and with them the events of the looks; events: of the looks alone, the shortest trial; looks: when to look before the end"),
    {"power", &s.power, between(0.05, 0.999), "wanted"},
    {"test", &s.test, any(), "name of a test; without it the first"},
  }};
}

Table define(Plan& p) {
  return {"design", "A design", {
    required({"schema_version", &p.schema_version, any(), "version of this definition"}),
    required({"name", &p.name, identifier(kSlug), "of the design"}),
    required({"title", &p.title, filled(), "for people"}),
    {"trial", &p.trial, any(), "a trial that ships or the path of a protocol: event times come from the engine"},
    table("model", p.model, "instead of a trial: the small disease model of Creemers et al. 2023"),
    table("pool", p.pool, "the patients simulated for either"),
    list("arm", p.arms, "name", "instead of both: two arms with hazards, or more with selection"),
    list("subgroup", p.subgroups, "name", "kinds of patients, with arms"),
    {"patients", &p.patients, between(10, 1e6), "randomised; required but for single_arm"},
    table("accrual", p.accrual, "how patients come"),
    {"dropout_per_year", &p.dropout_per_year, at_least(0).in("1/year"), "rate of loss to follow-up"},
    {"margin", &p.margin, above(0), "hazard ratio under the null hypothesis; above 1 for non-inferiority (log_rank)"},
    list("look", p.looks, "", "the analyses in order; required but for single_arm"),
    table("efficacy", p.efficacy, "when the trial stops for efficacy"),
    table("futility", p.futility, "when it stops for futility"),
    table("reestimation", p.reestimation, "more events when the look before the last is promising"),
    list("endpoint", p.endpoints, "name", "two primary endpoints that share alpha"),
    table("selection", p.selection, "choice of arms or of a population at the first look"),
    table("allocation", p.allocation, "allocation that follows outcomes"),
    table("predictive", p.predictive, "Bayesian monitoring in place of bounds"),
    table("single_arm", p.single_arm, "one arm and its response, in place of a comparison"),
    table("assurance", p.assurance, "power by member of the parameter ensemble"),
    list("test", p.tests, "name", "without any, the log-rank test"),
    list("vary", p.vary, "key", "axes of the grid"),
    table("solve", p.solve, "what to find"),
    {"replicates", &p.replicates, between(1, 1e8), "trials simulated for each scenario"},
    {"seed", &p.seed, at_least(0), "of every random number"},
  }};
}
// clang-format on

}  // namespace coley::design
