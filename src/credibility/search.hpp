// SPDX-License-Identifier: Apache-2.0
#pragma once
// A global search for the smallest value of a function of standard normal deviates: CMA-ES of pagmo.

#include <Eigen/Dense>
#include <functional>

namespace coley::credibility {

/// Bounds of the search in every deviate.
inline constexpr double kWidestDeviate = 2;
inline Eigen::VectorXd within_bounds(const Eigen::VectorXd& z) { return z.cwiseMax(-kWidestDeviate).cwiseMin(kWidestDeviate); }

/// Calls `loss` population x (generations + 1) times, in an order that the seed decides, and returns the best point.
Eigen::VectorXd search(const std::function<double(const Eigen::VectorXd&)>& loss, const Eigen::VectorXd& start, int generations, int population,
                       unsigned seed);

}  // namespace coley::credibility
