// SPDX-License-Identifier: Apache-2.0
#include "statistics/p_value.hpp"

#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>

namespace coley::statistics {
namespace {

/// log Q(a, x) for x well above a, by Lentz's continued fraction (Abramowitz & Stegun 6.5.31).
double log_gamma_q(double a, double x) {
  double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;
  for (int i = 1; i < 10000; ++i) {
    const double an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    h *= d * c;
    if (std::abs(d * c - 1) < 1e-16) break;
  }
  return -x + a * std::log(x) - std::lgamma(a) + std::log(h);
}

}  // namespace

PValue chi_square_tail(double x, double df) {
  if (std::isnan(x) || !(df > 0)) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    return {nan, nan};
  }
  if (std::isinf(x)) return {0, -std::numeric_limits<double>::infinity()};
  if (x > 1200 && x > 4 * df) {
    const double log_q = log_gamma_q(df / 2, x / 2);
    return {std::exp(log_q), log_q / std::log(10.0)};
  }
  const double p = boost::math::gamma_q(df / 2, x / 2);
  return {p, std::log10(p)};
}

PValue two_sided_normal_tail(double z) { return chi_square_tail(z * z, 1); }

}  // namespace coley::statistics
