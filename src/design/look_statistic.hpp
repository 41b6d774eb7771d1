// SPDX-License-Identifier: Apache-2.0
#pragma once
// One test on cohorts that are made up anew for every question, as a comparison of one arm among several or of one stage:
// by lean_log_rank where nothing more is asked, else by look_tests. One thread.

#include "design/lean_log_rank.hpp"
#include "design/look_tests.hpp"

namespace coley::design {

class LookStatistic {
 public:
  LookStatistic(const Test& test, const Source& source);
  /// The statistic on a calendar day, above 0 in favour of treatment; NaN when there is none.
  double z(const Cohort& cohort, double day, std::size_t endpoint);
  /// Of the data asked for last: the Cox estimate.
  double log_hazard_ratio() const { return is_lean_ ? lean_.log_hazard_ratio() : tests_.log_hazard_ratio(); }

 private:
  const Source& source_;
  bool is_lean_;
  LeanLogRank lean_;
  LookTests tests_;
};

/// Events seen by a calendar day.
double events_seen(const Cohort& cohort, double day);

}  // namespace coley::design
