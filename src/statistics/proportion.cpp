// SPDX-License-Identifier: Apache-2.0
#include "statistics/proportion.hpp"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <string>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

void check(std::int64_t events, std::int64_t n) {
  if (n < 1) throw InputError(Fault{.key = "n", .found = std::to_string(n), .expected = "at least one patient"});
  if (events < 0 || events > n)
    throw InputError(Fault{.key = "events", .found = std::to_string(events), .expected = "0 to n = " + std::to_string(n)});
}

}  // namespace

double two_sided_deviate(double level) {
  if (!(level > 0 && level < 1))
    throw InputError(Fault{.key = "level", .found = std::to_string(level), .expected = "a confidence level between 0 and 1"});
  return boost::math::quantile(boost::math::normal(), 0.5 + level / 2);
}

Estimate clopper_pearson(std::int64_t events, std::int64_t n, double level) {
  check(events, n);
  two_sided_deviate(level);
  const double x = static_cast<double>(events), rest = static_cast<double>(n - events), tail = (1 - level) / 2;
  using Beta = boost::math::beta_distribution<>;
  return {.estimate = x / static_cast<double>(n),
          .low = events == 0 ? 0 : boost::math::quantile(Beta(x, rest + 1), tail),
          .high = events == n ? 1 : boost::math::quantile(boost::math::complement(Beta(x + 1, rest), tail))};
}

Estimate wilson(std::int64_t events, std::int64_t n, double level) {
  check(events, n);
  const double size = static_cast<double>(n), p = static_cast<double>(events) / size, z = two_sided_deviate(level);
  const double shrink = 1 + z * z / size;
  const double centre = (p + z * z / (2 * size)) / shrink;
  const double half = z / shrink * std::sqrt(p * (1 - p) / size + z * z / (4 * size * size));
  return {.estimate = p, .low = events == 0 ? 0 : std::max(0.0, centre - half),
          .high = events == n ? 1 : std::min(1.0, centre + half)};
}

}  // namespace coley::statistics
