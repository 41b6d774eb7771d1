// SPDX-License-Identifier: Apache-2.0
#pragma once
// Designs that test several hypotheses: two endpoints that share alpha (endpoint_trials), arms or populations of which some
// are chosen at the first look (selection_trials). Each hypothesis has a table of replicate trials like that of a test, and
// so has "at least one of them"; the familywise error is that of each set of hypotheses that may be true.

#include <memory>

#include "design/candidates.hpp"
#include "design/characteristics.hpp"
#include "design/replicates.hpp"

namespace coley::design {

/// Some of the hypotheses are true: where treatment then has no effect.
struct NullConfiguration {
  std::string name;
  NoEffect none;
  std::vector<bool> holds;  ///< by hypothesis
};

/// What the hypotheses are about, in order: endpoints, experimental arms, or all patients and the subgroup.
std::vector<std::string> hypothesis_names(const Plan& plan, const std::vector<std::string>& arm_labels);
/// Every set of true hypotheses that the source can show; the first is that of all.
std::vector<NullConfiguration> null_configurations(const Plan& plan, const std::vector<std::string>& names);

/// Runs one trial after another in one thread and writes each into its row of the tables, the first for at least one.
class HypothesisTrials {
 public:
  virtual ~HypothesisTrials() = default;
  /// Looks that waited for events that never came.
  virtual int run(DrawKey key, std::size_t replicate) = 0;
};

std::unique_ptr<HypothesisTrials> endpoint_trials(const Plan& plan, const Source& source, const NoEffect& none, bool every_look, std::vector<TrialTable>& tables);
std::unique_ptr<HypothesisTrials> selection_trials(const Plan& plan, const Source& source, const NoEffect& none, std::vector<TrialTable>& tables);

/// Tables of trials in which treatment has no effect where `none` says; [0] is for at least one hypothesis, [1 + h] for each.
std::vector<TrialTable> run_hypotheses(const Plan& plan, const Source& source, const NoEffect& none, const ReplicateOptions& options);

/// Share of trials that reject at least one, or all, of the hypotheses marked.
Measured rejects_any(const std::vector<TrialTable>& tables, const std::vector<bool>& marked);
Measured rejects_all(const std::vector<TrialTable>& tables);

/// Bounds of an endpoint's test at a look: at its own level, and at that which it has when the other's goes to it.
struct EndpointBound {
  std::string endpoint;
  std::size_t look = 0;
  double events = 0;  ///< the mean over trials, at which the bounds are given
  double z = 0, z_raised = 0;
};
std::vector<EndpointBound> endpoint_bounds(const Plan& plan, const std::vector<TrialTable>& tables);

/// Squared weight of the first stage in the combination.
double first_share(const Plan& plan);

}  // namespace coley::design
