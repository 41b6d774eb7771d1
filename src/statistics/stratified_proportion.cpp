// SPDX-License-Identifier: Apache-2.0
#include "statistics/stratified_proportion.hpp"

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "statistics/p_value.hpp"

namespace coley::statistics {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// A stratum that has both arms, in floating point: x responders of n, 1 experimental, 0 control.
struct Stratum {
  double x1, n1, x0, n0;
  double n() const { return n1 + n0; }
  double weight() const { return n1 * n0 / n(); }
  double small_sample() const { return n() / (n() - 1); }
};

std::vector<Stratum> usable(std::span<const ResponseCounts> strata) {
  std::vector<Stratum> kept;
  for (std::size_t i = 0; i < strata.size(); ++i) {
    const ResponseCounts& s = strata[i];
    if (s.experimental_events < 0 || s.experimental_events > s.experimental_n || s.control_events < 0 ||
        s.control_events > s.control_n)
      throw InputError(Fault{.key = "stratum " + std::to_string(i + 1),
                             .found = std::to_string(s.experimental_events) + "/" + std::to_string(s.experimental_n) +
                                      " and " + std::to_string(s.control_events) + "/" + std::to_string(s.control_n),
                             .expected = "responders between 0 and the number of patients of the arm"});
    if (s.experimental_n > 0 && s.control_n > 0)
      kept.push_back({static_cast<double>(s.experimental_events), static_cast<double>(s.experimental_n),
                      static_cast<double>(s.control_events), static_cast<double>(s.control_n)});
  }
  return kept;
}

/// score / sqrt(variance), and 0 where nothing varies.
double standardised(double score, double variance) { return variance > 0 ? score / std::sqrt(variance) : 0; }

double cochran_mantel_haenszel_z(const std::vector<Stratum>& strata) {
  double score = 0, variance = 0;
  for (const Stratum& s : strata) {
    const double responders = s.x1 + s.x0;
    score += s.x1 - s.n1 * responders / s.n();
    variance += s.n1 * s.n0 * responders * (s.n() - responders) / (s.n() * s.n() * (s.n() - 1));
  }
  return standardised(score, variance);
}

CommonEffect make_effect(const Estimate& estimate, double z, const std::vector<Stratum>& strata) {
  const PValue tail = two_sided_normal_tail(z);
  return {.effect = estimate, .z = z, .p = tail.p, .log10_p = tail.log10_p, .strata_used = static_cast<int>(strata.size())};
}

/// Where the decreasing function f crosses zero between low and high; the end it does not cross before.
double crossing(const std::function<double(double)>& f, double low, double high) {
  const double at_low = f(low), at_high = f(high);
  if (!(at_low > 0)) return low;
  if (!(at_high < 0)) return high;
  std::uintmax_t steps = 200;
  const auto root = boost::math::tools::toms748_solve(f, low, high, at_low, at_high,
                                                      boost::math::tools::eps_tolerance<double>(50), steps);
  return (root.first + root.second) / 2;
}

/// The control rate that maximises the likelihood when the experimental rate exceeds it by `difference`
/// (closed form of the cubic, Miettinen and Nurminen 1985, appendix 1).
double restricted_control_rate(const Stratum& s, double difference) {
  const double l3 = s.n();
  const double l2 = (s.n1 + 2 * s.n0) * difference - s.n() - s.x1 - s.x0;
  const double l1 = (s.n0 * difference - s.n() - 2 * s.x0) * difference + s.x1 + s.x0;
  const double l0 = s.x0 * difference * (1 - difference);
  const double shift = l2 / (3 * l3);
  const double q = shift * shift * shift - l1 * l2 / (6 * l3 * l3) + l0 / (2 * l3);
  const double p = std::copysign(std::sqrt(std::max(0.0, shift * shift - l1 / (3 * l3))), q);
  const double ratio = p == 0 ? 0 : std::clamp(q / (p * p * p), -1.0, 1.0);
  const double root = 2 * p * std::cos((std::numbers::pi + std::acos(ratio)) / 3) - shift;
  return std::clamp(root, std::max(0.0, -difference), std::min(1.0, 1 - difference));
}

double difference_z(const std::vector<Stratum>& strata, double difference) {
  double score = 0, variance = 0;
  for (const Stratum& s : strata) {
    const double p0 = restricted_control_rate(s, difference), p1 = p0 + difference, w = s.weight();
    score += w * (s.x1 / s.n1 - s.x0 / s.n0 - difference);
    variance += w * w * (p1 * (1 - p1) / s.n1 + p0 * (1 - p0) / s.n0) * s.small_sample();
  }
  // At the ends -1 and 1 the variance is 0 and the sign of the score decides; the bound keeps the root search finite.
  constexpr double enough = 1e6;
  if (!(variance > 0)) return score == 0 ? 0 : std::copysign(enough, score);
  return std::clamp(score / std::sqrt(variance), -enough, enough);
}

/// The control rate that maximises the likelihood when the odds ratio is `ratio` and `m` patients respond in all.
double control_rate_at_odds(const Stratum& s, double m, double ratio) {
  const double excess = ratio - 1, b = s.n1 * ratio + s.n0 - m * excess;
  const double root = std::sqrt(std::max(0.0, b * b + 4 * s.n0 * excess * m));
  return b < 0 ? (root - b) / (2 * s.n0 * excess) : 2 * m / (b + root);  // b < 0 only for a ratio above 1
}

double odds_z(const std::vector<Stratum>& strata, double log_odds_ratio) {
  const double ratio = std::exp(log_odds_ratio);
  double score = 0, variance = 0;
  for (const Stratum& s : strata) {
    const double m = s.x1 + s.x0;
    if (m == 0 || m == s.n()) continue;
    // Non-responders follow the same law with the inverse ratio; both are computed, since 1 - p0 would cancel.
    const double p0 = control_rate_at_odds(s, m, ratio), q0 = control_rate_at_odds(s, s.n() - m, 1 / ratio);
    const double p1 = p0 * ratio / (q0 + p0 * ratio), q1 = q0 / (q0 + p0 * ratio);
    score += s.x1 - s.n1 * p1;
    variance += s.small_sample() / (1 / (s.n1 * p1 * q1) + 1 / (s.n0 * p0 * q0));
  }
  return standardised(score, variance);
}

/// The control rate that maximises the likelihood when the experimental rate is `ratio` times it: the smaller root of
/// N ratio p^2 - (n1 ratio + x1 + n0 + x0 ratio) p + x1 + x0 = 0 (Miettinen and Nurminen 1985).
double control_rate_at_ratio(const Stratum& s, double ratio) {
  const double a = s.n() * ratio, b = s.n1 * ratio + s.x1 + s.n0 + s.x0 * ratio, c = s.x1 + s.x0;
  const double rate = 2 * c / (b + std::sqrt(std::max(0.0, b * b - 4 * a * c)));
  return std::min(rate, std::min(1.0, 1 / ratio));
}

/// The score is divided by max(1, ratio), which leaves z as it is and keeps its terms finite.
double ratio_z(const std::vector<Stratum>& strata, double log_ratio) {
  const double ratio = std::exp(log_ratio), unit = std::max(1.0, ratio);
  double score = 0, variance = 0;
  for (const Stratum& s : strata) {
    const double p0 = control_rate_at_ratio(s, ratio), p1 = std::min(1.0, p0 * ratio), w = s.weight(), r = ratio / unit;
    score += w * (s.x1 / s.n1 / unit - r * s.x0 / s.n0);
    variance += w * w * (p1 * (1 - p1) / s.n1 / (unit * unit) + r * r * p0 * (1 - p0) / s.n0) * s.small_sample();
  }
  return standardised(score, variance);
}

// Beyond e^40 the restricted rates are 0 or 1 to rounding: the end of an interval is 0 or infinity.
constexpr double furthest = 40;

/// The ratio at which z, a decreasing function of its logarithm, takes the value.
double ratio_with_z(const std::function<double(double)>& z, double value) {
  const double found = crossing([&](double x) { return z(x) - value; }, -furthest, furthest);
  return found <= -furthest ? 0 : found >= furthest ? infinity : std::exp(found);
}

}  // namespace

