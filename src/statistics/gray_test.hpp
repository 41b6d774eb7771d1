// SPDX-License-Identifier: Apache-2.0
#pragma once
// Gray's test that the cumulative incidence of one cause is the same in all groups (Gray, Ann Stat 1988): weighted
// scores of subdistribution hazards, with weight (1 - F(t-))^rho, F the pooled cumulative incidence.

#include <optional>
#include <span>

#include "statistics/competing_risks.hpp"

namespace coley::statistics {

struct GrayTest {
  double chi_square = 0;
  int df = 0;
  double p = 1;
  double log10_p = 0;
};

/// `group` holds codes 0..groups-1, `stratum` codes from 0 (empty: one stratum); scores and variances are summed over
/// strata. Absent where the scores have no full-rank variance: one group, or no event of the cause, or a group that
/// is never at risk at an event. Throws InputError as check_competing_times, and with delayed entry, for which the
/// test is not defined.
std::optional<GrayTest> gray_test(const CompetingTimes& data, std::span<const int> group, int groups, int cause,
                                  double rho = 0, std::span<const int> stratum = {});

}  // namespace coley::statistics
