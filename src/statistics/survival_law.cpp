// SPDX-License-Identifier: Apache-2.0
#include "statistics/survival_law.hpp"

#include <array>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <numbers>
#include <utility>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

const std::array<std::pair<Law, const char*>, 10> words = {{{Law::exponential, "exponential"},
                                                           {Law::weibull, "weibull"},
                                                           {Law::gompertz, "gompertz"},
                                                           {Law::log_normal, "lognormal"},
                                                           {Law::log_logistic, "loglogistic"},
                                                           {Law::generalised_gamma, "gengamma"},
                                                           {Law::rayleigh, "rayleigh"},
                                                           {Law::gaussian, "gaussian"},
                                                           {Law::logistic, "logistic"},
                                                           {Law::extreme, "extreme"}}};

const double half_log_two_pi = 0.5 * std::log(2 * std::numbers::pi);

/// A function of w and its first two derivatives.
struct Derivatives {
  double value, first, second;
};

double normal_log_upper_tail(double w) {
  if (w < 0) return std::log1p(-0.5 * std::erfc(-w / std::numbers::sqrt2));
  if (w < 35) return std::log(0.5 * std::erfc(w / std::numbers::sqrt2));
  const double r = 1 / (w * w);  // asymptotic series; erfc is about to underflow
  return -0.5 * w * w - std::log(w) - half_log_two_pi + std::log1p(-r * (1 - 3 * r * (1 - 5 * r)));
}

Derivatives normal_log_survival(double w) {
  const double tail = normal_log_upper_tail(w), hazard = std::exp(-0.5 * w * w - half_log_two_pi - tail);
  return {tail, -hazard, -hazard * (hazard - w)};
}

/// log|q| + k log k - k - log Gamma(k), k = 1/q^2: the constant of the generalised gamma density.
double gamma_constant(double q) {
  const double r = q * q;
  if (r < 0.04)  // Stirling's series; at q = 0 the normal law's -log sqrt(2 pi)
    return -half_log_two_pi - r * (1.0 / 12 - r * r * (1.0 / 360 - r * r * (1.0 / 1260 - r * r / 1680)));
  const double k = 1 / r;
  return std::log(std::abs(q)) + k * std::log(k) - k - std::lgamma(k);
}

/// (e^x - 1 - x) / x^2, by its series near 0.
double exponential_remainder(double x) {
  if (std::abs(x) > 0.5) return (std::expm1(x) - x) / (x * x);
  double term = 0.5, sum = 0;
  for (int i = 3; i < 20; ++i) {
    sum += term;
    term *= x / i;
  }
  return sum;
}

Derivatives gamma_log_density(double w, double q) {
  const double x = q * w, slope = std::abs(x) > 1e-300 ? -w * std::expm1(x) / x : -w;
  return {gamma_constant(q) - w * w * exponential_remainder(x), slope, -std::exp(x)};
}

Derivatives gamma_log_survival(double w, double q) {
  if (q == 0) return normal_log_survival(w);
  const long double k = 1 / (static_cast<long double>(q) * q), x = k * std::exp(static_cast<long double>(q) * w);
  const auto tail = q > 0 ? boost::math::gamma_q(k, x) : boost::math::gamma_p(k, x);
  const auto other = q > 0 ? boost::math::gamma_p(k, x) : boost::math::gamma_q(k, x);
  const double value = static_cast<double>(tail > 0.5L ? std::log1p(-other) : std::log(tail));
  const Derivatives density = gamma_log_density(w, q);
  const double hazard = std::exp(density.value - value);
  return {value, -hazard, -hazard * (density.first + hazard)};
}

/// f as a function of w and q. There is no closed derivative by q: a five-point difference, whose error of about
/// 1e-12 is far below what Newton's method needs. Near q = 0 the gamma law is a limit that its formula cannot reach;
/// its stencil is moved to hold 0 exactly, and read off between the points.
template <class Function>
Derivatives2 with_shape(Function f, double w, double q) {
  constexpr double h = 2e-3;
  const double centre = std::abs(q) < 1.5 * h ? 0 : q, u = (q - centre) / h;
  std::array<Derivatives, 5> at;
  for (int i = 0; i < 5; ++i) at[static_cast<std::size_t>(i)] = f(w, centre + (i - 2) * h);
  const auto taylor = [&](auto member) {  // value and derivatives at u by the quartic through five points
    const double m2 = at[0].*member, m1 = at[1].*member, c = at[2].*member, p1 = at[3].*member, p2 = at[4].*member;
    const double a1 = (m2 - 8 * m1 + 8 * p1 - p2) / 12, a2 = (-m2 + 16 * m1 - 30 * c + 16 * p1 - p2) / 24;
    const double a3 = (-m2 + 2 * m1 - 2 * p1 + p2) / 12, a4 = (m2 - 4 * m1 + 6 * c - 4 * p1 + p2) / 24;
    return std::array<double, 3>{c + u * (a1 + u * (a2 + u * (a3 + u * a4))),
                                 (a1 + u * (2 * a2 + u * (3 * a3 + u * 4 * a4))) / h,
                                 (2 * a2 + u * (6 * a3 + u * 12 * a4)) / (h * h)};
  };
  const auto value = taylor(&Derivatives::value), slope = taylor(&Derivatives::first), second = taylor(&Derivatives::second);
  return {value[0], slope[0], value[1], second[0], slope[1], value[2]};
}

