// SPDX-License-Identifier: Apache-2.0
#include "report/thin.hpp"

#include <cmath>

namespace coley::report {
namespace {

/// Months between grid times.
double grid_step(double horizon) {
  for (const double step : {0.125, 0.25, 0.5, 1.0, 2.0, 3.0, 6.0, 12.0}) {
    if (horizon / step <= static_cast<double>(kMaxPoints)) return step;
  }
  return std::ceil(horizon / static_cast<double>(kMaxPoints) / 12.0) * 12.0;
}

template <typename Point>
std::vector<Point> on_grid(const std::vector<Point>& points) {
  if (points.size() <= kMaxPoints) return points;
  const double step = grid_step(points.back().month);
  std::vector<Point> kept;
  for (std::size_t i = 0; i < points.size(); ++i) {
    // A point holds at a grid time when one lies in [its month, the next point's month).
    const bool last = i + 1 == points.size();
    if (i == 0 || last || std::ceil(points[i].month / step) * step < points[i + 1].month) kept.push_back(points[i]);
  }
  return kept;
}

}  // namespace

std::vector<SurvivalPoint> thinned(const std::vector<SurvivalPoint>& points) {
  return on_grid(points);
}
std::vector<EnvelopePoint> thinned(const std::vector<EnvelopePoint>& points) {
  return on_grid(points);
}

}  // namespace coley::report
