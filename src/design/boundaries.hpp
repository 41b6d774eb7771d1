// SPDX-License-Identifier: Apache-2.0
#pragma once
// The bounds of a plan, on the Z scale, larger in favour of treatment: solved once for planned information, or look by
// look at the events there really are.

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "design/plan.hpp"
#include "statistics/sequential_design.hpp"

namespace coley::design {

/// One-sided design at the information of the plan; `alpha` in place of the plan's, for hypotheses that share it.
/// With looks whose information is not planned, fractions are even; where several hypotheses are tested, as for one look.
/// Under Bayesian monitoring, at what z the predictive probability meets its bounds, and the alpha that this spends.
statistics::SequentialDesign planned_design(const Plan& plan, double alpha);

/// Whether the bounds spend alpha, by a function of information.
bool spends(Bounds bounds);
/// How alpha, or beta, is spent.
statistics::Spending spending_of(Bounds bounds, double parameter);

/// Bounds for looks that come at other events than planned: alpha is spent at the share of the last look's planned events,
/// all of it at the last look, and the correlation of looks is that of their events. One thread each, for its memory.
class SpendingClock {
 public:
  /// `full`: the events at which all of alpha is spent.
  SpendingClock(statistics::Spending spending, double alpha, double full) : spending_(std::move(spending)), alpha_(alpha), full_(full) {}
  SpendingClock(const Plan& plan, double alpha);
  /// Efficacy bound of the look after these: `events` so far, one a look, rising, the last being this look's.
  double bound(std::span<const double> events, bool last);

 private:
  statistics::Spending spending_;
  double alpha_, full_;
  std::vector<double> futility_;  ///< binding ones
  std::map<std::vector<double>, double> known_;
};

}  // namespace coley::design
