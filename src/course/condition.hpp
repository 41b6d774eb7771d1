// SPDX-License-Identifier: Apache-2.0
#pragma once
// Performance status, weight and quality of life of one patient along the course. They follow what the equations and the
// drugs do and act on nothing. Between two stops utility is linear, weight relaxes towards a target that is their mean.

#include <cstdint>
#include <utility>
#include <vector>

#include "population/patient.hpp"
#include "solver/batch_client.hpp"

namespace coley {

/// Utilities are counted in whole parts of one.
inline constexpr int kUtilityParts = 10000;

class Condition {
 public:
  void begin(const solver::LaneView& lane, const Disease& disease, const Patient& patient);
  /// A stop is reached, and nothing done yet: what lies behind it is settled.
  void arrive(const solver::LaneView& lane, const Disease& disease);
  /// The stop is over: what was done may have changed the patient at once.
  void leave(const solver::LaneView& lane, const Disease& disease) { take_stock(lane, disease); }
  /// A grade 3+ event of a drug begins.
  void fall_ill(const solver::LaneView& lane, const Disease& disease);

  int ecog() const { return ecog_; }
  /// Of the weight at randomisation; below 0 where weight was gained.
  double weight_lost() const { return weight_lost_; }
  /// Of this moment, 0 to 1.
  double utility() const { return utility_; }
  /// ECOG at least a grade worse than at randomisation, or a tenth of the weight lost.
  bool deteriorated() const { return ecog_ > ecog_at_start_ || weight_lost_ >= 0.1; }
  /// Utility in parts of kUtilityParts at 0, 1, 2, ... months, as far as the patient was followed alive.
  std::vector<std::uint16_t> take_utilities() { return std::move(monthly_); }

 private:
  void take_stock(const solver::LaneView& lane, const Disease& disease);

  std::vector<std::uint16_t> monthly_;
  double age_ = 0, own_fitness_ = 0;
  double day_ = 0, ill_until_ = -1;
  double Q_at_start_ = 0, weight_target_ = 0, weight_lost_ = 0, utility_ = 1;
  int ecog_ = 0, ecog_at_start_ = 0;
};

}  // namespace coley
