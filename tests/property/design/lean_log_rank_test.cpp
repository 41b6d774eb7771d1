// SPDX-License-Identifier: Apache-2.0
// The lean log-rank test and Cox estimate are those of the library, at every look of random cohorts; the day of a look is
// that on which its events have been seen.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "design/candidates.hpp"
#include "design/lean_log_rank.hpp"
#include "design/look_tests.hpp"
#include "design/look_times.hpp"

namespace coley::design {
namespace {

class Continuous : public Source {
 public:
  void fill(DrawKey, Truth, Cohort&) const override {}
  void fill(DrawKey, std::size_t, Candidates&) const override {}
  double subgroup_share() const override { return 1; }
  double seen_until(double day, std::size_t) const override { return day; }
  int strata() const override { return 1; }
  bool continuous() const override { return true; }
};

/// Patients in order of entry, without ties.
Cohort random_cohort(std::uint64_t seed, std::size_t n) {
  Cohort cohort;
  cohort.resize(n);
  double entry = 0;
  for (std::size_t i = 0; i < n; ++i) {
    Stream stream({seed, 0}, i, 1);
    cohort.entry[i] = entry += stream.exponential();
    cohort.treated[i] = stream.uniform() < 0.4 ? 1 : 0;
    const double event = stream.exponential() * (cohort.treated[i] != 0 ? 90 : 60), lost = stream.exponential() * 200;
    cohort.time[i] = std::min(event, lost);
    cohort.event[i] = event <= lost ? 1 : 0;
    cohort.stratum[i] = 0;
  }
  return cohort;
}

RC_GTEST_PROP(LeanLogRank, IsTheLogRankTestOfTheLibrary, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(10, 300);
  const Cohort cohort = random_cohort(*rc::gen::arbitrary<std::uint64_t>(), n);
  const double horizon = cohort.entry.back() + 150;
  LeanLogRank lean;
  LookTests tests({{.kind = TestKind::log_rank}});
  lean.begin(cohort, horizon);
  LookTimes times(std::vector<Look>{{.events = 3}, {.events = static_cast<double>(n) / 3}});
  std::vector<double> days;
  times.find(cohort, days);  // on these days an event falls
  for (const double day : {0.3 * horizon, 0.7 * horizon, horizon, days[0], days[1]}) {
    if (day > horizon) continue;
    lean.look(day);
    tests.look(Continuous(), cohort, day);
    RC_ASSERT(lean.events() == tests.events());
    RC_ASSERT(lean.recruited() == tests.recruited());
    const LeanLogRank::Score score = lean.score(0);
    if (!(score.v > 0)) continue;
    RC_ASSERT(std::fabs(-score.u / std::sqrt(score.v) - tests.z(0)) < 1e-9);
    const double estimate = tests.log_hazard_ratio();
    if (std::isfinite(estimate)) RC_ASSERT(std::fabs(lean.log_hazard_ratio() - estimate) < 1e-6);
    else RC_ASSERT(lean.log_hazard_ratio() == estimate || std::isnan(estimate));
  }
}

RC_GTEST_PROP(LookTimes, FallWhenTheirEventsHaveBeenSeen, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(10, 300);
  const Cohort cohort = random_cohort(*rc::gen::arbitrary<std::uint64_t>(), n);
  const double events = static_cast<double>(*rc::gen::inRange<std::size_t>(1, n));
  std::vector<double> calendar, days;
  for (std::size_t i = 0; i < n; ++i)
    if (cohort.event[i] != 0) calendar.push_back(cohort.entry[i] + cohort.time[i]);
  std::sort(calendar.begin(), calendar.end());
  LookTimes times(std::vector<Look>{{.events = events}});
  times.find(cohort, days);
  if (events <= static_cast<double>(calendar.size())) {
    RC_ASSERT(days[0] == calendar[static_cast<std::size_t>(events) - 1]);
    RC_ASSERT(times.short_of_events() == 0);
  } else {
    RC_ASSERT(times.short_of_events() == 1);
  }
}

}  // namespace
}  // namespace coley::design
