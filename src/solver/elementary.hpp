// SPDX-License-Identifier: Apache-2.0
#pragma once
// exp and log for every number type, made of the same additions and multiplications in the same order, so that scalar and
// vector paths agree to the last bit. Relative error below 4e-16 (exp) and 5e-16 (log); tests hold them against libm.

#include <bit>
#include <cstdint>

#include "solver/lanes.hpp"

namespace coley::solver {

namespace detail {
inline constexpr double kRound = 0x1.8p52;  // adding it rounds to the nearest integer and leaves that in the low bits
inline constexpr double kTwo52 = 0x1.0p52;
inline constexpr std::int64_t kMantissa = 0x000fffffffffffff;
inline constexpr std::int64_t kHalf = 0x3fe0000000000000;  // exponent bits of 0.5

/// 2^n for whole n in [-1022, 1023], given as kRound + n.
COLEY_INLINE double power_of_two(double rounded) {
  return std::bit_cast<double>((std::bit_cast<std::int64_t>(rounded) + 1023) << 52);
}
template <int W>
COLEY_INLINE Lanes<W> power_of_two(Lanes<W> rounded) {
  using Bits = typename Lanes<W>::Bits;
  return Lanes<W>((typename Lanes<W>::Values)(((Bits)rounded.v + 1023) << 52));
}

/// x = fraction * 2^exponent with fraction in [0.5, 1), for normal positive x.
COLEY_INLINE void split(double x, double& fraction, double& exponent) {
  const std::int64_t bits = std::bit_cast<std::int64_t>(x);
  fraction = std::bit_cast<double>((bits & kMantissa) | kHalf);
  exponent = std::bit_cast<double>((bits >> 52) | std::bit_cast<std::int64_t>(kTwo52)) - kTwo52 - 1022.0;
}
template <int W>
COLEY_INLINE void split(Lanes<W> x, Lanes<W>& fraction, Lanes<W>& exponent) {
  using Bits = typename Lanes<W>::Bits;
  using Values = typename Lanes<W>::Values;
  const Bits bits = (Bits)x.v;
  fraction = Lanes<W>((Values)((bits & kMantissa) | kHalf));
  exponent = Lanes<W>((Values)((bits >> 52) | std::bit_cast<std::int64_t>(kTwo52))) - Lanes<W>(kTwo52) - Lanes<W>(1022.0);
}
}  // namespace detail

/// e^x; x is limited to [-708, 708].
template <class Real>
COLEY_INLINE Real exp(Real x) {
  x = larger(smaller(x, Real(708.0)), Real(-708.0));
  const Real rounded = x * Real(1.4426950408889634) + Real(detail::kRound);
  const Real n = rounded - Real(detail::kRound);
  // ln 2 in two parts, the first exact in 32 bits, so that n*high is exact
  const Real r = (x - n * Real(0x1.62e42feep-1)) - n * Real(0x1.a39ef35793c76p-33);
  // Taylor to r^12: |r| <= ln2/2, remainder below 2e-16
  Real p = Real(1.0 / 479001600.0);
  p = p * r + Real(1.0 / 39916800.0);
  p = p * r + Real(1.0 / 3628800.0);
  p = p * r + Real(1.0 / 362880.0);
  p = p * r + Real(1.0 / 40320.0);
  p = p * r + Real(1.0 / 5040.0);
  p = p * r + Real(1.0 / 720.0);
  p = p * r + Real(1.0 / 120.0);
  p = p * r + Real(1.0 / 24.0);
  p = p * r + Real(1.0 / 6.0);
  p = p * r + Real(0.5);
  p = p * (r * r) + r;
  return (p + Real(1.0)) * detail::power_of_two(rounded);
}

/// ln x for normal positive x.
template <class Real>
COLEY_INLINE Real log(Real x) {
  Real fraction, exponent;
  detail::split(x, fraction, exponent);
  const auto low = less(fraction, Real(0.70710678118654752));
  fraction = select(low, fraction + fraction, fraction);
  exponent = select(low, exponent - Real(1.0), exponent);
  // ln f = 2 artanh(s), s = (f-1)/(f+1), |s| <= 0.1716; series to s^21, remainder below 1e-17
  const Real s = (fraction - Real(1.0)) / (fraction + Real(1.0));
  const Real z = s * s;
  Real p = Real(2.0 / 21.0);
  p = p * z + Real(2.0 / 19.0);
  p = p * z + Real(2.0 / 17.0);
  p = p * z + Real(2.0 / 15.0);
  p = p * z + Real(2.0 / 13.0);
  p = p * z + Real(2.0 / 11.0);
  p = p * z + Real(2.0 / 9.0);
  p = p * z + Real(2.0 / 7.0);
  p = p * z + Real(2.0 / 5.0);
  p = p * z + Real(2.0 / 3.0);
  const Real tail = s * z * p + exponent * Real(0x1.a39ef35793c76p-33);
  return exponent * Real(0x1.62e42feep-1) + (s + s + tail);
}

}  // namespace coley::solver
