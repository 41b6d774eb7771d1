// SPDX-License-Identifier: Apache-2.0
#pragma once
// Random numbers with an address: Philox4x64-10 keyed by (seed, replicate), counted by (patient, purpose, index).
// The same address gives the same number whatever the number of threads, ranks, shards or patients, so one patient can
// be replayed alone and the same patient can be put on every arm (docs/decisions/0004-random-numbers.md).

#include <algorithm>
#include <cstdint>

namespace coley {

/// Which cohort a draw belongs to.
struct DrawKey {
  std::uint64_t seed = 1;
  std::uint64_t replicate = 0;
};

/// A sequence of draws for one patient and one purpose. Cheap to make, copy and drop; two streams with the same address
/// give the same numbers.
class Stream {
 public:
  Stream(DrawKey key, std::uint64_t patient, std::uint64_t purpose) : key_(key), patient_(patient), purpose_(purpose) {}

  /// Uniform on the open interval (0, 1), 53 bits.
  double uniform();
  /// Standard normal, by inversion: monotone in the underlying uniform.
  double normal();
  /// Standard exponential, by inversion.
  double exponential();

 private:
  DrawKey key_;
  std::uint64_t patient_;
  std::uint64_t purpose_;
  std::uint64_t index_ = 0;
  std::uint64_t block_[4] = {};
};

/// 2^53 equally likely midpoints between 0 and 1, but for the last, which would round to 1 and is the number before it.
inline double open_unit(std::uint64_t bits) { return std::min((static_cast<double>(bits >> 11) + 0.5) * 0x1.0p-53, 1 - 0x1.0p-53); }

/// Quantile of the standard normal distribution at p in (0, 1).
double normal_quantile(double p);

/// Standard normal distribution function.
double normal_cdf(double z);

}  // namespace coley