std::optional<CommonEffect> mantel_haenszel_difference(std::span<const ResponseCounts> tables, double level) {
  const std::vector<Stratum> strata = usable(tables);
  const double deviate = two_sided_deviate(level);
  if (strata.empty()) return std::nullopt;
  double weighted = 0, weights = 0, p = 0, q = 0;
  for (const Stratum& s : strata) {
    const double n = s.n();
    weighted += s.weight() * (s.x1 / s.n1 - s.x0 / s.n0);
    weights += s.weight();
    p += (s.n1 * s.n1 * s.x0 - s.n0 * s.n0 * s.x1 + s.n1 * s.n0 * (s.n0 - s.n1) / 2) / (n * n);
    q += (s.x1 * (s.n0 - s.x0) + s.x0 * (s.n1 - s.x1)) / (2 * n);
  }
  const double difference = weighted / weights;
  const double half = deviate * std::sqrt(std::max(0.0, difference * p + q)) / weights;
  return make_effect({difference, std::max(-1.0, difference - half), std::min(1.0, difference + half)},
                     cochran_mantel_haenszel_z(strata), strata);
}

std::optional<CommonEffect> mantel_haenszel_odds_ratio(std::span<const ResponseCounts> tables, double level) {
  const std::vector<Stratum> strata = usable(tables);
  const double deviate = two_sided_deviate(level);
  double r = 0, s = 0, pr = 0, cross = 0, qs = 0;
  for (const Stratum& t : strata) {
    const double n = t.n(), rk = t.x1 * (t.n0 - t.x0) / n, sk = t.x0 * (t.n1 - t.x1) / n;
    const double pk = (t.x1 + t.n0 - t.x0) / n, qk = 1 - pk;
    r += rk;
    s += sk;
    pr += pk * rk;
    cross += pk * sk + qk * rk;
    qs += qk * sk;
  }
  if (r == 0 && s == 0) return std::nullopt;
  const double z = cochran_mantel_haenszel_z(strata);
  if (r == 0 || s == 0) return make_effect({s == 0 ? infinity : 0, 0, infinity}, z, strata);
  const double half = deviate * std::sqrt(pr / (2 * r * r) + cross / (2 * r * s) + qs / (2 * s * s));
  return make_effect({r / s, r / s * std::exp(-half), r / s * std::exp(half)}, z, strata);
}

