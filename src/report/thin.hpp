// SPDX-License-Identifier: Apache-2.0
#pragma once
// Keeps a summary small: a survival curve of 10^6 patients steps every day, a figure shows a few hundred steps.
// Thinned curves are exact at the times they are read at: every whole month (every 2nd, 3rd, 6th, 12th when the curve is
// longer than kMaxPoints months) has the survival of the full curve.

#include <cstddef>
#include <vector>

#include "report/summary.hpp"

namespace coley::report {

/// Points at most kept of a curve (and one at its end).
inline constexpr std::size_t kMaxPoints = 300;

/// The points that hold at the times of the finest grid with at most kMaxPoints steps; all of them when they are few.
/// `points` is increasing in month.
std::vector<SurvivalPoint> thinned(const std::vector<SurvivalPoint>& points);
std::vector<EnvelopePoint> thinned(const std::vector<EnvelopePoint>& points);

}  // namespace coley::report
