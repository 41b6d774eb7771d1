// SPDX-License-Identifier: Apache-2.0
#include "design/evaluate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/units.hpp"
#include "design/allocation.hpp"
#include "design/assurance.hpp"
#include "design/hazard_source.hpp"
#include "design/look_tests.hpp"
#include "design/pool_error.hpp"
#include "design/single_arm.hpp"
#include "design/small_model.hpp"
#include "statistics/kaplan_meier.hpp"

namespace coley::design {

std::size_t Sources::members(const Plan& plan) {
  std::vector<std::string> sets = plan.sets;
  const std::optional<Ensemble> ensemble = plan.trial.empty() ? std::nullopt : take_ensemble(sets);
  return ensemble ? ensemble->members.size() : 0;
}

Sources::Entry Sources::get(const Plan& plan, std::optional<std::size_t> member) {
  const auto assigned = [&](std::shared_ptr<const Source> source) -> std::shared_ptr<const Source> {
    if (!plan.allocation) return source;
    return std::make_shared<FollowingSource>(plan, std::move(source));
  };
  if (!plan.arms.empty()) return {nullptr, assigned(std::make_shared<HazardSource>(plan))};
  std::optional<TrialInputs> inputs;
  std::optional<Ensemble> ensemble;
  if (!plan.trial.empty()) {
    std::vector<std::string> sets = plan.sets;
    ensemble = take_ensemble(sets);
    if (member) ensemble->members = {ensemble->members[*member]};
    inputs = read_trial(plan.trial, sets);
  }
  std::shared_ptr<const SimulatedPool>& pool = pools_[pool_key(plan, inputs ? &*inputs : nullptr, ensemble)];
  if (!pool) {
    PoolOptions pool_options{.seed = static_cast<std::uint64_t>(plan.seed), .threads = options_.threads, .kept = options_.kept};
    const double all = static_cast<double>(plan.pool.patients);
    const std::string what = member ? fmt::format("virtual patients of member {}", *member + 1) : "virtual patients";
    if (options_.progress)
      pool_options.progress = [&](std::size_t done) { options_.progress(what, static_cast<double>(done) / all); };
    pool = std::make_shared<SimulatedPool>(plan.model ? simulate_small_model(plan, pool_options) : simulate_pool(plan, std::move(*inputs), pool_options, ensemble));
  }
  if (plan.single_arm) return {pool, nullptr};
  return {pool, assigned(std::make_shared<PoolSource>(plan, *pool))};
}

namespace {

std::vector<TrueCurve> curves_of_arms(const Plan& plan) {
  std::vector<TrueCurve> curves;
  const double last = std::max(60.0, plan.looks.back().months.value_or(60.0));
  const std::size_t groups = std::max<std::size_t>(1, plan.subgroups.size());
  const std::vector<std::string> endpoints = plan.patient_endpoints();  // of two, that whose hazards are given
  for (std::size_t arm = 0; arm < plan.arms.size(); ++arm) {
    TrueCurve curve{(endpoints.size() > 1 ? endpoints[0] + ", " : "") + plan.arms[arm].label, std::vector<double>(static_cast<std::size_t>(last) + 1)};
    for (std::size_t g = 0; g < groups; ++g) {
      const Subgroup* group = plan.subgroups.empty() ? nullptr : &plan.subgroups[g];
      const statistics::PiecewiseHazard hazard = hazard_of(plan, arm, group, Truth::effect);
      for (std::size_t month = 0; month < curve.survival.size(); ++month)
        curve.survival[month] += (group ? group->share : 1) * (1 - statistics::event_probability({hazard, 0}, static_cast<double>(month)));
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

/// Kaplan-Meier: nobody of a pool is censored before its end.
std::vector<TrueCurve> curves_of_pool(const Plan& plan, const SimulatedPool& pool) {
  std::vector<TrueCurve> curves;
  const auto months = static_cast<std::size_t>(plan.pool.months);
  for (std::size_t e = 0; e < pool.endpoints; ++e) {
    for (std::size_t arm = 0; arm < pool.arms; ++arm) {
      TrueCurve curve{(pool.endpoints > 1 ? pool.endpoint_names[e] + ", " : "") + pool.arm_labels[arm], std::vector<double>(months + 1)};
      for (std::size_t i = 0; i < pool.size(); ++i) {
        const Fate& fate = pool.fate(i, e, arm);
        const auto month = static_cast<std::size_t>(std::ceil(fate.day / kDaysPerMonth));
        if (fate.event != 0 && month <= months) ++curve.survival[month];
      }
      double left = static_cast<double>(pool.size());
      for (double& at : curve.survival) {
        left -= at;
        at = left / static_cast<double>(pool.size());
      }
      curves.push_back(std::move(curve));
    }
  }
  return curves;
}

/// Monthly hazards of the true curves, for the formulas.
std::optional<statistics::TwoArmAccrual> arms_of_pool(const Plan& plan, const std::vector<TrueCurve>& curves) {
  const auto hazard = [](const std::vector<double>& survival) {
    statistics::PiecewiseHazard result{{}, {}};
    for (std::size_t month = 0; month + 1 < survival.size(); ++month) {
      result.starts.push_back(static_cast<double>(month));
      result.rates.push_back(survival[month + 1] > 0 ? std::log(survival[month] / survival[month + 1]) : 10.0);
    }
    return result;
  };
  const double lost = dropout_per_month(plan);
  return statistics::TwoArmAccrual{{hazard(curves[1].survival), lost}, {hazard(curves[0].survival), lost},
                                   static_cast<double>(plan.pool.experimental_weight) / plan.pool.control_weight,
                                   accrual_of(plan)};
}

std::vector<std::pair<std::string, std::string>> setting_at(const std::vector<Vary>& axes, std::size_t scenario, double& weight) {
  std::vector<std::pair<std::string, std::string>> setting;
  for (std::size_t a = axes.size(); a-- > 0;) {  // the last axis runs fastest
    const Vary& axis = axes[a];
    const std::size_t i = scenario % axis.size();
    scenario /= axis.size();
    setting.insert(setting.begin(), {axis.key, axis.words.empty() ? fmt::format("{}", axis.values[i]) : axis.words[i]});
    if (!axis.weights.empty()) weight *= axis.weights[i];
  }
  return setting;
}

}  // namespace

namespace {

/// Replicates of a plan, told as they are done.
class Told {
 public:
  Told(const Plan& plan, const EvaluateOptions& options) : plan_(plan), options_(options) {}
  ReplicateOptions run(const std::string& what) const {
    ReplicateOptions run{.seed = static_cast<std::uint64_t>(plan_.seed), .replicates = static_cast<std::size_t>(plan_.replicates), .threads = options_.threads};
    if (options_.progress)
      run.progress = [this, what](std::size_t done) { options_.progress(what, static_cast<double>(done) / static_cast<double>(plan_.replicates)); };
    return run;
  }

 private:
  const Plan& plan_;
  const EvaluateOptions& options_;
};

void add_tests(const Plan& plan, const Sources::Entry& entry, const EvaluateOptions& options, ScenarioResult& result) {
  const Told told(plan, options);
  const auto true_ratio = entry.pool || plan.arms.size() > 2 ? std::nullopt : proportional_log_ratio(plan);
  ReplicateOptions run = told.run("trials under the effect");
  run.every_look = !true_ratio;
  const TrialTable effect = run_replicates(plan, *entry.source, run);
  run = told.run("trials under the null hypothesis");
  run.truth = Truth::null;
  const TrialTable null = run_replicates(plan, *entry.source, run);

  result.looks = look_means(effect);
  result.short_of_events = effect.short_of_events;
  const statistics::SequentialDesign design = planned_design(plan, plan.efficacy.alpha);
  const auto arms = entry.pool ? arms_of_pool(plan, result.curves) : two_arms(plan);
  if (arms && !plan.reestimation && !plan.allocation) result.analytic = analytic_answer(plan, *arms, design);
  std::vector<std::vector<double>> shift;
  if (entry.pool && !plan.allocation) shift = pool_shift(plan, *entry.pool, run.seed, options.threads);
  for (std::size_t t = 0; t < plan.tests.size(); ++t) {
    const std::string name = name_of(plan.tests[t]);
    TestResult test{.effect = characterise(effect, t, name, true_ratio), .null = characterise(null, t, name, std::log(plan.margin)),
                    .type_one_error = rejection_overruled(null, t)};
    if (!shift.empty()) test.pool_error = power_error(plan, effect, t, shift[t]);
    if (result.analytic) test.formula = result.analytic->tests[t];
    result.tests.push_back(std::move(test));
  }
}

/// The log hazard ratio of an experimental arm on the first endpoint, where it is known.
std::optional<double> true_ratio_of(const Plan& plan, std::size_t hypothesis) {
  if (plan.arms.empty() || !plan.subgroups.empty() || (plan.patient_endpoints().size() > 1 && (hypothesis > 0 || plan.selection))) return std::nullopt;
  Plan two = plan;
  two.arms = {plan.arms[0], plan.arms[plan.selection ? 1 + hypothesis : 1]};
  return proportional_log_ratio(two);
}

void add_hypotheses(const Plan& plan, const Sources::Entry& entry, const std::vector<std::string>& arm_labels, const EvaluateOptions& options, ScenarioResult& result) {
  const Told told(plan, options);
  const std::vector<std::string> names = hypothesis_names(plan, arm_labels);
  ReplicateOptions run = told.run("trials under the effect");
  run.every_look = true;
  const std::vector<TrialTable> effect = run_hypotheses(plan, *entry.source, {}, run);
  result.looks = look_means(effect[0]);
  result.short_of_events = effect[0].short_of_events;
  result.multiplicity.emplace().all = rejects_all(effect);
  if (!plan.endpoints.empty()) result.multiplicity->bounds = endpoint_bounds(plan, effect);
  std::string any = names[0];
  for (std::size_t h = 1; h < names.size(); ++h) any += " or " + names[h];
  for (std::size_t t = 0; t < effect.size(); ++t)
    result.tests.push_back({.effect = characterise(effect[t], 0, t == 0 ? any : names[t - 1], t == 0 ? std::nullopt : true_ratio_of(plan, t - 1))});
  for (const NullConfiguration& configuration : null_configurations(plan, names)) {
    const std::vector<TrialTable> null = run_hypotheses(plan, *entry.source, configuration.none, told.run("trials without effect on " + configuration.name));
    const FamilywiseError error{configuration.name, rejects_any(null, configuration.holds)};
    const bool all = result.multiplicity->familywise.empty();
    for (std::size_t t = 0; t < effect.size() && all; ++t) {  // of each in trials in which nothing works, unless it is told below
      result.tests[t].null = characterise(null[t], 0, result.tests[t].effect.name, 0.0);
      result.tests[t].type_one_error = result.tests[t].null.power;
    }
    if (std::count(configuration.holds.begin(), configuration.holds.end(), true) == 1) {
      const auto one = std::find(configuration.holds.begin(), configuration.holds.end(), true) - configuration.holds.begin();
      result.tests[static_cast<std::size_t>(one) + 1].type_one_error = error.error;
    }
    result.multiplicity->familywise.push_back(error);
  }
}

}  // namespace

ScenarioResult evaluate_plan(const Plan& plan, Sources& sources, const EvaluateOptions& options) {
  ScenarioResult result{.plan = plan};
  if (plan.single_arm) {
    add_single_arm(plan, sources, result);
  } else {
    const Sources::Entry entry = sources.get(plan);
    if (entry.pool) result.pool_patients = entry.pool->size();
    result.curves = entry.pool ? curves_of_pool(plan, *entry.pool) : curves_of_arms(plan);
    if (plan.several_hypotheses()) add_hypotheses(plan, entry, labels_of(plan, entry.pool.get()), options, result);
    else add_tests(plan, entry, options, result);
  }
  if (plan.assurance) result.members = member_powers(plan, sources, options);
  return result;
}

std::vector<std::string> labels_of(const Plan& plan, const SimulatedPool* pool) {
  if (pool) return pool->arm_labels;
  std::vector<std::string> labels;
  for (const Arm& arm : plan.arms) labels.push_back(arm.label);
  return labels;
}

DesignResult evaluate_design(const NamedText& file, const std::vector<std::string>& sets, Sources& sources, const EvaluateOptions& options) {
  DesignResult result{.plan = read_plan(file, sets)};
  if (!result.plan.single_arm) result.bounds = planned_design(result.plan, result.plan.efficacy.alpha);
  std::size_t count = 1;
  for (const Vary& axis : result.plan.vary) count *= axis.size();
  std::vector<ScenarioResult> planned;
  for (std::size_t i = 0; i < count; ++i) {  // all are read before any is simulated: a fault is told at once
    ScenarioResult scenario;
    scenario.setting = setting_at(result.plan.vary, i, scenario.weight);
    std::vector<std::string> all = sets;
    for (const auto& [key, value] : scenario.setting) all.push_back(key + "=" + value);
    scenario.plan = read_plan(file, all);
    planned.push_back(std::move(scenario));
  }
  for (ScenarioResult& scenario : planned) {
    ScenarioResult evaluated = evaluate_plan(scenario.plan, sources, options);
    evaluated.setting = std::move(scenario.setting);
    evaluated.weight = scenario.weight;
    result.scenarios.push_back(std::move(evaluated));
  }
  const Plan& first = result.scenarios[0].plan;
  if (!first.single_arm || !first.trial.empty()) {
    const Sources::Entry entry = sources.get(first);
    result.arm_labels = labels_of(first, entry.pool.get());
    result.endpoint = entry.pool ? fmt::format("{}", fmt::join(entry.pool->endpoint_names, " and ")) : "the event";
    if (!entry.pool && first.patient_endpoints().size() > 1) result.endpoint = fmt::format("{}", fmt::join(first.patient_endpoints(), " and "));
  }
  result.assurance = assurance_over_grid(result);
  return result;
}

}  // namespace coley::design
