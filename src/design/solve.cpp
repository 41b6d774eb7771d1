// SPDX-License-Identifier: Apache-2.0
#include "design/solve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/random.hpp"
#include "design/look_tests.hpp"

namespace coley::design {

namespace {

constexpr int kMostSteps = 8;
constexpr std::uint64_t kFirstOtherTrial = std::uint64_t{1} << 42;  // of the trials that check the answer

/// Of the tables of several hypotheses: 0 for at least one.
std::size_t hypothesis_to_solve(const Plan& plan) {
  for (std::size_t e = 0; e < plan.endpoints.size(); ++e)
    if (plan.endpoints[e].name == plan.solve->test) return 1 + e;
  return 0;
}

std::size_t test_to_solve(const Plan& plan) {
  for (std::size_t t = 0; t < plan.tests.size(); ++t)
    if (plan.tests[t].name == plan.solve->test) return t;
  return 0;
}

/// Tries candidates; only the test in question is followed.
class Bench {
 public:
  Bench(const Plan& plan, Sources& sources, const EvaluateOptions& options) : plan_(plan), sources_(sources), options_(options) {
    plan_.tests = {plan.tests[test_to_solve(plan)]};
  }

  Trial at(double value, std::uint64_t first = 0) {
    if (options_.progress) options_.progress(fmt::format("trying {:.6g}", value), 0);
    const Plan candidate = with_value(plan_, plan_.solve->unknown, value);
    const Sources::Entry entry = sources_.get(candidate);
    const ReplicateOptions run{.seed = static_cast<std::uint64_t>(candidate.seed), .first = first,
                               .replicates = static_cast<std::size_t>(candidate.replicates), .threads = options_.threads};
    const TrialTable table = candidate.several_hypotheses() ? run_hypotheses(candidate, *entry.source, {}, run)[hypothesis_to_solve(candidate)]
                                                            : run_replicates(candidate, *entry.source, run);
    const TestCharacteristics found = characterise(table, 0, "", 0.0);
    return {value, found.power, found.events, found.months, found.recruited};
  }
  double last_bound() const { return planned_design(plan_, plan_.efficacy.alpha).efficacy_z.back(); }

 private:
  Plan plan_;
  Sources& sources_;
  const EvaluateOptions& options_;
};

/// Normal quantile of a power, kept finite where all or none of the trials rejected.
double probit(const Measured& power, double replicates) { return normal_quantile(std::clamp(power.value, 0.5 / replicates, 1 - 0.5 / replicates)); }

double start_value(const Plan& plan) { return plan.solve->unknown == Unknown::size ? static_cast<double>(plan.patients) : *plan.looks.back().events; }

/// The probit of the power is nearly a line in the root of the size: along it, with every step's slope from the two trials
/// nearest to the goal.
void find_size(const Plan& plan, Bench& bench, Solution& solution) {
  const double replicates = static_cast<double>(plan.replicates), goal = normal_quantile(solution.wanted), bound = bench.last_bound();
  const double most = solution.unknown == Unknown::events ? static_cast<double>(plan.patients) : 1e6;
  const auto round = [&](double value) { return std::clamp(std::round(value), 10.0, most); };
  double value = start_value(plan), slope = 0;
  for (int step = 0; step < kMostSteps; ++step) {
    solution.tried.push_back(bench.at(value));
    const Trial& here = solution.tried.back();
    const double off = goal - probit(here.power, replicates);
    slope = (probit(here.power, replicates) + bound) / std::sqrt(value);  // of a line through no power without patients
    if (!(slope > 0) && step > 1)
      throw InputError(Fault{.key = "solve", .found = fmt::format("a power of {:.3f} with {:.0f}", here.power.value, value), .expected = "an effect that this test can show"});
    if (solution.tried.size() > 1) {
      const Trial& before = solution.tried[solution.tried.size() - 2];
      const double run = std::sqrt(value) - std::sqrt(before.value), rise = probit(here.power, replicates) - probit(before.power, replicates);
      if (rise / run > 0.3 * slope && std::fabs(run) > 1e-9) slope = rise / run;
    }
    const double next = round(std::pow(std::max(1.0, std::sqrt(value) + off / std::max(slope, 1e-3)), 2));
    solution.value = std::min(next, 4 * value);  // no leap on the strength of a weak effect
    if (std::fabs(here.power.value - solution.wanted) < 0.5 * here.power.error || solution.value == value) break;
    value = solution.value;
  }
  const Trial& best = *std::min_element(solution.tried.begin(), solution.tried.end(), [&](const Trial& a, const Trial& b) {
    return std::fabs(a.power.value - solution.wanted) < std::fabs(b.power.value - solution.wanted);
  });
  const double density = std::exp(-0.5 * goal * goal) / std::sqrt(2 * 3.14159265358979);
  solution.error = best.power.error / (density * slope / (2 * std::sqrt(best.value)));
  if (best.power.value < solution.wanted - 5 * best.power.error - 0.02)
    throw InputError(Fault{.key = "solve.power", .found = fmt::format("{:.3f} at most, with {:.0f}", best.power.value, best.value),
                           .expected = solution.unknown == Unknown::events ? "less power, or more patients: the events would exceed them" : "less power, or another test"});
  solution.value = std::ceil(round(std::pow(std::sqrt(best.value) + (goal - probit(best.power, replicates)) / slope, 2)));
}

/// Information fractions of the first look in steps; among those with the power wanted, the least expected duration. Without
/// any, the one with the most power.
void find_timing(Bench& bench, Solution& solution) {
  for (int percent = 30; percent <= 90; percent += 5) solution.tried.push_back(bench.at(percent / 100.0));
  const Trial* best = nullptr;
  for (const Trial& trial : solution.tried)
    if (trial.power.value >= solution.wanted && (!best || trial.months.value < best->months.value)) best = &trial;
  if (!best) best = &*std::max_element(solution.tried.begin(), solution.tried.end(), [](const Trial& a, const Trial& b) { return a.power.value < b.power.value; });
  solution.value = best->value;
}

}  // namespace

Plan with_value(const Plan& plan, Unknown unknown, double value) {
  Plan changed = plan;
  const std::size_t looks = plan.looks.size();
  if (unknown == Unknown::looks) {
    // between the first look and the last the others come at even distances
    for (std::size_t k = 0; k + 1 < looks; ++k)
      changed.looks[k].events = *plan.looks.back().events * (value + (1 - value) * static_cast<double>(k) / static_cast<double>(looks - 1));
    return changed;
  }
  const double factor = value / start_value(plan);
  if (unknown == Unknown::size) changed.patients = std::lround(value);
  for (Look& look : changed.looks)
    if (look.events) look.events = *look.events * factor;
  for (Endpoint& endpoint : changed.endpoints) endpoint.events *= factor;
  return changed;
}

Solution solve(const Plan& plan, Sources& sources, const EvaluateOptions& options) {
  Solution solution{.unknown = plan.solve->unknown, .test = plan.several_hypotheses() ? (hypothesis_to_solve(plan) > 0 ? plan.solve->test : "at least one") : name_of(plan.tests[test_to_solve(plan)]), .wanted = plan.solve->power};
  Bench bench(plan, sources, options);
  if (solution.unknown == Unknown::looks) find_timing(bench, solution);
  else find_size(plan, bench, solution);
  std::sort(solution.tried.begin(), solution.tried.end(), [](const Trial& a, const Trial& b) { return a.value < b.value; });
  solution.plan = with_value(plan, solution.unknown, solution.value);
  solution.power = bench.at(solution.value, kFirstOtherTrial).power;
  return solution;
}

}  // namespace coley::design
