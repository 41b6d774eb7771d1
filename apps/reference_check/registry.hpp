// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which function checks which kind of case. A family registers its kinds, and the R calls of edge cases it answers for.

#include <functional>
#include <map>
#include <string>

#include "pack.hpp"
#include "verdict.hpp"

namespace coley::reference_check {

/// Recomputes a case and reports every difference.
using Check = std::function<void(const Case&, Verdict&)>;

/// One call of an edge case: {"call", "ok", "value" or "error", "warnings"}, on the case's small data set.
using EdgeCheck = std::function<void(const Case&, const json& call, Verdict&)>;

struct Registry {
  std::map<std::string, Check> kinds;
  /// Keyed by the beginning of the call, e.g. "survfit(" or "cmprsk::cuminc"; the longest key that fits is taken.
  std::map<std::string, EdgeCheck> edge_calls;
};

void add_design_checks(Registry& registry);
void add_edge_checks(Registry& registry);
void add_meta_checks(Registry& registry);
void add_survival_checks(Registry& registry);
void add_cox_checks(Registry& registry);
void add_large_checks(Registry& registry);
void add_survival_edge_checks(Registry& registry);
void add_competing_checks(Registry& registry);
void add_parametric_checks(Registry& registry);
void add_reconstruction_checks(Registry& registry);

}  // namespace coley::reference_check
