// SPDX-License-Identifier: Apache-2.0
#include "statistics/multivariate_normal.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "core/error.hpp"
#include "core/random.hpp"
#include "core/units.hpp"

namespace coley::statistics {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSingular = 1e-10;  // a pivot below it is rounding: the variable is a combination of those before

/// P(a < Y < b), accurate in either tail.
double normal_between(double a, double b) {
  if (!(a < b)) return 0;
  if (a > 0) return 0.5 * (std::erfc(a / std::sqrt(2.0)) - std::erfc(b / std::sqrt(2.0)));
  return 0.5 * (std::erfc(-b / std::sqrt(2.0)) - std::erfc(-a / std::sqrt(2.0)));
}

/// The point of (from, to) below which lies a share u of its probability `inside`; worked from the thinner tail.
double drawn_between(double from, double to, double inside, double u) {
  constexpr double kLeast = 1e-300;
  if (from > 0) return -normal_quantile(std::max(normal_between(-kInfinity, -to) + (1 - u) * inside, kLeast));
  return normal_quantile(std::clamp(normal_between(-kInfinity, from) + u * inside, kLeast, 1 - 1e-16));
}

/// Z = factor * Y with independent Y: variables reordered so that the first `rank` rows are lower triangular.
struct Rectangle {
  std::vector<double> lower, upper;
  std::vector<std::vector<double>> factor;
  std::size_t rank = 0;
  double tolerance = 1e-9;

  /// Interval of Y[level] that row i allows, given the Y before it.
  void narrow(std::size_t i, std::size_t level, const std::vector<double>& y, double& from, double& to) const {
    double shift = 0;
    for (std::size_t j = 0; j < level; ++j) shift += factor[i][j] * y[j];
    const double slope = factor[i][level];
    double a = lower[i] - shift, b = upper[i] - shift;
    if (std::abs(slope) < kSingular) {
      if (a > kSingular || b < -kSingular) to = from;
      return;
    }
    a /= slope;
    b /= slope;
    from = std::max(from, std::min(a, b));
    to = std::min(to, std::max(a, b));
  }

  double probability(std::size_t level, std::vector<double>& y) const {
    double from = -kInfinity, to = kInfinity;
    const std::size_t last = level + 1 == rank ? lower.size() : level + 1;
    for (std::size_t i = level; i < last; ++i) narrow(i, level, y, from, to);
    if (!(from < to)) return 0;
    if (level + 1 == rank) return normal_between(from, to);
    const double mode = std::clamp(0.0, from, to);
    const auto density = [&](double value) {
      y[level] = value;
      return std::exp(-value * value / 2) / std::sqrt(2 * kPi) * probability(level + 1, y);
    };
    // Two halves, so that the peak at the mode lies at an end of the intervals.
    using Rule = boost::math::quadrature::gauss_kronrod<double, 15>;
    const double left = std::max(from, mode - 9), right = std::min(to, mode + 9);
    double sum = 0;
    if (left < mode) sum += Rule::integrate(density, left, mode, 7, tolerance);
    if (mode < right) sum += Rule::integrate(density, mode, right, 7, tolerance);
    return sum;
  }

  /// Genz's transformation at one point of the unit cube: each direction is drawn within what its rows allow.
  double sampled_probability(const std::vector<double>& point, std::vector<double>& y) const {
    double product = 1;
    for (std::size_t level = 0; level < rank; ++level) {
      double from = -kInfinity, to = kInfinity;
      const std::size_t last = level + 1 == rank ? lower.size() : level + 1;
      for (std::size_t i = level; i < last; ++i) narrow(i, level, y, from, to);
      const double inside = normal_between(from, to);
      if (!(inside > 0)) return 0;
      product *= inside;
      if (level + 1 < rank) y[level] = drawn_between(from, to, inside, point[level]);
    }
    return product;
  }

