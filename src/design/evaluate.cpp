// SPDX-License-Identifier: Apache-2.0
#include "design/evaluate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/units.hpp"
#include "design/hazard_source.hpp"
#include "design/look_tests.hpp"
#include "design/pool_error.hpp"
#include "design/small_model.hpp"
#include "statistics/kaplan_meier.hpp"

namespace coley::design {

Sources::Entry Sources::get(const Plan& plan) {
  if (!plan.arms.empty()) return {nullptr, std::make_shared<HazardSource>(plan)};
  std::optional<TrialInputs> inputs;
  std::optional<Ensemble> ensemble;
  if (!plan.trial.empty()) {
    std::vector<std::string> sets = plan.sets;
    ensemble = take_ensemble(sets);
    inputs = read_trial(plan.trial, sets);
  }
  std::shared_ptr<const SimulatedPool>& pool = pools_[pool_key(plan, inputs ? &*inputs : nullptr, ensemble)];
  if (!pool) {
    PoolOptions pool_options{.seed = static_cast<std::uint64_t>(plan.seed), .threads = options_.threads, .kept = options_.kept};
    const double all = static_cast<double>(plan.pool.patients);
    if (options_.progress)
      pool_options.progress = [&](std::size_t done) { options_.progress("virtual patients", static_cast<double>(done) / all); };
    pool = std::make_shared<SimulatedPool>(plan.model ? simulate_small_model(plan, pool_options) : simulate_pool(plan, std::move(*inputs), pool_options, ensemble));
  }
  return {pool, std::make_shared<PoolSource>(plan, *pool)};
}

namespace {

/// Every arm's survival by month, by Kaplan-Meier: nobody of a pool is censored before its end.
TrueCurves curves_of(const Plan& plan, const SimulatedPool* pool) {
  TrueCurves curves;
  if (!pool) {
    const auto trial = two_arms(plan);
    const double last = plan.looks.back().months.value_or(60.0);
    for (int month = 0; trial && month <= static_cast<int>(std::max(60.0, last)); ++month) {
      const auto survival = [&](const statistics::ArmHazards& arm) { return 1 - statistics::event_probability({arm.event, 0}, month); };
      curves.control.push_back(survival(trial->control));
      curves.experimental.push_back(survival(trial->treated));
    }
    return curves;
  }
  const auto months = static_cast<std::size_t>(plan.pool.months);
  const auto curve = [&](auto fate_of) {
    std::vector<double> deaths(months + 1);
    for (const PoolPatient& patient : pool->patients) {
      const Fate& fate = fate_of(patient);
      const auto month = static_cast<std::size_t>(std::ceil(fate.day / kDaysPerMonth));
      if (fate.event != 0 && month <= months) ++deaths[month];
    }
    double left = static_cast<double>(pool->patients.size());
    for (double& at : deaths) {
      left -= at;
      at = left / static_cast<double>(pool->patients.size());
    }
    return deaths;
  };
  curves.control = curve([](const PoolPatient& p) -> const Fate& { return p.control; });
  curves.experimental = curve([](const PoolPatient& p) -> const Fate& { return p.treated; });
  return curves;
}

/// Monthly hazards of the true curves, for the formulas.
std::optional<statistics::TwoArmAccrual> arms_of_pool(const Plan& plan, const TrueCurves& curves) {
  const auto hazard = [](const std::vector<double>& survival) {
    statistics::PiecewiseHazard result{{}, {}};
    for (std::size_t month = 0; month + 1 < survival.size(); ++month) {
      result.starts.push_back(static_cast<double>(month));
      result.rates.push_back(survival[month + 1] > 0 ? std::log(survival[month] / survival[month + 1]) : 10.0);
    }
    return result;
  };
  const double lost = dropout_per_month(plan);
  return statistics::TwoArmAccrual{{hazard(curves.experimental), lost}, {hazard(curves.control), lost},
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

std::vector<Assurance> assurance_of(const DesignResult& result) {
  std::vector<Assurance> all;
  const auto& axes = result.plan.vary;
  if (std::none_of(axes.begin(), axes.end(), [](const Vary& axis) { return !axis.weights.empty(); })) return all;
  double total = 0;
  for (const ScenarioResult& scenario : result.scenarios) total += scenario.weight;
  for (std::size_t t = 0; t < result.plan.tests.size(); ++t) {
    Assurance assurance{name_of(result.plan.tests[t]), {}};
    double variance = 0;
    for (const ScenarioResult& scenario : result.scenarios) {
      const Measured& power = scenario.tests[t].effect.power;
      assurance.power.value += scenario.weight / total * power.value;
      variance += std::pow(scenario.weight / total * power.error, 2);
    }
    assurance.power.error = std::sqrt(variance);
    all.push_back(assurance);
  }
  return all;
}

}  // namespace

ScenarioResult evaluate_plan(const Plan& plan, Sources& sources, const EvaluateOptions& options) {
  const Sources::Entry entry = sources.get(plan);
  ScenarioResult result{.plan = plan};
  const auto true_ratio = entry.pool ? std::nullopt : proportional_log_ratio(plan);
  ReplicateOptions run{.seed = static_cast<std::uint64_t>(plan.seed), .replicates = static_cast<std::size_t>(plan.replicates), .threads = options.threads};
  const auto progress = [&](const char* what) {
    if (options.progress) run.progress = [&options, &run, what](std::size_t done) { options.progress(what, static_cast<double>(done) / static_cast<double>(run.replicates)); };
  };
  run.every_look = !true_ratio;
  progress("trials under the effect");
  const TrialTable effect = run_replicates(plan, *entry.source, run);
  run.every_look = false;
  run.truth = Truth::null;
  progress("trials under the null hypothesis");
  const TrialTable null = run_replicates(plan, *entry.source, run);

  result.looks = look_means(effect);
  result.short_of_events = effect.short_of_events;
  result.curves = curves_of(plan, entry.pool.get());
  const statistics::SequentialDesign design = planned_design(plan, plan.efficacy.alpha);
  const auto arms = entry.pool ? arms_of_pool(plan, result.curves) : two_arms(plan);
  if (arms && !plan.reestimation) result.analytic = analytic_answer(plan, *arms, design);
  std::vector<std::vector<double>> shift;
  if (entry.pool) {
    result.pool_patients = entry.pool->patients.size();
    shift = pool_shift(plan, *entry.pool, run.seed, options.threads);
  }
  for (std::size_t t = 0; t < plan.tests.size(); ++t) {
    const std::string name = name_of(plan.tests[t]);
    TestResult test{.effect = characterise(effect, t, name, true_ratio), .null = characterise(null, t, name, std::log(plan.margin)),
                    .type_one_error = rejection_overruled(null, t)};
    if (entry.pool) test.pool_error = power_error(plan, effect, t, shift[t]);
    if (result.analytic) test.formula = result.analytic->tests[t];
    result.tests.push_back(std::move(test));
  }
  return result;
}

DesignResult evaluate_design(const NamedText& file, const std::vector<std::string>& sets, Sources& sources, const EvaluateOptions& options) {
  DesignResult result{.plan = read_plan(file, sets)};
  result.bounds = planned_design(result.plan, result.plan.efficacy.alpha);
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
  const Sources::Entry first = sources.get(result.scenarios[0].plan);
  result.control_label = first.pool ? first.pool->control_label : result.plan.arms[0].label;
  result.experimental_label = first.pool ? first.pool->experimental_label : result.plan.arms[1].label;
  result.endpoint = first.pool ? first.pool->endpoint : "the event";
  result.assurance = assurance_of(result);
  return result;
}

}  // namespace coley::design
