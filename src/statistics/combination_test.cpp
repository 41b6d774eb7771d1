// SPDX-License-Identifier: Apache-2.0
#include "statistics/combination_test.hpp"

#include <algorithm>
#include <cmath>

#include "core/random.hpp"
#include "statistics/reference_distribution.hpp"

namespace coley::statistics {

namespace {

/// The normal deviate of Simes' p-value of the hypotheses in `set` that have a statistic.
double simes_z(std::span<const double> z, std::size_t set) {
  std::vector<double> p;
  for (std::size_t i = 0; i < z.size(); ++i)
    if ((set >> i & 1) != 0 && !std::isnan(z[i])) p.push_back(normal_upper(z[i]));
  return -normal_quantile(std::clamp(simes(std::move(p)), 1e-300, 1 - 1e-16));
}

}  // namespace

double simes(std::vector<double> p) {
  std::sort(p.begin(), p.end());
  double least = 1;
  for (std::size_t i = 0; i < p.size(); ++i) least = std::min(least, p[i] * static_cast<double>(p.size()) / static_cast<double>(i + 1));
  return least;
}

std::vector<bool> closed_combination(std::span<const double> z1, std::span<const double> z2, double first_share, double alpha) {
  const std::size_t all = std::size_t{1} << z1.size();
  const double bound = -normal_quantile(alpha), w1 = std::sqrt(first_share), w2 = std::sqrt(1 - first_share);
  std::vector<bool> rejected(z1.size());
  for (std::size_t i = 0; i < z1.size(); ++i) rejected[i] = !std::isnan(z2[i]);
  for (std::size_t set = 1; set < all; ++set) {
    if (w1 * simes_z(z1, set) + w2 * simes_z(z2, set) > bound) continue;
    for (std::size_t i = 0; i < z1.size(); ++i)
      if ((set >> i & 1) != 0) rejected[i] = false;
  }
  return rejected;
}

}  // namespace coley::statistics
