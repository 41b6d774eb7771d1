// SPDX-License-Identifier: Apache-2.0
#pragma once
// What formulas say of a design with hazards, to stand beside what is simulated: Schoenfeld's, which take the hazards to be
// proportional at their average ratio, and the expected log-rank test (Lakatos), which does not. Where the two part, the
// shape of the hazards is why.

#include <optional>
#include <vector>

#include "design/plan.hpp"
#include "statistics/expected_log_rank.hpp"
#include "statistics/sequential_design.hpp"

namespace coley::design {

/// A plan's arms and accrual as the formulas have them, months. Nothing with several subgroups, whose mixture has no
/// piecewise constant hazard, nor when event times come from the engine.
std::optional<statistics::TwoArmAccrual> two_arms(const Plan& plan);

/// The plan's accrual in pieces of constant intensity, months.
statistics::Accrual accrual_of(const Plan& plan);

/// log of the hazard ratio, when hazards are proportional.
std::optional<double> proportional_log_ratio(const Plan& plan);

struct Formula {
  std::vector<double> mean_z;           ///< of the statistic at each look, above 0 in favour of treatment
  std::vector<double> stop_efficacy, stop_futility;
  double power = 0;
  double events = 0, months = 0;        ///< expected when the trial ends
};

struct ExpectedLook {
  double months = 0, events = 0, average_hazard_ratio = 1;
};

struct AnalyticAnswer {
  std::vector<ExpectedLook> looks;
  Formula schoenfeld;                         ///< at the average hazard ratio of the last look
  std::vector<std::optional<Formula>> tests;  ///< expected log-rank, one a test; for the log-rank family, not stratified
};

/// Nothing when a look's events are never expected.
std::optional<AnalyticAnswer> analytic_answer(const Plan& plan, const statistics::TwoArmAccrual& trial, const statistics::SequentialDesign& design);

}  // namespace coley::design
