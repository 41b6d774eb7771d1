// SPDX-License-Identifier: Apache-2.0
#pragma once
// Keeps a summary small: a survival curve of 10^6 patients steps every day, a figure shows a few hundred steps.
// Thinned curves are exact at the times they are read at: every whole month (every 2nd, 3rd, 6th, 12th when the curve has
// more months than points may be kept) has the survival of the full curve.

#include <cstddef>
#include <vector>

#include "report/summary.hpp"

namespace coley::report {

/// Points to keep of each series of `curves`, so that a report stays under 1 MB however many there are: at most 300.
std::size_t points_a_series(const std::vector<SurvivalCurve>& curves);

/// The points that hold at the times of the finest grid with at most `most` steps, and the last point; all of them when
/// they are fewer. `points` is increasing in month; `most` is 1 or more.
std::vector<SurvivalPoint> thinned(const std::vector<SurvivalPoint>& points, std::size_t most);
std::vector<EnvelopePoint> thinned(const std::vector<EnvelopePoint>& points, std::size_t most);

}  // namespace coley::report