std::optional<CommonEffect> mantel_haenszel_risk_ratio(std::span<const ResponseCounts> tables, double level) {
  const std::vector<Stratum> strata = usable(tables);
  const double deviate = two_sided_deviate(level);
  double r = 0, s = 0, v = 0;
  for (const Stratum& t : strata) {
    const double n = t.n();
    r += t.x1 * t.n0 / n;
    s += t.x0 * t.n1 / n;
    v += (t.n1 * t.n0 * (t.x1 + t.x0) - t.x1 * t.x0 * n) / (n * n);
  }
  if (r == 0 && s == 0) return std::nullopt;
  const double z = cochran_mantel_haenszel_z(strata);
  if (r == 0 || s == 0) return make_effect({s == 0 ? infinity : 0, 0, infinity}, z, strata);
  const double half = deviate * std::sqrt(v / (r * s));
  return make_effect({r / s, r / s * std::exp(-half), r / s * std::exp(half)}, z, strata);
}

std::optional<CommonEffect> miettinen_nurminen_difference(std::span<const ResponseCounts> tables, double level) {
  const std::vector<Stratum> strata = usable(tables);
  const double deviate = two_sided_deviate(level);
  if (strata.empty()) return std::nullopt;
  double weighted = 0, weights = 0;
  for (const Stratum& s : strata) {
    weighted += s.weight() * (s.x1 / s.n1 - s.x0 / s.n0);
    weights += s.weight();
  }
  const double difference = weighted / weights;
  const auto end = [&](double z) { return crossing([&](double d) { return difference_z(strata, d) - z; }, -1, 1); };
  return make_effect({difference, std::min(difference, end(deviate)), std::max(difference, end(-deviate))},
                     difference_z(strata, 0), strata);
}

std::optional<CommonEffect> miettinen_nurminen_odds_ratio(std::span<const ResponseCounts> tables, double level) {
  const std::vector<Stratum> strata = usable(tables);
  const double deviate = two_sided_deviate(level);
  const bool informative =
      std::any_of(strata.begin(), strata.end(), [](const Stratum& s) { return s.x1 + s.x0 > 0 && s.x1 + s.x0 < s.n(); });
  if (!informative) return std::nullopt;
  const auto solve = [&](double z) { return ratio_with_z([&](double x) { return odds_z(strata, x); }, z); };
  return make_effect({solve(0), solve(deviate), solve(-deviate)}, odds_z(strata, 0), strata);
}

std::optional<CommonEffect> miettinen_nurminen_risk_ratio(std::span<const ResponseCounts> tables, double level) {
  const std::vector<Stratum> strata = usable(tables);
  const double deviate = two_sided_deviate(level);
  double r = 0, s = 0;
  for (const Stratum& t : strata) {
    r += t.x1 * t.n0 / t.n();
    s += t.x0 * t.n1 / t.n();
  }
  if (r == 0 && s == 0) return std::nullopt;
  const auto solve = [&](double z) { return ratio_with_z([&](double x) { return ratio_z(strata, x); }, z); };
  const double ratio = r / s;
  return make_effect({ratio, std::min(ratio, solve(deviate)), std::max(ratio, solve(-deviate))}, ratio_z(strata, 0), strata);
}

}  // namespace coley::statistics
