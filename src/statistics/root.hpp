// SPDX-License-Identifier: Apache-2.0
#pragma once
// The root of a monotone function between two values that bracket it, to about 1e-14 relative (Alefeld, Potra and Shi's
// algorithm 748, from Boost).

#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>

#include "core/error.hpp"

namespace coley::statistics {

/// The x in [low, high] at which f(x) = 0. f(low) and f(high) must differ in sign or be 0; otherwise a bug is reported,
/// as a caller checks its input before.
template <class F>
double bracketed_root(F f, double low, double high) {
  const double at_low = f(low), at_high = f(high);
  if (at_low == 0) return low;
  if (at_high == 0) return high;
  if (std::isnan(at_low) || std::isnan(at_high) || (at_low > 0) == (at_high > 0)) bug("a root that is not bracketed");
  std::uintmax_t iterations = 200;
  const auto [a, b] = boost::math::tools::toms748_solve(f, low, high, at_low, at_high,
                                                        boost::math::tools::eps_tolerance<double>(50), iterations);
  return 0.5 * (a + b);
}

/// The same above `low`, where f(low) < 0 and f rises: the upper end is found by doubling from `step`.
template <class F>
double rising_root(F f, double low, double step) {
  double high = low + step;
  for (int doubling = 0; f(high) < 0; ++doubling) {
    if (doubling == 100) bug("a function that never rises to 0");
    low = high;
    step *= 2;
    high += step;
  }
  return bracketed_root(f, low, high);
}

}  // namespace coley::statistics
