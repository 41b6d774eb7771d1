// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "design/describe.hpp"
#include "design/look_tests.hpp"
#include "statistics/reference_distribution.hpp"

namespace coley::design {

std::string look_in_words(const Look& look) {
  std::string text = look.events ? fmt::format("{:.0f} events", *look.events) : "";
  if (look.months) text += fmt::format("{}{:g} months after the first patient", look.events ? " but not before " : "", *look.months);
  if (look.latest_months) text += fmt::format(", at the latest after {:g} months", *look.latest_months);
  return text;
}

bool has_planned_bounds(const Plan& plan) {
  return !plan.several_hypotheses() && (plan.looks.size() == 1 || std::all_of(plan.looks.begin(), plan.looks.end(), [](const Look& look) { return look.events.has_value(); }));
}

namespace {

std::string bounds_in_words(const Efficacy& efficacy) {
  switch (efficacy.bounds) {
    case Bounds::obrien_fleming: return "bounds of O'Brien and Fleming";
    case Bounds::pocock: return "bounds of Pocock";
    case Bounds::wang_tsiatis: return fmt::format("bounds of Wang and Tsiatis with delta {:g}", efficacy.parameter);
    case Bounds::haybittle_peto: return fmt::format("bounds of Haybittle and Peto at z = {:g}", efficacy.parameter);
    case Bounds::spend_obrien_fleming: return "the O'Brien-Fleming spending function of Lan and DeMets";
    case Bounds::spend_pocock: return "the Pocock spending function of Lan and DeMets";
    case Bounds::hwang_shih_decani: return fmt::format("the spending function of Hwang, Shih and DeCani with gamma {:g}", efficacy.parameter);
    case Bounds::kim_demets: return fmt::format("the spending function of Kim and DeMets with rho {:g}", efficacy.parameter);
  }
  return "";
}

/// "a, b and c".
std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return text;
}

std::string looks_in_words(const Plan& plan) {
  std::vector<std::string> looks;
  for (const Look& look : plan.looks) looks.push_back(look_in_words(look) + (look.of.empty() ? "" : " of " + look.of));
  return listed(looks);
}

/// Who is randomised, and how.
std::string conduct_in_words(const DesignResult& result) {
  const Plan& plan = result.plan;
  const std::vector<int> weights = plan.weights();
  std::vector<std::string> ratio, arms;
  for (std::size_t arm = 1; arm <= weights.size(); ++arm) {  // control last, as people say it
    const std::size_t a = arm % weights.size();
    ratio.push_back(fmt::format("{}", weights[a]));
    arms.push_back(result.arm_labels[a]);
  }
  const std::string control = arms.back();
  arms.pop_back();
  std::string text = fmt::format("{} patients are randomised {} to {} or {} over {:g} months", plan.patients, fmt::join(ratio, ":"), fmt::join(arms, ", "), control, plan.accrual.months);
  if (plan.dropout_per_year > 0) text += fmt::format("; {:.1f} % a year are assumed to be lost to follow-up", 100 * (1 - std::exp(-plan.dropout_per_year)));
  text += ". ";
  if (plan.allocation)
    text += fmt::format("After {} patients the share of the experimental arm follows the outcomes seen, in proportion to the probability that its hazard is the smaller to the power {:g}, anew every {} patients and within {:g} and {:g}. ",
                        plan.allocation->burn_in, plan.allocation->power, plan.allocation->every, plan.allocation->least, 1 - plan.allocation->least);
  return text;
}

std::string endpoints_in_words(const Plan& plan) {
  const auto& e = plan.endpoints;
  std::string text = fmt::format("{} and {} are the primary endpoints, compared by the {} test at one-sided levels of {:g} and {:g}", e[0].name, e[1].name, name_of(plan.tests[0]), e[0].alpha, e[1].alpha);
  for (std::size_t i = 0; i < 2; ++i)
    text += fmt::format("; when {} is rejected {} of its level goes to {}", e[i].name, e[i].pass_on == 1 ? "all" : e[i].pass_on == 0 ? "none" : fmt::format("a share of {:g}", e[i].pass_on), e[1 - i].name);
  text += fmt::format(" (graphical approach of Maurer and Bretz, by which the familywise error is {:g}). Analyses are at {}. ", plan.efficacy.alpha, looks_in_words(plan));
  for (const Endpoint& endpoint : e) {
    Efficacy spending{.bounds = endpoint.bounds, .parameter = endpoint.parameter};
    std::vector<std::string> numbers;
    for (const double look : endpoint.looks) numbers.push_back(fmt::format("{:g}", look));
    text += fmt::format("{} is tested at {}, by {}, at the events there are over {:g}. ", endpoint.name, numbers.empty() ? "every analysis" : "analysis " + listed(numbers), bounds_in_words(spending), endpoint.events);
  }
  return text;
}

std::string selection_in_words(const DesignResult& result) {
  const Plan& plan = result.plan;
  const Selection& s = *plan.selection;
  const std::vector<std::string> endpoints = plan.patient_endpoints();
  const std::string one = result.endpoint == "the event" ? "the primary endpoint" : result.endpoint;
  const std::string tested = endpoints.size() == 1 ? one : plan.arms.empty() ? endpoints[1] : "overall survival";
  std::string text = fmt::format("At {}, ", look_in_words(plan.looks[0]));
  if (s.subgroup.empty()) {
    text += fmt::format("the {} with the best {} test of {} {} on with control", s.keep == 1 ? "experimental arm" : fmt::format("{} experimental arms", s.keep), name_of(plan.tests[0]),
                        endpoints.size() > 1 ? endpoints[0] : tested, s.keep == 1 ? "goes" : "go");
    if (s.least_z > -10) text += fmt::format(", but none whose z is {:g} or less; with none left the trial stops", s.least_z);
  } else {
    text += fmt::format("recruitment is narrowed to {} when the z of all others is {:g} or less, and stops when its own is, too", s.subgroup, s.least_z);
  }
  const double share = first_share(plan);
  return text + fmt::format(". Patients who come later are the second stage. There is one test of {}, {}, at a one-sided familywise level of {:g}: in each stage the {} test, Simes' test of every intersection, the stages combined by the inverse normal method with weights {:.3f} and {:.3f}, and closed testing. ",
                            tested, look_in_words(plan.looks[1]), plan.efficacy.alpha, name_of(plan.tests[0]), std::sqrt(share), std::sqrt(1 - share));
}

std::string predictive_in_words(const Plan& plan) {
  const Predictive& p = *plan.predictive;
  std::string text = fmt::format("Success is a posterior probability above {:g} that the hazard ratio is below {:g}, from a {} ", p.success, plan.margin, name_of(plan.tests[0]));
  text += p.prior_events > 0 ? fmt::format("estimate and a prior worth {:g} events at a ratio of {:g}. ", p.prior_events, p.prior_ratio) : "estimate and a flat prior. ";
  if (plan.looks.size() > 1)
    text += fmt::format("At the analyses before the last the trial stops for efficacy at a predictive probability of success above {:g}, for futility at {:g} or less. ", p.efficacy, p.futility);
  return text + "The type-I error is not held by the design but shown. ";
}

std::string single_arm_in_words(const DesignResult& result) {
  const SingleArm& s = *result.plan.single_arm;
  const auto& looks = result.scenarios[0].single_arm->design.looks;
  std::string text = result.arm_labels.empty() ? "" : fmt::format("{}: ", result.arm_labels[0]);
  if (s.kind == SingleArm::Kind::bayes)
    return text + fmt::format("Up to {} patients are treated on one arm, with looks at {}. Success is a posterior probability above {:g} that more than {:g} % respond, from a beta prior of {:g} responses and {:g} failures; the trial stops for futility when the predictive probability of success is below {:g}{}.\n",
                              looks.back().patients, [&] { std::vector<std::string> n; for (const auto& look : looks) n.push_back(fmt::format("{}", look.patients)); return listed(n); }(),
                              s.success, 100 * s.null, s.prior[0], s.prior[1], s.futility, s.efficacy < 1 ? fmt::format(", for success when it is above {:g}", s.efficacy) : "");
  return text + fmt::format("{} patients are treated on one arm. With {} or fewer responses the trial stops. Otherwise {} are treated in all, and the treatment is promising with more than {} responses (Simon's {} design for {:g} against {:g}, one-sided level {:g}, power {:g}).\n",
                            looks[0].patients, looks[0].futile_at_most, looks[1].patients, looks[1].futile_at_most, s.kind == SingleArm::Kind::optimal ? "optimal" : "minimax", s.null, s.wanted, s.alpha, s.power);
}

}  // namespace

