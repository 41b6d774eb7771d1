// SPDX-License-Identifier: Apache-2.0
#pragma once
// Piecewise exponential survival: a constant rate between cut points. Intervals are (cut, next cut].

#include <cstdint>
#include <span>
#include <vector>

#include "statistics/estimate.hpp"

namespace coley::statistics {

struct PiecewiseExponential {
  std::vector<double> cuts;         ///< inner cut points; the first interval begins at 0, the last does not end
  std::vector<double> events;       ///< by interval
  std::vector<double> exposure;     ///< time at risk
  std::vector<double> rate;         ///< events / exposure; 0 without events
  std::vector<double> se_log_rate;  ///< 1 / sqrt(events); infinite without events
  std::vector<bool> observed;       ///< whether anybody was at risk; the rate is 0 and means nothing when not
  double loglik = 0;

  /// Survival at t. Throws InputError beyond an interval in which nobody was at risk.
  double survival(double t) const;
};

/// Throws InputError unless cuts are positive and rising and times as KM needs them: 0 <= entry < time.
PiecewiseExponential piecewise_exponential(std::span<const double> time, std::span<const std::uint8_t> event,
                                           const std::vector<double>& cuts, std::span<const double> entry = {});

}  // namespace coley::statistics
