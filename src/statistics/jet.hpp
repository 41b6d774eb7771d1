// SPDX-License-Identifier: Apache-2.0
#pragma once
// A number with its first and second derivatives by up to four variables (a truncated Taylor series). Log-likelihoods
// are written once in jets, and Newton's method has its exact slope and curvature.

#include <array>
#include <cmath>
#include <cstddef>

namespace coley::statistics {

struct Jet {
  static constexpr std::size_t variables = 4;
  /// Index of the second derivative by i and j, i <= j.
  static constexpr std::size_t pair(std::size_t i, std::size_t j) { return i * variables - i * (i + 1) / 2 + j; }

  double value = 0;
  std::array<double, variables> slope{};
  std::array<double, variables*(variables + 1) / 2> curvature{};

  Jet() = default;
  Jet(double constant) : value(constant) {}  // NOLINT: a constant is a jet

  /// The variable numbered `index` at this value.
  static Jet variable(double value, std::size_t index) {
    Jet jet(value);
    jet.slope[index] = 1;
    return jet;
  }
};

/// f(x) for f with value f0 and derivatives f1, f2 at x.value.
inline Jet chain(const Jet& x, double f0, double f1, double f2) {
  Jet y(f0);
  for (std::size_t i = 0; i < Jet::variables; ++i) {
    y.slope[i] = f1 * x.slope[i];
    for (std::size_t j = i; j < Jet::variables; ++j)
      y.curvature[Jet::pair(i, j)] = f1 * x.curvature[Jet::pair(i, j)] + f2 * x.slope[i] * x.slope[j];
  }
  return y;
}

/// The derivatives of a function of two arguments.
struct Derivatives2 {
  double value, by_x, by_y, by_xx, by_xy, by_yy;
};

inline Jet chain(const Jet& x, const Jet& y, const Derivatives2& f) {
  Jet z(f.value);
  for (std::size_t i = 0; i < Jet::variables; ++i) {
    z.slope[i] = f.by_x * x.slope[i] + f.by_y * y.slope[i];
    for (std::size_t j = i; j < Jet::variables; ++j) {
      const std::size_t k = Jet::pair(i, j);
      z.curvature[k] = f.by_x * x.curvature[k] + f.by_y * y.curvature[k] + f.by_xx * x.slope[i] * x.slope[j] +
                       f.by_yy * y.slope[i] * y.slope[j] + f.by_xy * (x.slope[i] * y.slope[j] + x.slope[j] * y.slope[i]);
    }
  }
  return z;
}

inline Jet operator+(Jet a, const Jet& b) {
  a.value += b.value;
  for (std::size_t i = 0; i < a.slope.size(); ++i) a.slope[i] += b.slope[i];
  for (std::size_t i = 0; i < a.curvature.size(); ++i) a.curvature[i] += b.curvature[i];
  return a;
}
inline Jet operator-(const Jet& a) { return chain(a, -a.value, -1, 0); }
inline Jet operator-(const Jet& a, const Jet& b) { return a + -b; }
inline Jet operator*(const Jet& a, const Jet& b) { return chain(a, b, {a.value * b.value, b.value, a.value, 0, 1, 0}); }

inline Jet exp(const Jet& x) {
  const double e = std::exp(x.value);
  return chain(x, e, e, e);
}
inline Jet log(const Jet& x) { return chain(x, std::log(x.value), 1 / x.value, -1 / (x.value * x.value)); }
inline Jet log1p(const Jet& x) {
  const double r = 1 / (1 + x.value);
  return chain(x, std::log1p(x.value), r, -r * r);
}
inline Jet expm1(const Jet& x) {
  const double e = std::exp(x.value);
  return chain(x, std::expm1(x.value), e, e);
}
/// log(1 + e^x), without overflow.
inline Jet softplus(const Jet& x) {
  const double p = x.value > 0 ? 1 / (1 + std::exp(-x.value)) : std::exp(x.value) / (1 + std::exp(x.value));
  return chain(x, std::fmax(x.value, 0.0) + std::log1p(std::exp(-std::fabs(x.value))), p, p * (1 - p));
}
/// log(1 - e^x) for x < 0.
inline Jet log1m_exp(const Jet& x) {
  const double rest = -std::expm1(x.value), e = std::exp(x.value);
  return chain(x, x.value > -0.7 ? std::log(rest) : std::log1p(-e), -e / rest, -e / (rest * rest));
}

}  // namespace coley::statistics
