// SPDX-License-Identifier: Apache-2.0
#include "statistics/cox_kernels.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "solver/elementary.hpp"

namespace coley::statistics {
namespace {

COLEY_INLINE void four_exponentials(double* values) {
  solver::Lanes<double, 4> x;
  std::memcpy(&x.v, values, sizeof x.v);
  x = select(less(solver::Lanes<double, 4>(708.0), x), solver::Lanes<double, 4>(std::numeric_limits<double>::infinity()), solver::exp(x));
  std::memcpy(values, &x.v, sizeof x.v);
}

COLEY_INLINE void exponentials_of(double* values, std::size_t count) {
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) four_exponentials(values + i);
  double rest[4] = {};
  std::copy(values + i, values + count, rest);
  four_exponentials(rest);
  std::copy_n(rest, count - i, values + i);
}
__attribute__((target("avx2"))) void exponentials_avx2(double* values, std::size_t count) { exponentials_of(values, count); }
void exponentials_any(double* values, std::size_t count) { exponentials_of(values, count); }

COLEY_INLINE void add_dot(const double* a, const double* b, std::size_t count, double* lanes) {
  double total[kSumLanes];  // of its own, so that the compiler keeps it in registers
  std::copy_n(lanes, kSumLanes, total);
  std::size_t i = 0;
  for (; i + kSumLanes <= count; i += kSumLanes)
    for (std::size_t lane = 0; lane < kSumLanes; ++lane) total[lane] += a[i + lane] * b[i + lane];
  for (; i < count; ++i) total[i % kSumLanes] += a[i] * b[i];
  std::copy_n(total, kSumLanes, lanes);
}

COLEY_INLINE void moments_of(const double* w, const double* const* columns, std::size_t p, std::size_t from, std::size_t count, double* first, double* second) {
  constexpr std::size_t kBlock = 256;
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    const std::size_t size = std::min(kBlock, count - begin), at = from + begin;
    double* lanes = second;
    for (std::size_t a = 0; a < p; ++a) {
      add_dot(w + begin, columns[a] + at, size, first + a * kSumLanes);
      if (second == nullptr) continue;
      double weighted[kBlock];
      for (std::size_t i = 0; i < size; ++i) weighted[i] = w[begin + i] * columns[a][at + i];
      for (std::size_t b = 0; b <= a; ++b, lanes += kSumLanes) add_dot(weighted, columns[b] + at, size, lanes);
    }
  }
}
__attribute__((target("avx2"))) void moments_avx2(const double* w, const double* const* columns, std::size_t p, std::size_t from, std::size_t count, double* first, double* second) {
  moments_of(w, columns, p, from, count, first, second);
}
void moments_any(const double* w, const double* const* columns, std::size_t p, std::size_t from, std::size_t count, double* first, double* second) {
  moments_of(w, columns, p, from, count, first, second);
}

}  // namespace

void exponentials(double* values, std::size_t count) {
  static const auto compute = __builtin_cpu_supports("avx2") ? exponentials_avx2 : exponentials_any;
  compute(values, count);
}

void add_moments(const double* w, const double* const* columns, std::size_t p, std::size_t from, std::size_t count, double* first, double* second) {
  static const auto compute = __builtin_cpu_supports("avx2") ? moments_avx2 : moments_any;
  compute(w, columns, p, from, count, first, second);
}

}  // namespace coley::statistics
