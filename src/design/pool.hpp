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
#include "design/cohort.hpp"
#include "protocol/ensemble.hpp"
#include "protocol/trial_inputs.hpp"

namespace coley::design {

/// The event of one patient on one arm, in whole days on study.
struct Fate {
  std::int32_t day = 0;     ///< of the event, or the end of follow-up
  std::uint8_t event = 0;
};

struct PoolPatient {
  Fate control, treated;
  std::uint8_t stratum = 0;
};

struct SimulatedPool {
  std::vector<PoolPatient> patients;
  int strata = 1;
  std::vector<std::int32_t> seen_until;  ///< by day on study: what a patient censored then contributes
  std::string endpoint, control, experimental;  ///< names
  std::string control_label, experimental_label;
  long long failed = 0;                  ///< patients left out because a course could not be integrated
};

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
  PoolSource(const Plan& plan, const SimulatedPool& pool) : PoolSource(plan, pool, 0, pool.patients.size()) {}
  PoolSource(const Plan& plan, const SimulatedPool& pool, std::size_t begin, std::size_t end);
  void fill(DrawKey key, Truth truth, Cohort& cohort) const override;
  int strata() const override { return pool_.strata; }
  double seen_until(double day) const override;
  bool continuous() const override { return false; }

 private:
  const SimulatedPool& pool_;
  std::size_t patients_, begin_, size_;
  ArrivalTimes arrivals_;
  Blocks blocks_;
  double mean_dropout_;  // days
};

}  // namespace coley::design
