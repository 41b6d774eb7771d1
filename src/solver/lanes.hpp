// SPDX-License-Identifier: Apache-2.0
#pragma once
// The number type of a batch: W patients side by side, one a lane, in GCC/Clang vector extensions. Every operation acts on
// each lane alone and rounds as the scalar one does, so a patient's result depends neither on the width nor on the
// neighbours. Multiplications and additions are never fused (-ffp-contract=off), for the same reason.
// The same few names work on plain double: a model is written once, as a template over the number type.

#include <immintrin.h>

#include <cstdint>

namespace coley::solver {

#define COLEY_INLINE inline __attribute__((always_inline))

/// The compiler's vectors by width; a vector_size that depends on a template argument is not honoured by GCC 12.
template <int W>
struct Vector;
// clang-format off
template <> struct Vector<2> { typedef double Values __attribute__((vector_size(16))); typedef std::int64_t Bits __attribute__((vector_size(16))); };
template <> struct Vector<4> { typedef double Values __attribute__((vector_size(32))); typedef std::int64_t Bits __attribute__((vector_size(32))); };
template <> struct Vector<8> { typedef double Values __attribute__((vector_size(64))); typedef std::int64_t Bits __attribute__((vector_size(64))); };
// clang-format on

template <int W>
struct Lanes {
  using Values = typename Vector<W>::Values;
  using Bits = typename Vector<W>::Bits;
  static constexpr int kWidth = W;

  Values v;

  Lanes() = default;
  COLEY_INLINE Lanes(double x) : v(x - Values{}) {}
  COLEY_INLINE explicit Lanes(Values x) : v(x) {}

  COLEY_INLINE double operator[](int lane) const { return v[lane]; }
  COLEY_INLINE void set(int lane, double x) { v[lane] = x; }

  friend COLEY_INLINE Lanes operator+(Lanes a, Lanes b) { return Lanes(a.v + b.v); }
  friend COLEY_INLINE Lanes operator-(Lanes a, Lanes b) { return Lanes(a.v - b.v); }
  friend COLEY_INLINE Lanes operator*(Lanes a, Lanes b) { return Lanes(a.v * b.v); }
  friend COLEY_INLINE Lanes operator/(Lanes a, Lanes b) { return Lanes(a.v / b.v); }
  friend COLEY_INLINE Lanes operator-(Lanes a) { return Lanes(-a.v); }
  COLEY_INLINE Lanes& operator+=(Lanes b) { v += b.v; return *this; }
};

/// A truth value a lane: all bits set or none.
template <class Real>
struct Mask;

template <int W>
struct Mask<Lanes<W>> {
  typename Lanes<W>::Bits m;
  friend COLEY_INLINE Mask operator&(Mask a, Mask b) { return {a.m & b.m}; }
  friend COLEY_INLINE Mask operator|(Mask a, Mask b) { return {a.m | b.m}; }
  friend COLEY_INLINE Mask operator!(Mask a) { return {~a.m}; }
  COLEY_INLINE bool operator[](int lane) const { return m[lane] != 0; }
};

template <>
struct Mask<double> {
  bool m;
  friend COLEY_INLINE Mask operator&(Mask a, Mask b) { return {a.m && b.m}; }
  friend COLEY_INLINE Mask operator|(Mask a, Mask b) { return {a.m || b.m}; }
  friend COLEY_INLINE Mask operator!(Mask a) { return {!a.m}; }
  COLEY_INLINE bool operator[](int) const { return m; }
};

template <class Real>
inline constexpr int kWidth = Real::kWidth;
template <>
inline constexpr int kWidth<double> = 1;

// clang-format off
template <int W> COLEY_INLINE Mask<Lanes<W>> less(Lanes<W> a, Lanes<W> b) { return {(typename Lanes<W>::Bits)(a.v < b.v)}; }
COLEY_INLINE Mask<double> less(double a, double b) { return {a < b}; }

template <int W> COLEY_INLINE Mask<Lanes<W>> less_equal(Lanes<W> a, Lanes<W> b) { return {(typename Lanes<W>::Bits)(a.v <= b.v)}; }
COLEY_INLINE Mask<double> less_equal(double a, double b) { return {a <= b}; }

template <int W> COLEY_INLINE Lanes<W> select(Mask<Lanes<W>> m, Lanes<W> a, Lanes<W> b) { return Lanes<W>(m.m ? a.v : b.v); }
COLEY_INLINE double select(Mask<double> m, double a, double b) { return m.m ? a : b; }

template <class Real> COLEY_INLINE Real smaller(Real a, Real b) { return select(less(a, b), a, b); }
template <class Real> COLEY_INLINE Real larger(Real a, Real b) { return select(less(a, b), b, a); }
template <class Real> COLEY_INLINE Real magnitude(Real a) { return larger(a, -a); }

// What the compiler's vectors lack: a vector as registers of the widest kind that the instruction set has.
#if defined(__AVX__)
struct Register { static constexpr int kWidth = 4; using Values = __m256d; };
COLEY_INLINE __m256d square_root(__m256d a) { return _mm256_sqrt_pd(a); }
COLEY_INLINE int signs(__m256d a) { return _mm256_movemask_pd(a); }
#else
struct Register { static constexpr int kWidth = 2; using Values = __m128d; };
COLEY_INLINE __m128d square_root(__m128d a) { return _mm_sqrt_pd(a); }
COLEY_INLINE int signs(__m128d a) { return _mm_movemask_pd(a); }
#endif
template <int W>
union Registers {
  static constexpr int kCount = (W + Register::kWidth - 1) / Register::kWidth;
  typename Lanes<W>::Values values;
  Register::Values parts[kCount];
};

/// Square root; correctly rounded everywhere (IEEE 754), so that every width agrees.
template <int W> COLEY_INLINE Lanes<W> root(Lanes<W> a) {
  Registers<W> r;
  r.values = a.v;
  for (auto& part : r.parts) part = square_root(part);
  return Lanes<W>(r.values);
}
COLEY_INLINE double root(double a) { return __builtin_sqrt(a); }

template <int W> COLEY_INLINE bool any(Mask<Lanes<W>> m) {
  Registers<W> r;
  r.values = (typename Lanes<W>::Values)m.m;
  int all = 0;
  for (const auto& part : r.parts) all |= signs(part);
  return all != 0;
}
COLEY_INLINE bool any(Mask<double> m) { return m.m; }

COLEY_INLINE void set_lane(double& x, int, double value) { x = value; }
template <int W> COLEY_INLINE void set_lane(Lanes<W>& x, int lane, double value) { x.set(lane, value); }
COLEY_INLINE double get_lane(double x, int) { return x; }
template <int W> COLEY_INLINE double get_lane(Lanes<W> x, int lane) { return x[lane]; }
// clang-format on

}  // namespace coley::solver
