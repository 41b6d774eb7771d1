// SPDX-License-Identifier: Apache-2.0
#include "design/allocation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace coley::design {

std::size_t Allocation::next(std::size_t stratum, std::span<const double> weights) {
  if (due_.size() < (stratum + 1) * arms_) due_.resize((stratum + 1) * arms_);
  double* due = &due_[stratum * arms_];
  const double all = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::size_t chosen = arms_;
  for (std::size_t arm = 0; arm < arms_; ++arm) {
    due[arm] += weights[arm] / all;
    if (weights[arm] > 0 && (chosen == arms_ || due[arm] > due[chosen] + 1e-9)) chosen = arm;
  }
  due[chosen] -= 1;
  return chosen;
}

FollowingSource::FollowingSource(const Plan& plan, std::shared_ptr<const Source> source)
    : rule_(*plan.allocation), patients_(static_cast<std::size_t>(plan.patients)), source_(std::move(source)) {
  for (const int weight : plan.weights()) weights_.push_back(weight);
}

namespace {

/// The probability that the experimental hazard is the smaller, with constant hazards and a flat prior on the log ratio, from
/// what is seen of the first `count` patients on a day. A half without an event in each arm.
double probability_better(const Cohort& cohort, std::size_t count, double day) {
  std::array<double, 2> events{}, exposure{};
  for (std::size_t i = 0; i < count; ++i) {
    const bool left = cohort.entry[i] + cohort.time[i] <= day;
    exposure[cohort.treated[i]] += left ? cohort.time[i] : day - cohort.entry[i];
    events[cohort.treated[i]] += left && cohort.event[i] != 0 ? 1 : 0;
  }
  if (events[0] == 0 || events[1] == 0) return 0.5;
  return normal_cdf(-std::log(events[1] / exposure[1] * exposure[0] / events[0]) / std::sqrt(1 / events[0] + 1 / events[1]));
}

}  // namespace

void FollowingSource::fill(DrawKey key, Truth truth, Cohort& cohort) const {
  thread_local Candidates candidates;
  source_->fill(key, patients_, candidates);
  if (truth == Truth::null) take_away({.arms = ~0U}, candidates);
  cohort.resize(patients_);
  cohort.entry = candidates.entry;
  Allocation allocation(2);
  std::vector<double> weights = weights_;
  for (std::size_t i = 0; i < patients_; ++i) {
    const auto before = static_cast<long>(i) - rule_.burn_in;
    if (before >= 0 && before % rule_.every == 0) {
      const double better = probability_better(cohort, i, cohort.entry[i]), to = std::pow(better, rule_.power), from = std::pow(1 - better, rule_.power);
      const double share = std::clamp(to / (to + from), rule_.least, 1 - rule_.least);
      weights = {1 - share, share};
    }
    const std::size_t arm = allocation.next(candidates.stratum[i], weights);
    candidates.put(i, 0, arm, cohort, i);
  }
}

}  // namespace coley::design
