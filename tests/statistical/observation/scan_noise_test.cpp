// SPDX-License-Identifier: Apache-2.0
// Readings follow the stated error and detection curve, within four standard errors.
#include <gtest/gtest.h>

#include <cmath>

#include "core/random.hpp"
#include "core/units.hpp"
#include "observation/scan.hpp"

namespace coley {
namespace {

constexpr int kScans = 100000;

TEST(ScanNoise, MeanAndVarianceOfTheReading) {
  Stream stream({11, 0}, 0, 0);
  const ScannedLesion lesion{.volume = volume_cm3(50), .organ = Organ::lung, .known = true};
  const ScanError error;
  double sum = 0, squares = 0;
  for (int i = 0; i < kScans; ++i) {
    const double mm = read_lesion(lesion, {stream.normal(), stream.normal(), stream.uniform()}, error).mm;
    sum += mm;
    squares += mm * mm;
  }
  const double log_variance = error.relative_sd * error.relative_sd;
  const double mean = 50 * std::exp(log_variance / 2);
  const double rounding = 1.0 / 12;
  const double variance =
      mean * mean * std::expm1(log_variance) + error.additive_sd_mm * error.additive_sd_mm + rounding;
  const double observed_mean = sum / kScans;
  const double observed_variance = squares / kScans - observed_mean * observed_mean;
  EXPECT_NEAR(observed_mean, mean, 4 * std::sqrt(variance / kScans));
  // The log-normal part has kurtosis a little above 3; 2.3 bounds (kurtosis - 1) for a sd of 8 %.
  EXPECT_NEAR(observed_variance, variance, 4 * variance * std::sqrt(2.3 / kScans));
}

TEST(ScanNoise, ShareDetected) {
  Stream stream({12, 0}, 0, 0);
  for (const double mm : {4.0, 5.0, 6.0, 8.0}) {
    const ScannedLesion lesion{.volume = volume_cm3(mm), .organ = Organ::lung};
    int seen = 0;
    for (int i = 0; i < kScans; ++i) {
      seen += read_lesion(lesion, {stream.normal(), stream.normal(), stream.uniform()}, {}).mm > 0 ? 1 : 0;
    }
    const double p = 1 / (1 + std::pow(5 / mm, 8));
    EXPECT_NEAR(seen / double{kScans}, p, 4 * std::sqrt(p * (1 - p) / kScans)) << mm << " mm";
  }
}

}  // namespace
}  // namespace coley
