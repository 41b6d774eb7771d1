// SPDX-License-Identifier: Apache-2.0
// The shipped example says what its README says.
#include <gtest/gtest.h>

#include <cmath>

#include "exchange/study_table.hpp"
#include "statistics/survival_gain.hpp"

namespace coley {
namespace {

exchange::Studies example(const char* file, const char* label) {
  const std::string path = std::string(COLEY_SOURCE_DIR) + "/examples/interferon/" + file;
  return exchange::read_studies(exchange::Table::read(path), {.study = label, .values = {"hr", "low", "high"}});
}

TEST(Interferon, OnlyOneTrialHasAPublishedRatio) {
  const exchange::Studies s = example("trials.csv", "trial");
  ASSERT_EQ(s.labels, std::vector<std::string>{"MRC RE01"});
  EXPECT_EQ(s.left_out.size(), 3u);
  EXPECT_NEAR(std::exp(s.effects[0].estimate), 0.72, 1e-12);
  EXPECT_NEAR(statistics::median_gain(0.72, {.median = 6.0}), 2.3, 0.05);
}

TEST(Interferon, TheTwoPartsOfTheEditionOf2005GiveItBack) {
  const auto studies = example("mrc_and_rest_of_2005.csv", "part").effects;
  const auto pooled = statistics::pool(studies, {.method = statistics::TauMethod::fixed});
  EXPECT_NEAR(std::exp(pooled.effect.estimate), 0.74, 5e-4);
  // The published limits, 0.63 and 0.88, are not quite symmetric about 0.74 on the log scale.
  EXPECT_NEAR(std::exp(pooled.effect.interval.low), 0.626, 1e-3);
  EXPECT_NEAR(std::exp(pooled.effect.interval.high), 0.875, 1e-3);
  EXPECT_NEAR(statistics::pooling_weights(studies, 0)[0], 0.39, 5e-3);
  EXPECT_NEAR(pooled.heterogeneity.q, 0.07, 5e-3);
}

TEST(Interferon, TheEditionsImplyTheBaselinesNamed) {
  EXPECT_NEAR(statistics::median_gain(0.78, {.median = 9.2}), 2.6, 0.05);
  EXPECT_NEAR(statistics::median_gain(0.74, {.median = 10.8}), 3.8, 0.05);
  EXPECT_NEAR(statistics::median_gain(0.78, {.median = 6.0}), 1.7, 0.05);
}

}  // namespace
}  // namespace coley