Jet apply(const Derivatives& f, const Jet& w) { return chain(w, f.value, f.first, f.second); }

/// (e^x - 1) / x with its derivatives.
Jet exponential_mean(const Jet& x) {
  if (std::abs(x.value) > 1e-2) {
    const double e = std::exp(x.value), f = std::expm1(x.value) / x.value, f1 = (e - f) / x.value;
    return chain(x, f, f1, (e - 2 * f1) / x.value);
  }
  const double v = x.value;
  return chain(x, 1 + v / 2 * (1 + v / 3 * (1 + v / 4 * (1 + v / 5 * (1 + v / 6)))),
               0.5 + v / 3 * (1 + 3 * v / 8 * (1 + 4 * v / 15 * (1 + 5 * v / 24))), 1.0 / 3 + v / 4 * (1 + 2 * v / 5 * (1 + v / 3.6)));
}

Jet gompertz_hazard(double t, const NaturalParameters& p) { return exp(p.location) * t * exponential_mean(p.shape * t); }

Jet standard_time(Law law, double t, const NaturalParameters& p) {
  const double position = on_whole_line(law) ? t : std::log(t);
  if (law == Law::rayleigh) return (Jet(position) - p.location) * 2.0;
  return (Jet(position) - p.location) * exp(-p.log_scale);
}

Jet plain_log_survival(Law law, double t, const NaturalParameters& p) {
  if (law == Law::gompertz) return -gompertz_hazard(t, p);
  const Jet w = standard_time(law, t, p);
  switch (law) {
    case Law::exponential:
    case Law::weibull:
    case Law::rayleigh:
    case Law::extreme: return -exp(w);
    case Law::logistic:
    case Law::log_logistic: return -softplus(w);
    case Law::generalised_gamma: return chain(w, p.shape, with_shape(gamma_log_survival, w.value, p.shape.value));
    default: return apply(normal_log_survival(w.value), w);
  }
}

Jet plain_log_density(Law law, double t, const NaturalParameters& p) {
  if (law == Law::gompertz) return p.location + p.shape * t - gompertz_hazard(t, p);
  const Jet w = standard_time(law, t, p);
  const Jet jacobian = (law == Law::rayleigh ? Jet(std::numbers::ln2) : -p.log_scale) - (on_whole_line(law) ? 0 : std::log(t));
  switch (law) {
    case Law::exponential:
    case Law::weibull:
    case Law::rayleigh:
    case Law::extreme: return jacobian + w - exp(w);
    case Law::logistic:
    case Law::log_logistic: return jacobian + w - 2 * softplus(w);
    case Law::generalised_gamma: return jacobian + chain(w, p.shape, with_shape(gamma_log_density, w.value, p.shape.value));
    default: return jacobian + apply({-0.5 * w.value * w.value - half_log_two_pi, -w.value, -1}, w);
  }
}

}  // namespace

std::string to_string(Law law) {
  for (const auto& [one, word] : words)
    if (one == law) return word;
  bug("a law without a word");
}

Law law_of(const std::string& word) {
  std::vector<std::string> candidates;
  for (const auto& [law, name] : words) {
    if (word == name) return law;
    candidates.emplace_back(name);
  }
  std::string expected = "one of";
  for (const std::string& name : candidates) expected += " " + name;
  const std::string near = nearest(word, candidates);
  throw InputError(Fault{.key = "law", .found = word, .expected = expected + (near.empty() ? "" : "; did you mean " + near + "?")});
}

std::vector<Law> survival_laws() {
  return {Law::exponential, Law::weibull, Law::gompertz, Law::log_normal, Law::log_logistic, Law::generalised_gamma};
}

bool has_scale(Law law) { return law != Law::exponential && law != Law::rayleigh && law != Law::gompertz; }
bool has_shape(Law law) { return law == Law::gompertz || law == Law::generalised_gamma; }
bool on_whole_line(Law law) { return law == Law::gaussian || law == Law::logistic || law == Law::extreme; }
bool location_is_log_rate(Law law) { return law == Law::gompertz; }

Jet log_survival(Law law, Cure cure, double t, const NaturalParameters& p) {
  if (!on_whole_line(law) && t <= 0) return 0.0;
  const Jet survival = plain_log_survival(law, t, p);
  if (cure == Cure::none) return survival;
  const Jet log_cured = -softplus(-p.cure_logit);
  if (cure == Cure::non_mixture) return -log_cured * expm1(survival);
  const Jet uncured = exp(-softplus(p.cure_logit));
  // Two forms of log(c + (1 - c) S), each exact where the other cancels.
  return survival.value > -0.7 ? log1p(uncured * expm1(survival)) : log(exp(log_cured) + uncured * exp(survival));
}

Jet log_density(Law law, Cure cure, double t, const NaturalParameters& p) {
  const Jet density = plain_log_density(law, t, p);
  if (cure == Cure::none) return density;
  if (cure == Cure::mixture) return density - softplus(p.cure_logit);
  return density + log(softplus(-p.cure_logit)) + log_survival(law, cure, t, p);
}

}  // namespace coley::statistics
