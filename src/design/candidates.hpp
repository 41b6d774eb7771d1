// SPDX-License-Identifier: Apache-2.0
#pragma once
// The patients who may come to one replicate trial, each with what would happen on every arm: what a design needs that
// decides about patients while the trial runs. One thread each, filled anew for every replicate.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "design/cohort.hpp"

namespace coley::design {

/// Where treatment has no effect, as the null hypotheses of a design say.
struct NoEffect {
  std::uint32_t arms = 0;       ///< bit a: on arm a
  std::uint32_t endpoints = 0;  ///< bit e: on endpoint e
  bool in_subgroup = false, outside = false;  ///< in the subgroup of a selection, and in everyone else
};

struct Candidates {
  std::size_t arms = 2, endpoints = 1;
  std::vector<double> entry;   ///< calendar days on which trial patients come, rising; of the plan's patients
  std::vector<double> lost;    ///< by candidate: days on study until loss to follow-up
  std::vector<double> day;     ///< [(candidate * endpoints + endpoint) * arms + arm]: of the event; kNever
  std::vector<std::uint8_t> stratum, in_subgroup;  ///< by candidate

  std::size_t size() const { return stratum.size(); }
  void resize(std::size_t candidates);
  /// What is seen of a candidate on an arm, as patient `at` of a cohort; `treated` is whether the arm is experimental.
  void put(std::size_t candidate, std::size_t endpoint, std::size_t arm, Cohort& cohort, std::size_t at) const {
    const double event = day_of(candidate, endpoint, arm), until = std::min(lost[candidate], kLastDay);
    cohort.time[at] = std::min(event, until);
    cohort.event[at] = event <= until ? 1 : 0;
    cohort.treated[at] = arm > 0 ? 1 : 0;
    cohort.stratum[at] = stratum[candidate];
  }
  double& day_of(std::size_t candidate, std::size_t endpoint, std::size_t arm) { return day[(candidate * endpoints + endpoint) * arms + arm]; }
  double day_of(std::size_t candidate, std::size_t endpoint, std::size_t arm) const { return day[(candidate * endpoints + endpoint) * arms + arm]; }
};

/// Gives experimental arms control's fate where there is no effect. Of two endpoints the second is death, and the first never
/// later: where only one of them has no effect the other gives way.
void take_away(const NoEffect& none, Candidates& candidates);

}  // namespace coley::design
