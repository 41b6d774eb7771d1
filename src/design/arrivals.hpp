// SPDX-License-Identifier: Apache-2.0
#pragma once
// How patients come to a trial, and to which arm they are assigned.

#include <cstdint>
#include <span>
#include <vector>

#include "core/draw_blocks.hpp"
#include "design/plan.hpp"

namespace coley::design {

/// Entry days of patients in order, at the quantiles of accrual or at random.
class ArrivalTimes {
 public:
  ArrivalTimes(const Accrual& accrual, std::size_t patients);
  /// Fills `entry`, rising. Random arrivals use the second draw of each patient; even ones use none.
  void fill(std::span<const DrawBlock> draws, std::vector<double>& entry) const;

 private:
  Accrual accrual_;
  std::vector<double> even_;
};

/// Assignment in blocks within strata. Patients of a stratum are exchangeable, so the order within a block carries no
/// information: every second block is the mirror of the first, so that no arm comes earlier.
class Blocks {
 public:
  Blocks(int control_weight, int treated_weight);
  /// Arm of the patient that is number `before` (from 0) of its stratum.
  std::uint8_t treated(std::uint32_t before) const { return pattern_[before % pattern_.size()]; }

 private:
  std::vector<std::uint8_t> pattern_;
};

}  // namespace coley::design
