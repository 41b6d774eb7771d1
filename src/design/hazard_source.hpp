// SPDX-License-Identifier: Apache-2.0
#pragma once
// Event times from piecewise constant hazards, by arm and subgroup.

#include "design/arrivals.hpp"
#include "design/candidates.hpp"
#include "statistics/event_prediction.hpp"

namespace coley::design {

/// The hazard of an arm in a subgroup, per month.
statistics::PiecewiseHazard hazard_of(const Plan& plan, std::size_t arm, const Subgroup* subgroup, Truth truth);
/// Hazard of dropping out, per month.
double dropout_per_month(const Plan& plan);

/// Time by inversion of the cumulative hazard.
class PiecewiseLaw {
 public:
  explicit PiecewiseLaw(const statistics::PiecewiseHazard& hazard);
  /// The time, in days, at which the cumulative hazard reaches `exponential`; kNever when it never does.
  double time(double exponential) const {
    std::size_t piece = 0;
    while (piece + 1 < starts_.size() && exponential >= cumulative_[piece + 1]) ++piece;
    return starts_[piece] + (exponential - cumulative_[piece]) * mean_[piece];
  }

 private:
  std::vector<double> starts_, cumulative_, mean_;  // mean: 1 / rate
};

class HazardSource : public Source {
 public:
  explicit HazardSource(const Plan& plan);
  void fill(DrawKey key, Truth truth, Cohort& cohort) const override;
  void fill(DrawKey key, std::size_t count, Candidates& candidates) const override;
  int strata() const override { return static_cast<int>(std::max<std::size_t>(1, shares_.size())); }
  double subgroup_share() const override;
  double seen_until(double day, std::size_t) const override { return day; }
  bool continuous() const override { return true; }

 private:
  std::size_t patients_;
  ArrivalTimes arrivals_;
  Blocks blocks_;
  std::vector<double> shares_;                // cumulative, of subgroups
  std::size_t arms_;
  std::vector<PiecewiseLaw> laws_[2];         // by truth, [subgroup * arms + arm]
  struct Death {
    double share, mean;                       // of first events; days from one that is not death to death
  };
  std::vector<Death> deaths_;                 // [subgroup * arms + arm], where death is a second endpoint
  std::size_t subgroup_;                      // of the selection; none: beyond the last
  double mean_dropout_;                       // days; kNever without drop-out
  bool needs_traits_;
};

}  // namespace coley::design
