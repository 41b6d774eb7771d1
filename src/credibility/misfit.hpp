// SPDX-License-Identifier: Apache-2.0
#pragma once
// How far a simulated figure lies from the published one, in standard errors of their difference. The published uncertainty
// is the error model: the interval of a hazard ratio on the log scale, the binomial of a share, and for a median the
// binomial of the curve at the published median, which is known also where a simulated median is not reached.

#include <optional>
#include <string>

#include "trial/estimates.hpp"

namespace coley::credibility {

/// Patients behind a published figure that does not say how many [assumed].
inline constexpr double kAssumedPatients = 100;
/// Misfit of a figure that the simulation cannot give, as a hazard ratio without events.
inline constexpr double kNotEstimable = 8;

/// Width of a 95 % interval in standard errors.
inline constexpr double kNormal95 = 3.919927969;

/// A published figure on the scale on which it is roughly normal.
struct Target {
  double value = 0;  ///< log of a ratio; a share; one half for a median
  double se = 0;
};

/// Nothing for figures without an uncertainty that can be told: ratios without an interval, months that are no median.
std::optional<Target> target_of(const EvidenceEstimate& simulated);

/// Simulated minus published in standard errors, those of both; `kNotEstimable` where nothing was simulated.
double misfit(const EvidenceEstimate& simulated, const Target& target);

}  // namespace coley::credibility
