// SPDX-License-Identifier: Apache-2.0
#pragma once
// The survival data a case speaks of, with its columns kept alive beside the view of them.

#include <optional>
#include <string>
#include <vector>

#include "pack.hpp"
#include "statistics/survival_rows.hpp"

namespace coley::reference_check {

struct SurvivalInput {
  std::vector<double> time, entry, weight;
  std::vector<std::uint8_t> event;
  std::vector<int> group, stratum;
  std::vector<std::string> groups;  ///< labels of the groups

  statistics::SurvivalRows rows() const;
};

/// Columns named in the spec: time, status, entry, weights, strata, and `group` or `arm`. With `treated` the groups are
/// 0 and 1, 1 being that level. Rows with a missing variable, or with entry not before exit, are dropped.
SurvivalInput survival_input(const Case& one);

/// The small data set of an edge case: t, s, and e, x, g, w where the call uses them (survival::Surv's rules for codes).
/// Rows that R drops are dropped. Throws InputError where the engine refuses.
SurvivalInput edge_input(const json& data, const std::string& call);

}  // namespace coley::reference_check
