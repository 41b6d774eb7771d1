// SPDX-License-Identifier: Apache-2.0
#include "exchange/prevalence.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"

namespace coley::exchange {
namespace {

TEST(Prevalence, TwoLevelsHaveTheirRatioAsWeight) {
  const Table table = Table::parse("ID,SEX\n1,F\n2,M\n3,M\n4,M\n", "t.csv");
  const PrevalenceReport report = prevalence_weights(table, {parse_target("SEX:F=0.4")});
  EXPECT_NEAR(report.weights.weights[0], 1.6, 1e-9);       // 0.4 of four
  EXPECT_NEAR(report.weights.weights[1], 2.4 / 3, 1e-9);
  EXPECT_NEAR(report.unweighted[0], 0.25, 1e-12);
  EXPECT_NEAR(report.weighted[0], 0.4, 1e-9);
  EXPECT_NEAR(report.weights.effective_sample_size, 16 / (1.6 * 1.6 + 3 * 0.8 * 0.8), 1e-9);
}

/// The largest entropy under a mean is an exponential tilt: log weights are linear in the quantity.
TEST(Prevalence, MeanTiltsExponentially) {
  const Table table = Table::parse("AGE\n40\n50\n60\n70\n", "t.csv");
  const PrevalenceReport report = prevalence_weights(table, {parse_target("AGE=60")});
  EXPECT_NEAR(report.weighted[0], 60, 1e-6);
  const auto step = [&](int i) { return std::log(report.weights.weights[i + 1] / report.weights.weights[i]); };
  EXPECT_NEAR(step(0), step(1), 1e-6);
  EXPECT_NEAR(step(1), step(2), 1e-6);
}

TEST(Prevalence, RowsStayAsTheyAre) {
  const Table table = Table::parse("A,NOTE\n1,\"x, \"\"y\"\"\"\n2,z\n", "t.csv");
  const PrevalenceReport report = prevalence_weights(table, {parse_target("A=1.5")});
  EXPECT_EQ(with_weights(table, report.weights, "W"), "A,NOTE,W\n1,\"x, \"\"y\"\"\",1\n2,z,1\n");
  EXPECT_THROW(with_weights(table, report.weights, "NOTE"), InputError);
}

TEST(Prevalence, WhatCannotBeHadIsRefused) {
  const Table table = Table::parse("A,S\n1,x\n2,y\n", "t.csv");
  for (const char* bad : {"A", "A=", "=3", "A=x", "S:=0.5", "S:x=1.2", "S:x=0", "A=nan"}) EXPECT_THROW(parse_target(bad), InputError) << bad;
  EXPECT_THROW(prevalence_weights(table, {parse_target("A=3")}), InputError);
  EXPECT_THROW(prevalence_weights(table, {parse_target("S:z=0.5")}), InputError);
  EXPECT_THROW(prevalence_weights(table, {parse_target("S=1")}), InputError);
}

}  // namespace
}  // namespace coley::exchange