  /// Mean over a Kronecker lattice (steps of square roots of primes), folded so that the integrand is periodic.
  double lattice_probability() const {
    constexpr std::size_t kPoints = std::size_t{1} << 17;
    constexpr double kPrimes[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
    if (rank > std::size(kPrimes)) throw InputError(Fault{.key = "MaxCombo", .found = std::to_string(rank) + " independent tests", .expected = "12 or fewer"});
    std::vector<double> point(rank), y(rank);
    double sum = 0;
    for (std::size_t i = 0; i < kPoints; ++i) {
      for (std::size_t d = 0; d + 1 < rank; ++d) {
        const double at = static_cast<double>(i + 1) * std::sqrt(kPrimes[d]);
        point[d] = std::abs(2 * (at - std::floor(at)) - 1);
      }
      sum += sampled_probability(point, y);
    }
    return sum / static_cast<double>(kPoints);
  }
};

void swap_variables(Rectangle& r, std::vector<std::vector<double>>& c, std::size_t a, std::size_t b) {
  std::swap(r.lower[a], r.lower[b]);
  std::swap(r.upper[a], r.upper[b]);
  std::swap(r.factor[a], r.factor[b]);
  std::swap(c[a], c[b]);
  for (auto& row : c) std::swap(row[a], row[b]);
}

/// Pivoted Cholesky; variable 0 stays first.
Rectangle factorise(const std::vector<double>& lower, const std::vector<double>& upper, const std::vector<double>& correlation) {
  const std::size_t m = lower.size();
  Rectangle r{lower, upper, std::vector<std::vector<double>>(m, std::vector<double>(m)), 0};
  std::vector<std::vector<double>> c(m, std::vector<double>(m));
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < m; ++j) c[i][j] = correlation[i * m + j];
  for (std::size_t step = 0; step < m; ++step) {
    std::size_t pivot = step;
    for (std::size_t i = step + 1; step > 0 && i < m; ++i)
      if (c[i][i] > c[pivot][pivot]) pivot = i;
    if (c[pivot][pivot] < kSingular) break;
    swap_variables(r, c, step, pivot);
    const double root = std::sqrt(c[step][step]);
    for (std::size_t i = step; i < m; ++i) r.factor[i][step] = c[i][step] / root;
    for (std::size_t i = step + 1; i < m; ++i)
      for (std::size_t j = step + 1; j < m; ++j) c[i][j] -= r.factor[i][step] * r.factor[j][step];
    ++r.rank;
  }
  return r;
}

/// The correlations of variable i and of those before it, with i first.
std::vector<double> leading_block(const std::vector<double>& correlation, std::size_t m, std::size_t i) {
  std::vector<std::size_t> order(i + 1);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::rotate(order.begin(), order.end() - 1, order.end());
  std::vector<double> block;
  for (const std::size_t a : order)
    for (const std::size_t b : order) block.push_back(correlation[a * m + b]);
  return block;
}

/// Sum over i of P(Z_i <= bound and the earlier ones inside (bound, upper)).
double first_passage(double bound, double upper, const std::vector<double>& correlation, double tolerance) {
  const auto m = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(correlation.size()))));
  double sum = 0;
  for (std::size_t i = 0; i < m; ++i) {
    std::vector<double> from(i + 1, bound), to(i + 1, upper);
    from[0] = -kInfinity;
    to[0] = bound;
    sum += normal_rectangle(from, to, leading_block(correlation, m, i), tolerance);
  }
  return sum;
}

}  // namespace

double normal_rectangle(const std::vector<double>& lower, const std::vector<double>& upper, const std::vector<double>& correlation, double tolerance) {
  Rectangle r = factorise(lower, upper, correlation);
  r.tolerance = tolerance;
  std::vector<double> y(r.rank);
  return r.rank > 3 ? r.lattice_probability() : r.probability(0, y);
}

double normal_any_below(double bound, const std::vector<double>& correlation, double tolerance) {
  return first_passage(bound, kInfinity, correlation, tolerance);
}

double normal_any_beyond(double bound, const std::vector<double>& correlation) {
  return std::min(1.0, 2 * first_passage(-bound, bound, correlation, 1e-9));
}

}  // namespace coley::statistics
