// SPDX-License-Identifier: Apache-2.0
// The expected log-rank test against the tests of simulated trials with a delayed effect, drop-out and staggered entry.
#include "statistics/expected_log_rank.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random.hpp"

namespace coley::statistics {
namespace {

constexpr double kCutOff = 36, kDelay = 6;
const TwoArmAccrual kTrial{{{{0, kDelay}, {0.06, 0.036}}, 0.005}, {{{0}, {0.06}}, 0.005}, 1, {{0, 12}, {1}}};

/// Time to event at the hazards of the arm, by inversion of the cumulative hazard.
double event_time(Stream& stream, int arm) {
  const double h = stream.exponential();
  return arm == 0 || h < 0.06 * kDelay ? h / 0.06 : kDelay + (h - 0.06 * kDelay) / 0.036;
}

/// Z of one simulated trial, above 0 in favour of treatment.
double simulated_z(std::uint64_t replicate, int patients, const LogRankWeight& weight) {
  std::vector<double> time;
  std::vector<std::uint8_t> event;
  std::vector<int> group;
  for (int i = 0; i < patients; ++i) {
    Stream stream({7, replicate}, static_cast<std::uint64_t>(i), 3);
    const int arm = i % 2;
    const double entry = 12 * stream.uniform(), dropout = stream.exponential() / 0.005, death = event_time(stream, arm);
    const double last = std::min(dropout, kCutOff - entry);
    time.push_back(std::min(death, last));
    event.push_back(death <= last);
    group.push_back(arm);
  }
  return -log_rank({.time = time, .event = event, .group = group, .groups = 2}, weight).z();
}

TEST(ExpectedLogRank, HasThePowerOfSimulatedTrials) {
  constexpr int kTrials = 2000, kPatients = 500;
  for (const LogRankWeight& weight : {LogRankWeight{}, LogRankWeight::fh(0, 1),
                                      LogRankWeight{LogRankWeight::Kind::modestly_weighted, 0, 0, 12}}) {
    int rejected = 0;
    double mean = 0;
    for (int r = 0; r < kTrials; ++r) {
      const double z = simulated_z(static_cast<std::uint64_t>(r), kPatients, weight);
      rejected += z > 1.959964;
      mean += z / kTrials;
    }
    const double power = log_rank_power(kTrial, kCutOff, kPatients, 0.025, weight);
    const double share = static_cast<double>(rejected) / kTrials, se = std::sqrt(power * (1 - power) / kTrials);
    // Z has a standard deviation within a few per cent of 1, which the formula takes as 1: 1.5 points of power.
    EXPECT_NEAR(share, power, 4 * se + 0.015) << weight.name();
    EXPECT_NEAR(mean, expected_log_rank(kTrial, kCutOff, weight).drift(kPatients), 4 / std::sqrt(double(kTrials)) + 0.02)
        << weight.name();
  }
}

}  // namespace
}  // namespace coley::statistics
