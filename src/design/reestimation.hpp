// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many events the last look waits for, once the look before it is known (Mehta and Pocock, Stat Med 2011;30:3267), and
// the statistic that holds the level then: the stages combined at the weights of the plan (Cui, Hung and Wang, Biometrics
// 1999;55:853).

#include "design/plan.hpp"
#include "statistics/sequential_design.hpp"

namespace coley::design {

/// Events in all: as planned, unless the conditional power at the observed effect is promising and below what is wanted.
/// `z` and `events` are those of the look before the last, of which nothing stopped the trial.
double reestimated_events(const Reestimation& rule, const statistics::SequentialDesign& design, double z, double events, double planned);

/// Of the statistic at the look before the last and that of the events after it.
double combined_z(const statistics::SequentialDesign& design, double z_before, double z_after);

}  // namespace coley::design
