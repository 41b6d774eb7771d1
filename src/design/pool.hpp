// SPDX-License-Identifier: Apache-2.0
#pragma once
// Virtual patients simulated once on both arms, and replicate trials drawn from them. A patient's course does not depend
// on when the trial looks, so the looks of a thousand trials cost one course; what a finite pool costs instead is reported
// (pool_error.hpp). Rows are uncensored to the end of follow-up: loss to follow-up and looks come with the trial.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "design/arrivals.hpp"
#include "design/candidates.hpp"
#include "protocol/ensemble.hpp"
#include "protocol/trial_inputs.hpp"

namespace coley::design {

/// The event of one patient on one arm, in whole days on study.
struct Fate {
  std::int32_t day = 0;     ///< of the event, or the end of follow-up
  std::uint8_t event = 0;
};

/// Columns by patient, or by patient, endpoint and arm.
struct SimulatedPool {
  std::size_t arms = 2, endpoints = 1;
  std::vector<Fate> fates;                       ///< [(patient * endpoints + endpoint) * arms + arm], control first
  std::vector<std::uint8_t> stratum;
  std::vector<std::uint8_t> in_subgroup;         ///< of the selection
  int strata = 1;
  std::vector<std::vector<std::int32_t>> seen_until;  ///< by endpoint and day on study: what a patient censored then contributes
  std::vector<std::string> endpoint_names, arm_labels;
  long long failed = 0;                          ///< patients left out because a course could not be integrated

  std::size_t size() const { return stratum.size(); }
  const Fate& fate(std::size_t patient, std::size_t endpoint, std::size_t arm) const { return fates[(patient * endpoints + endpoint) * arms + arm]; }
};

/// The endpoint of a trial of one arm: an event is a response that counts.
inline constexpr const char* kResponse = "ORR";

struct PoolOptions {
  std::uint64_t seed = 1;
  int threads = 1;
  std::string kept;  ///< folder in which natural histories are kept between runs; "" is none
  std::function<void(std::size_t patients)> progress = {};
};

/// Names the pool by all that its patients depend on: two plans of the same name share one. `inputs` of the trial, if there is one.
std::string pool_key(const Plan& plan, const TrialInputs* inputs, const std::optional<Ensemble>& ensemble = {});

/// Runs the engine. Patients come in trials of the protocol's size, or fewer so that every member of the ensemble has some: what
/// it leaves open is in the pool.
/// Throws InputError for arms or an endpoint that the trial does not have.
SimulatedPool simulate_pool(const Plan& plan, TrialInputs inputs, const PoolOptions& options, const std::optional<Ensemble>& ensemble = {});

/// Draws trials from the patients [begin, end) of a pool: each at most once in a trial when there are enough, else with
/// replacement.
class PoolSource : public Source {
 public:
  PoolSource(const Plan& plan, const SimulatedPool& pool) : PoolSource(plan, pool, 0, pool.size()) {}
  PoolSource(const Plan& plan, const SimulatedPool& pool, std::size_t begin, std::size_t end);
  void fill(DrawKey key, Truth truth, Cohort& cohort) const override;
  void fill(DrawKey key, std::size_t count, Candidates& candidates) const override;
  int strata() const override { return pool_.strata; }
  double subgroup_share() const override;
  double seen_until(double day, std::size_t endpoint) const override;
  bool continuous() const override { return false; }

 private:
  /// Calls take(i, patient of the pool) for the first `count` patients of a trial with these draws.
  template <class Take>
  void draw_patients(std::size_t count, const std::vector<DrawBlock>& draws, Take take) const;
  double lost(const DrawBlock& draw) const;

  const SimulatedPool& pool_;
  std::size_t patients_, begin_, size_;
  ArrivalTimes arrivals_;
  Blocks blocks_;
  double mean_dropout_;  // days
};

}  // namespace coley::design