std::string in_words(const DesignResult& result) {
  const Plan& plan = result.plan;
  if (plan.single_arm) return single_arm_in_words(result);
  std::string text = conduct_in_words(result);
  if (!plan.endpoints.empty()) return text + endpoints_in_words(plan) + "\n";
  if (plan.selection) return text + selection_in_words(result) + "\n";
  text += fmt::format("{} is compared by the {} test", result.endpoint == "the event" ? "The primary endpoint" : result.endpoint, name_of(plan.tests[0]));
  if (plan.margin != 1) text += fmt::format(" of the null hypothesis that the hazard ratio is {:g} or more", plan.margin);
  if (!plan.predictive) text += fmt::format(" at a one-sided level of {:g}", plan.efficacy.alpha);
  if (plan.looks.size() == 1) text += fmt::format(", once, at {}. ", look_in_words(plan.looks[0]));
  else text += fmt::format(". There are {} analyses, at {}. ", plan.looks.size(), looks_in_words(plan));
  if (plan.predictive) return text + predictive_in_words(plan) + "\n";
  if (plan.looks.size() == 1) return text + "\n";
  text += fmt::format("The level is held by {}: ", bounds_in_words(plan.efficacy));
  const bool observed = plan.efficacy.clock == Clock::observed;
  if (observed) text += "at each analysis as much is spent as the events there are allow, and all of it at the last. ";
  if (has_planned_bounds(plan)) {
    text += observed ? "With events as planned the trial stops for efficacy when p is below " : "the trial stops for efficacy when the one-sided p is below ";
    std::vector<std::string> p;
    for (const double z : result.bounds.efficacy_z) p.push_back(fmt::format("{:.3g}", statistics::normal_upper(z)));
    text += listed(p) + ". ";
  }
  if (plan.reestimation)
    text += fmt::format("When the conditional power at the analysis before the last, at the hazard ratio observed, is from {:g} to {:g}, the last waits for as many events as bring it to {:g}, "
                        "at most {:g} times those planned; the stages are combined at the weights planned (inverse normal method). ",
                        plan.reestimation->promising, plan.reestimation->power, plan.reestimation->power, plan.reestimation->most);
  if (plan.futility) text += fmt::format("It stops for futility, {}, when z is at or below its bounds. ", plan.futility->binding ? "which binds" : "which does not bind");
  return text + "\n";
}

}  // namespace coley::design
