// SPDX-License-Identifier: Apache-2.0
#pragma once
// To which arm the next patient goes where weights change during a trial: the arm that is furthest behind its share in the
// patient's stratum. And the source of trials whose allocation follows the outcomes seen so far. What that does to the
// type-I error is simulated, not corrected.

#include <memory>
#include <span>

#include "design/candidates.hpp"
#include "design/plan.hpp"

namespace coley::design {

class Allocation {
 public:
  explicit Allocation(std::size_t arms) : arms_(arms) {}
  void clear() { due_.clear(); }
  /// The arm of the next patient of this stratum; never one of weight 0.
  std::size_t next(std::size_t stratum, std::span<const double> weights);

 private:
  std::size_t arms_;
  std::vector<double> due_;  // [stratum * arms + arm]: patients due to the arm and not given
};

/// Two arms, assigned by `plan.allocation` on what another source says would happen.
class FollowingSource : public Source {
 public:
  FollowingSource(const Plan& plan, std::shared_ptr<const Source> source);
  void fill(DrawKey key, Truth truth, Cohort& cohort) const override;
  void fill(DrawKey key, std::size_t count, Candidates& candidates) const override { source_->fill(key, count, candidates); }
  int strata() const override { return source_->strata(); }
  double subgroup_share() const override { return source_->subgroup_share(); }
  double seen_until(double day, std::size_t endpoint) const override { return source_->seen_until(day, endpoint); }
  bool continuous() const override { return source_->continuous(); }

 private:
  ResponseAllocation rule_;
  std::size_t patients_;
  std::vector<double> weights_;
  std::shared_ptr<const Source> source_;
};

}  // namespace coley::design
