// SPDX-License-Identifier: Apache-2.0
#pragma once
// The number type of a batch: W patients side by side, one a lane, in GCC/Clang vector extensions, in single or in double
// precision. Every operation acts on each lane alone and rounds as the scalar one does, so a patient's result depends neither
// on the width nor on the neighbours. Multiplications and additions are never fused (-ffp-contract=off), for the same reason.
// The same few names work on plain float and double: a model is written once, as a template over the number type.

#include <immintrin.h>

#include <cstdint>

namespace coley::solver {

#define COLEY_INLINE inline __attribute__((always_inline))

/// The compiler's vectors by type and width; a vector_size that depends on a template argument is not honoured by GCC 12.
template <class Scalar, int W>
struct Vector;
// clang-format off
template <> struct Vector<double, 2> { typedef double Values __attribute__((vector_size(16))); typedef std::int64_t Bits __attribute__((vector_size(16))); };
template <> struct Vector<double, 4> { typedef double Values __attribute__((vector_size(32))); typedef std::int64_t Bits __attribute__((vector_size(32))); };
template <> struct Vector<float, 4> { typedef float Values __attribute__((vector_size(16))); typedef std::int32_t Bits __attribute__((vector_size(16))); };
template <> struct Vector<float, 8> { typedef float Values __attribute__((vector_size(32))); typedef std::int32_t Bits __attribute__((vector_size(32))); };
template <> struct Vector<float, 16> { typedef float Values __attribute__((vector_size(64))); typedef std::int32_t Bits __attribute__((vector_size(64))); };
// clang-format on

template <class Scalar, int W>
struct Lanes {
  using Values = typename Vector<Scalar, W>::Values;
  using Bits = typename Vector<Scalar, W>::Bits;
  static constexpr int kWidth = W;

  Values v;

  Lanes() = default;
  COLEY_INLINE Lanes(double x) : v(static_cast<Scalar>(x) - Values{}) {}
  COLEY_INLINE explicit Lanes(Values x) : v(x) {}

  COLEY_INLINE double operator[](int lane) const { return static_cast<double>(v[lane]); }
  COLEY_INLINE void set(int lane, double x) { v[lane] = static_cast<Scalar>(x); }

