// SPDX-License-Identifier: Apache-2.0
#include "report/thin.hpp"

#include <algorithm>
#include <cmath>

namespace coley::report {
namespace {

/// Months between grid times.
double grid_step(double horizon, double most) {
  for (const double step : {0.125, 0.25, 0.5, 1.0, 2.0, 3.0, 6.0, 12.0}) {
    if (horizon / step <= most) return step;
  }
  return std::ceil(horizon / most / 12.0) * 12.0;
}

template <typename Point>
std::vector<Point> on_grid(const std::vector<Point>& points, std::size_t most) {
  if (points.size() <= most) return points;
  const double step = grid_step(points.back().month, static_cast<double>(most));
  std::vector<Point> kept;
  for (std::size_t i = 0; i < points.size(); ++i) {
    // A point holds at a grid time when one lies in [its month, the next point's month).
    const bool last = i + 1 == points.size();
    if (i == 0 || last || std::ceil(points[i].month / step) * step < points[i + 1].month) kept.push_back(points[i]);
  }
  return kept;
}

}  // namespace

std::size_t points_a_series(const std::vector<SurvivalCurve>& curves) {
  constexpr std::size_t budget = 9000, fewest = 48, most = 300;
  std::size_t series = 1;
  for (const SurvivalCurve& curve : curves) {
    series += 1 + (curve.envelope.empty() ? 0 : 1) + (curve.one_trial.empty() ? 0 : 1);
  }
  return std::clamp(budget / series, fewest, most);
}

std::vector<SurvivalPoint> thinned(const std::vector<SurvivalPoint>& points, std::size_t most) {
  return on_grid(points, most);
}

std::vector<EnvelopePoint> thinned(const std::vector<EnvelopePoint>& points, std::size_t most) {
  return on_grid(points, most);
}

}  // namespace coley::report
