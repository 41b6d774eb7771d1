// SPDX-License-Identifier: Apache-2.0
#pragma once
// How far a pooled effect hangs on single studies, on their order in time, and on the kind of study.

#include <span>
#include <string>
#include <vector>

#include "statistics/meta_analysis.hpp"

namespace coley::statistics {

/// The pooled effect without each study in turn; entry i leaves out study i. Needs two studies.
std::vector<PooledEffect> leave_one_out(std::span<const StudyEffect> studies, const PoolOptions& options = {});

/// The pooled effect of the first 1, 2, ... studies, in the order given (by year, as a rule).
std::vector<PooledEffect> cumulative(std::span<const StudyEffect> studies, const PoolOptions& options = {});

/// One subgroup's studies pooled by themselves.
struct Subgroup {
  std::string name;
  PooledEffect pooled;
};

/// Subgroups with a tau2 each, and the test that their effects are equal.
struct SubgroupAnalysis {
  std::vector<Subgroup> groups;  ///< in order of first appearance
  double q_between = 0;          ///< inverse-variance sum of squared deviations of the groups' effects from their mean
  int df = 0;
  double p = 1;
};

/// `group[i]` names the subgroup of study i. The between-groups test uses each group's own standard error.
SubgroupAnalysis by_subgroup(std::span<const StudyEffect> studies, std::span<const std::string> group,
                             const PoolOptions& options = {});

}  // namespace coley::statistics
