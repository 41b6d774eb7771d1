// SPDX-License-Identifier: Apache-2.0
#pragma once
// exp and log for every number type, made of the same additions and multiplications in the same order, so that scalar and
// vector paths agree to the last bit. Relative error below 4e-16 (exp) and 5e-16 (log) in double precision, 2e-7 and 2e-7 in
// single; tests hold them against libm.

#include <bit>
#include <cstdint>

#include "solver/lanes.hpp"

namespace coley::solver {

namespace detail {

/// How a floating-point number is laid out.
template <class Scalar>
struct Layout;
template <>
struct Layout<double> {
  using Bits = std::int64_t;
  static constexpr int kMantissaBits = 52, kBias = 1023;
  static constexpr double kRound = 0x1.8p52;  // adding it rounds to the nearest integer and leaves that in the low bits
  static constexpr double kUnit = 0x1.0p52;
  static constexpr Bits kMantissa = 0x000fffffffffffff, kHalf = 0x3fe0000000000000;  // exponent bits of 0.5
  static constexpr double kLimit = 708;                                              // of the argument of exp
  // ln 2 in two parts, the first exact in so few bits that its product with an exponent is exact
  static constexpr double kLn2High = 0x1.62e42feep-1, kLn2Low = 0x1.a39ef35793c76p-33;
};
template <>
struct Layout<float> {
  using Bits = std::int32_t;
  static constexpr int kMantissaBits = 23, kBias = 127;
  static constexpr double kRound = 0x1.8p23;
  static constexpr float kUnit = 0x1.0p23f;
  static constexpr Bits kMantissa = 0x007fffff, kHalf = 0x3f000000;
  static constexpr double kLimit = 87;
  static constexpr double kLn2High = 0x1.63p-1, kLn2Low = -0x1.bd0105c610ca8p-13;
};
template <class Real>
using LayoutOf = Layout<typename ScalarOf<Real>::Type>;

/// 2^n for whole n within the range of normal numbers, given as kRound + n.
template <class Scalar>
COLEY_INLINE Scalar power_of_two(Scalar rounded) {
  using L = Layout<Scalar>;
  return std::bit_cast<Scalar>((std::bit_cast<typename L::Bits>(rounded) + L::kBias) << L::kMantissaBits);
}
template <class Scalar, int W>
COLEY_INLINE Lanes<Scalar, W> power_of_two(Lanes<Scalar, W> rounded) {
  using L = Layout<Scalar>;
  using V = Lanes<Scalar, W>;
  return V((typename V::Values)(((typename V::Bits)rounded.v + L::kBias) << L::kMantissaBits));
}

/// x = fraction * 2^exponent with fraction in [0.5, 1), for normal positive x.
template <class Scalar>
COLEY_INLINE void split(Scalar x, Scalar& fraction, Scalar& exponent) {
  using L = Layout<Scalar>;
  const auto bits = std::bit_cast<typename L::Bits>(x), unit = std::bit_cast<typename L::Bits>(L::kUnit);
  fraction = std::bit_cast<Scalar>((bits & L::kMantissa) | L::kHalf);
  exponent = std::bit_cast<Scalar>((bits >> L::kMantissaBits) | unit) - L::kUnit - (L::kBias - 1);
}
template <class Scalar, int W>
COLEY_INLINE void split(Lanes<Scalar, W> x, Lanes<Scalar, W>& fraction, Lanes<Scalar, W>& exponent) {
  using L = Layout<Scalar>;
  using V = Lanes<Scalar, W>;
  const auto bits = (typename V::Bits)x.v;
  const auto unit = std::bit_cast<typename L::Bits>(L::kUnit);
  fraction = V((typename V::Values)((bits & L::kMantissa) | L::kHalf));
  exponent = V((typename V::Values)((bits >> L::kMantissaBits) | unit)) - V(double{L::kUnit}) - V(L::kBias - 1.0);
}

/// sum of coefficient(k) z^(k - To) over k = To .. From, by Horner's scheme.
template <int From, int To, class Real, class Coefficient>
COLEY_INLINE Real horner(Real z, Coefficient coefficient) {
  Real p = Real(coefficient(From));
  for (int k = From - 1; k >= To; --k) p = p * z + Real(coefficient(k));
  return p;
}

constexpr double inverse_factorial(int n) {
  double factorial = 1;
  for (int k = 2; k <= n; ++k) factorial *= k;
  return 1.0 / factorial;
}
}  // namespace detail

/// e^x; x is limited to [-708, 708], in single precision to [-87, 87].
template <class Real>
COLEY_INLINE Real exp(Real x) {
  using L = detail::LayoutOf<Real>;
  x = larger(smaller(x, Real(L::kLimit)), Real(-L::kLimit));
  const Real rounded = x * Real(1.4426950408889634) + Real(L::kRound);
  const Real n = rounded - Real(L::kRound);
  const Real r = (x - n * Real(L::kLn2High)) - n * Real(L::kLn2Low);
  // Taylor: |r| <= ln2/2; to r^12 the remainder is below 2e-16, to r^7 below 6e-9
  const Real p = detail::horner<kSingle<Real> ? 7 : 12, 2>(r, [](int k) constexpr { return detail::inverse_factorial(k); });
  return (p * (r * r) + r + Real(1.0)) * detail::power_of_two(rounded);
}

/// ln x for normal positive x.
template <class Real>
COLEY_INLINE Real log(Real x) {
  using L = detail::LayoutOf<Real>;
  Real fraction, exponent;
  detail::split(x, fraction, exponent);
  const auto low = less(fraction, Real(0.70710678118654752));
  fraction = select(low, fraction + fraction, fraction);
  exponent = select(low, exponent - Real(1.0), exponent);
  // ln f = 2 artanh(s), s = (f-1)/(f+1), |s| <= 0.1716; to s^21 the remainder is below 1e-17, to s^9 below 2e-9 of ln f
  const Real s = (fraction - Real(1.0)) / (fraction + Real(1.0));
  const Real z = s * s;
  const Real p = detail::horner<kSingle<Real> ? 4 : 10, 1>(z, [](int k) constexpr { return 2.0 / (2 * k + 1); });
  const Real tail = s * z * p + exponent * Real(L::kLn2Low);
  return exponent * Real(L::kLn2High) + (s + s + tail);
}

}  // namespace coley::solver
