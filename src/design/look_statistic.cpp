// SPDX-License-Identifier: Apache-2.0
#include "design/look_statistic.hpp"

#include <cmath>
#include <limits>

namespace coley::design {

LookStatistic::LookStatistic(const Test& test, const Source& source)
    : source_(source), is_lean_(source.continuous() && test.kind == TestKind::log_rank && !test.stratified), tests_({test}) {}

double LookStatistic::z(const Cohort& cohort, double day, std::size_t endpoint) {
  if (!is_lean_) {
    tests_.look(source_, cohort, day, endpoint);
    return tests_.z(0);
  }
  lean_.begin(cohort, day);
  lean_.look(day);
  const LeanLogRank::Score score = lean_.score(0);
  return score.v > 0 ? -score.u / std::sqrt(score.v) : std::numeric_limits<double>::quiet_NaN();
}

double events_seen(const Cohort& cohort, double day) {
  double events = 0;
  for (std::size_t i = 0; i < cohort.size(); ++i) events += cohort.event[i] != 0 && cohort.entry[i] + cohort.time[i] <= day ? 1 : 0;
  return events;
}

}  // namespace coley::design
