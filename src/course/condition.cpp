// SPDX-License-Identifier: Apache-2.0
#include "course/condition.hpp"

#include <algorithm>
#include <cmath>

#include "core/units.hpp"
#include "population/performance.hpp"

namespace coley {

using biology::State;

void Condition::begin(const solver::LaneView& lane, const Disease& disease, const Patient& patient) {
  *this = {};
  Q_at_start_ = lane.state(State::Q);
  age_ = patient.person.age;
  own_fitness_ = own_fitness(patient);
  take_stock(lane, disease);
  ecog_at_start_ = ecog_;
  monthly_.push_back(static_cast<std::uint16_t>(std::lround(kUtilityParts * utility_)));
}

void Condition::take_stock(const solver::LaneView& lane, const Disease& disease) {
  day_ = *lane.time;
  const bool ill = day_ < ill_until_;
  const double latent = performance_latent(lane, disease, own_fitness_, age_ + day_ / kDaysPerYear) + (ill ? disease.ecog_toxicity : 0.0);
  ecog_ = ecog_grade(latent);
  utility_ = std::clamp(disease.utility_0 - disease.utility_ecog * ecog_ - (ill ? disease.utility_toxicity : 0.0), 0.0, 1.0);
  weight_target_ = disease.weight_Q * (lane.state(State::Q) - Q_at_start_) + disease.weight_J * lane.state(State::J);
}

void Condition::arrive(const solver::LaneView& lane, const Disease& disease) {
  const double from = day_, utility = utility_, target = weight_target_;
  take_stock(lane, disease);
  const double days = day_ - from;
  weight_lost_ += ((target + weight_target_) / 2 - weight_lost_) * -std::expm1(-disease.k_weight * days);
  for (double month; (month = static_cast<double>(monthly_.size()) * kDaysPerMonth) <= day_;) {
    const double then = days > 0 ? utility + (utility_ - utility) * (month - from) / days : utility_;
    monthly_.push_back(static_cast<std::uint16_t>(std::lround(kUtilityParts * then)));
  }
}

void Condition::fall_ill(const solver::LaneView& lane, const Disease& disease) {
  ill_until_ = std::max(ill_until_, *lane.time + disease.toxicity_days);
}

}  // namespace coley
