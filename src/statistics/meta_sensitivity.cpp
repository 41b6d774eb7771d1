// SPDX-License-Identifier: Apache-2.0
#include "statistics/meta_sensitivity.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace coley::statistics {

std::vector<PooledEffect> leave_one_out(std::span<const StudyEffect> studies, const PoolOptions& options) {
  if (studies.size() < 2)
    throw InputError(Fault{.found = "one study", .expected = "two or more, to leave one out"});
  std::vector<PooledEffect> results;
  for (std::size_t left_out = 0; left_out < studies.size(); ++left_out) {
    std::vector<StudyEffect> rest(studies.begin(), studies.end());
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(left_out));
    results.push_back(pool(rest, options));
  }
  return results;
}

std::vector<PooledEffect> cumulative(std::span<const StudyEffect> studies, const PoolOptions& options) {
  std::vector<PooledEffect> results;
  for (std::size_t n = 1; n <= studies.size(); ++n) results.push_back(pool(studies.first(n), options));
  return results;
}

SubgroupAnalysis by_subgroup(std::span<const StudyEffect> studies, std::span<const std::string> group,
                             const PoolOptions& options) {
  if (group.size() != studies.size()) bug("a subgroup is named for each study");
  std::vector<std::string> names;
  for (const std::string& name : group)
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  SubgroupAnalysis analysis;
  std::vector<StudyEffect> effects;
  for (const std::string& name : names) {
    std::vector<StudyEffect> members;
    for (std::size_t i = 0; i < studies.size(); ++i)
      if (group[i] == name) members.push_back(studies[i]);
    const PooledEffect pooled = pool(members, options);
    effects.push_back({pooled.effect.estimate, pooled.effect.se * pooled.effect.se});
    analysis.groups.push_back({name, pooled});
  }
  const Heterogeneity between = pool(effects, {.method = TauMethod::fixed}).heterogeneity;
  analysis.q_between = between.q;
  analysis.df = between.df;
  analysis.p = between.p;
  return analysis;
}

}  // namespace coley::statistics
