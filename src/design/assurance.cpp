// SPDX-License-Identifier: Apache-2.0
#include "design/assurance.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "design/pool_error.hpp"
#include "design/single_arm.hpp"

namespace coley::design {

std::vector<Assurance> assurance_over_grid(const DesignResult& result) {
  std::vector<Assurance> all;
  const auto& axes = result.plan.vary;
  if (std::none_of(axes.begin(), axes.end(), [](const Vary& axis) { return !axis.weights.empty(); })) return all;
  double total = 0;
  for (const ScenarioResult& scenario : result.scenarios) total += scenario.weight;
  for (std::size_t t = 0; t < result.scenarios[0].tests.size(); ++t) {
    Assurance assurance{result.scenarios[0].tests[t].effect.name, {}};
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

namespace {

/// The power of each test or hypothesis on one source.
std::vector<std::pair<std::string, Measured>> powers_of(const Plan& plan, const Sources::Entry& entry, int threads) {
  std::vector<std::pair<std::string, Measured>> powers;
  const ReplicateOptions run{.seed = static_cast<std::uint64_t>(plan.seed), .replicates = static_cast<std::size_t>(plan.replicates), .threads = threads,
                             .every_look = true};
  if (plan.several_hypotheses()) {
    const std::vector<std::string> names = hypothesis_names(plan, entry.pool->arm_labels);
    const std::vector<TrialTable> tables = run_hypotheses(plan, *entry.source, {}, run);
    for (std::size_t h = 0; h < names.size(); ++h) {
      std::vector<bool> marked(names.size());
      marked[h] = true;
      powers.emplace_back(names[h], rejects_any(tables, marked));
    }
    return powers;
  }
  const TrialTable table = run_replicates(plan, *entry.source, run);
  const auto shift = plan.allocation ? std::vector<std::vector<double>>() : pool_shift(plan, *entry.pool, run.seed, threads);
  for (std::size_t t = 0; t < plan.tests.size(); ++t) {
    Measured power = characterise(table, t, plan.tests[t].name, std::nullopt).power;
    if (!shift.empty()) power.error = std::hypot(power.error, power_error(plan, table, t, shift[t]));
    powers.emplace_back(plan.tests[t].name, power);
  }
  return powers;
}

}  // namespace

std::vector<MemberPowers> member_powers(const Plan& plan, Sources& sources, const EvaluateOptions& options) {
  const std::size_t members = Sources::members(plan);
  if (members == 0) throw InputError(Fault{.key = "assurance", .found = "no ensemble", .expected = "an ensemble, so no --set ensemble=none"});
  Plan own = plan;
  own.pool.patients = plan.assurance->patients;
  own.replicates = plan.assurance->replicates;
  std::vector<MemberPowers> all;
  for (std::size_t m = 0; m < members; ++m) {
    const Sources::Entry entry = sources.get(own, m);
    const auto powers = plan.single_arm ? success_of_pool(own, *entry.pool) : powers_of(own, entry, options.threads);
    all.resize(powers.size());
    for (std::size_t t = 0; t < powers.size(); ++t) {
      all[t].test = powers[t].first;
      all[t].members.push_back(powers[t].second);
    }
  }
  const double n = static_cast<double>(members);
  for (MemberPowers& test : all) {
    double noise = 0, squares = 0;
    for (const Measured& power : test.members) {
      test.mean.value += power.value / n;
      noise += power.error * power.error / n;
    }
    for (const Measured& power : test.members) squares += std::pow(power.value - test.mean.value, 2);
    test.mean.error = std::sqrt(noise / n);
    test.spread = members > 1 ? std::sqrt(std::max(0.0, squares / (n - 1) - noise)) : 0;
  }
  return all;
}

}  // namespace coley::design