  friend COLEY_INLINE Lanes operator+(Lanes a, Lanes b) { return Lanes(a.v + b.v); }
  friend COLEY_INLINE Lanes operator-(Lanes a, Lanes b) { return Lanes(a.v - b.v); }
  friend COLEY_INLINE Lanes operator*(Lanes a, Lanes b) { return Lanes(a.v * b.v); }
  friend COLEY_INLINE Lanes operator/(Lanes a, Lanes b) { return Lanes(a.v / b.v); }
  friend COLEY_INLINE Lanes operator-(Lanes a) { return Lanes(-a.v); }
  COLEY_INLINE Lanes& operator+=(Lanes b) { v += b.v; return *this; }
};

/// Scalar type of a number type: its own, or that of its lanes.
template <class Real>
struct ScalarOf {
  using Type = Real;
};
template <class Scalar, int W>
struct ScalarOf<Lanes<Scalar, W>> {
  using Type = Scalar;
};
template <class Real>
inline constexpr bool kSingle = sizeof(typename ScalarOf<Real>::Type) == sizeof(float);

/// A truth value a lane: all bits set or none.
template <class Real>
struct Mask {
  bool m;
  friend COLEY_INLINE Mask operator&(Mask a, Mask b) { return {a.m && b.m}; }
  friend COLEY_INLINE Mask operator|(Mask a, Mask b) { return {a.m || b.m}; }
  friend COLEY_INLINE Mask operator!(Mask a) { return {!a.m}; }
  COLEY_INLINE bool operator[](int) const { return m; }
};

template <class Scalar, int W>
struct Mask<Lanes<Scalar, W>> {
  typename Lanes<Scalar, W>::Bits m;
  friend COLEY_INLINE Mask operator&(Mask a, Mask b) { return {a.m & b.m}; }
  friend COLEY_INLINE Mask operator|(Mask a, Mask b) { return {a.m | b.m}; }
  friend COLEY_INLINE Mask operator!(Mask a) { return {~a.m}; }
  COLEY_INLINE bool operator[](int lane) const { return m[lane] != 0; }
};

template <class Real>
inline constexpr int kWidth = 1;
template <class Scalar, int W>
inline constexpr int kWidth<Lanes<Scalar, W>> = W;

// clang-format off
template <class S, int W> COLEY_INLINE Mask<Lanes<S, W>> less(Lanes<S, W> a, Lanes<S, W> b) { return {(typename Lanes<S, W>::Bits)(a.v < b.v)}; }
template <class S, int W> COLEY_INLINE Mask<Lanes<S, W>> less_equal(Lanes<S, W> a, Lanes<S, W> b) { return {(typename Lanes<S, W>::Bits)(a.v <= b.v)}; }
template <class S, int W> COLEY_INLINE Lanes<S, W> select(Mask<Lanes<S, W>> m, Lanes<S, W> a, Lanes<S, W> b) { return Lanes<S, W>(m.m ? a.v : b.v); }
COLEY_INLINE Mask<double> less(double a, double b) { return {a < b}; }
COLEY_INLINE Mask<double> less_equal(double a, double b) { return {a <= b}; }
COLEY_INLINE double select(Mask<double> m, double a, double b) { return m.m ? a : b; }
COLEY_INLINE Mask<float> less(float a, float b) { return {a < b}; }
COLEY_INLINE Mask<float> less_equal(float a, float b) { return {a <= b}; }
COLEY_INLINE float select(Mask<float> m, float a, float b) { return m.m ? a : b; }

template <class Real> COLEY_INLINE Real smaller(Real a, Real b) { return select(less(a, b), a, b); }
template <class Real> COLEY_INLINE Real larger(Real a, Real b) { return select(less(a, b), b, a); }
template <class Real> COLEY_INLINE Real magnitude(Real a) { return larger(a, -a); }

// What the compiler's vectors lack: a vector as registers of the widest kind that the instruction set has.
#if defined(__AVX__)
template <class Scalar> struct Register { using Values = __m256d; };
template <> struct Register<float> { using Values = __m256; };
COLEY_INLINE __m256d square_root(__m256d a) { return _mm256_sqrt_pd(a); }
COLEY_INLINE __m256 square_root(__m256 a) { return _mm256_sqrt_ps(a); }
COLEY_INLINE int signs(__m256d a) { return _mm256_movemask_pd(a); }
COLEY_INLINE int signs(__m256 a) { return _mm256_movemask_ps(a); }
#else
template <class Scalar> struct Register { using Values = __m128d; };
template <> struct Register<float> { using Values = __m128; };
COLEY_INLINE __m128d square_root(__m128d a) { return _mm_sqrt_pd(a); }
COLEY_INLINE __m128 square_root(__m128 a) { return _mm_sqrt_ps(a); }
COLEY_INLINE int signs(__m128d a) { return _mm_movemask_pd(a); }
COLEY_INLINE int signs(__m128 a) { return _mm_movemask_ps(a); }
#endif
template <class Scalar, int W>
union Registers {
  using Part = typename Register<Scalar>::Values;
  static constexpr int kCount = sizeof(Scalar) * W < sizeof(Part) ? 1 : static_cast<int>(sizeof(Scalar) * W / sizeof(Part));
  typename Lanes<Scalar, W>::Values values;
  Part parts[kCount];
};

/// Square root; correctly rounded everywhere (IEEE 754), so that every width agrees.
template <class Scalar, int W> COLEY_INLINE Lanes<Scalar, W> root(Lanes<Scalar, W> a) {
  Registers<Scalar, W> r;
  r.values = a.v;
  for (auto& part : r.parts) part = square_root(part);
  return Lanes<Scalar, W>(r.values);
}
COLEY_INLINE double root(double a) { return __builtin_sqrt(a); }
COLEY_INLINE float root(float a) { return __builtin_sqrtf(a); }

template <class Scalar, int W> COLEY_INLINE bool any(Mask<Lanes<Scalar, W>> m) {
  Registers<Scalar, W> r;
  r.values = (typename Lanes<Scalar, W>::Values)m.m;
  int all = 0;
  for (const auto& part : r.parts) all |= signs(part);
  return all != 0;
}
template <class Real> COLEY_INLINE bool any(Mask<Real> m) { return m.m; }

COLEY_INLINE void set_lane(double& x, int, double value) { x = value; }
COLEY_INLINE void set_lane(float& x, int, double value) { x = static_cast<float>(value); }
template <class S, int W> COLEY_INLINE void set_lane(Lanes<S, W>& x, int lane, double value) { x.set(lane, value); }
COLEY_INLINE double get_lane(double x, int) { return x; }
COLEY_INLINE double get_lane(float x, int) { return static_cast<double>(x); }
template <class S, int W> COLEY_INLINE double get_lane(Lanes<S, W> x, int lane) { return x[lane]; }
// clang-format on

}  // namespace coley::solver
