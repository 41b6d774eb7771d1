// SPDX-License-Identifier: Apache-2.0
#include "design/hypotheses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <limits>

#include "core/chunks.hpp"

namespace coley::design {

namespace {

std::size_t number_of_hypotheses(const Plan& plan) {
  if (!plan.endpoints.empty() || !plan.selection->subgroup.empty()) return 2;
  return plan.weights().size() - 1;
}

/// Where there is no effect when these hypotheses are true.
NoEffect without(const Plan& plan, std::size_t set) {
  const auto mask = static_cast<std::uint32_t>(set);
  if (!plan.endpoints.empty()) return {.endpoints = mask};
  if (plan.selection->subgroup.empty()) return {.arms = mask << 1};
  return {.in_subgroup = true, .outside = (mask & 1) != 0};
}

}  // namespace

std::vector<std::string> hypothesis_names(const Plan& plan, const std::vector<std::string>& arm_labels) {
  if (!plan.endpoints.empty()) return plan.patient_endpoints();
  if (!plan.selection->subgroup.empty()) return {"all patients", plan.selection->subgroup};
  return {arm_labels.begin() + 1, arm_labels.end()};
}

std::vector<NullConfiguration> null_configurations(const Plan& plan, const std::vector<std::string>& names) {
  std::vector<NullConfiguration> all;
  for (std::size_t set = (std::size_t{1} << names.size()) - 1; set > 0; --set) {
    if (plan.selection && !plan.selection->subgroup.empty() && set == 1) continue;  // no effect on all, but one in the subgroup: needs harm elsewhere
    NullConfiguration configuration{.none = without(plan, set)};
    for (std::size_t h = 0; h < names.size(); ++h) {
      configuration.holds.push_back((set >> h & 1) != 0);
      if (configuration.holds.back()) configuration.name += (configuration.name.empty() ? "" : ", ") + names[h];
    }
    all.push_back(std::move(configuration));
  }
  return all;
}

std::vector<TrialTable> run_hypotheses(const Plan& plan, const Source& source, const NoEffect& none, const ReplicateOptions& options) {
  Plan one = plan;
  one.tests.resize(1);
  std::vector<TrialTable> tables(1 + number_of_hypotheses(plan), empty_table(one, options.replicates));
  std::atomic<long long> short_of_events = 0;
  const auto worker = [&]() -> Worker {
    const std::shared_ptr<HypothesisTrials> trials = plan.selection ? selection_trials(plan, source, none, tables)
                                                                    : endpoint_trials(plan, source, none, options.every_look, tables);
    return [&, trials](std::size_t begin, std::size_t end) {
      for (std::size_t r = begin; r < end; ++r) short_of_events += trials->run({options.seed, options.first + r}, r);
    };
  };
  in_chunks(options.replicates, 64, options.threads, worker, options.progress);
  tables[0].short_of_events = short_of_events;
  return tables;
}

Measured rejects_any(const std::vector<TrialTable>& tables, const std::vector<bool>& marked) {
  double count = 0;
  for (std::size_t r = 0; r < tables[0].replicates; ++r) {
    bool any = false;
    for (std::size_t h = 0; h < marked.size(); ++h) any |= marked[h] && tables[1 + h].ending(r, 0).verdict == Verdict::efficacy;
    count += any ? 1 : 0;
  }
  return share_of(count, tables[0].replicates);
}

Measured rejects_all(const std::vector<TrialTable>& tables) {
  double count = 0;
  for (std::size_t r = 0; r < tables[0].replicates; ++r) {
    const bool all = std::all_of(tables.begin() + 1, tables.end(), [&](const TrialTable& table) { return table.ending(r, 0).verdict == Verdict::efficacy; });
    count += all ? 1 : 0;
  }
  return share_of(count, tables[0].replicates);
}

}  // namespace coley::design
