// SPDX-License-Identifier: Apache-2.0
#include "credibility/effects.hpp"

#include <gtest/gtest.h>

#include <set>

#include "core/error.hpp"
#include "protocol/shipped.hpp"
#include "protocol/trial_inputs.hpp"

namespace coley::credibility {
namespace {

using report::Estimate;
using report::Scale;

Estimate days(double value, double half) { return {value, value - half, value + half}; }

TEST(Effects, AreGoneSmallerOrLargerWithoutTheirMechanism) {
  const auto finding = [](Estimate with, Estimate without) { return compare(with, without, Scale::months, 0.0); };
  EXPECT_EQ(finding(days(100, 10), days(3, 5)), Finding::gone);
  EXPECT_EQ(finding(days(100, 10), days(8, 1)), Finding::gone);  // certain, and hardly anything
  EXPECT_EQ(finding(days(100, 10), days(50, 10)), Finding::smaller);
  EXPECT_EQ(finding(days(100, 10), days(90, 10)), Finding::no_difference);
  EXPECT_EQ(finding(days(100, 10), days(150, 10)), Finding::larger);
  EXPECT_EQ(finding(days(-100, 10), days(-50, 10)), Finding::smaller);
  EXPECT_EQ(finding(days(100, 10), days(-50, 10)), Finding::reversed);
  EXPECT_EQ(finding(days(5, 10), days(50, 10)), Finding::no_effect);
  EXPECT_EQ(finding(days(100, 10), Estimate{}), Finding::not_estimable);
}

TEST(Effects, OfARatioAreComparedOnItsLogarithm) {
  const auto ratio = [](double value, double factor) { return Estimate{value, value / factor, value * factor}; };
  EXPECT_EQ(compare(ratio(0.5, 1.1), ratio(1.0, 1.1), Scale::ratio, 1.0), Finding::gone);
  EXPECT_EQ(compare(ratio(0.5, 1.1), ratio(0.7, 1.1), Scale::ratio, 1.0), Finding::smaller);
  EXPECT_EQ(compare(ratio(1.0, 1.1), ratio(0.7, 1.1), Scale::ratio, 1.0), Finding::no_effect);
}

TEST(Effects, OfALevelFallOrRise) {
  EXPECT_EQ(compare(days(0.2, 0.02), days(0.1, 0.02), Scale::probability, std::nullopt), Finding::falls);
  EXPECT_EQ(compare(days(0.1, 0.02), days(0.2, 0.02), Scale::probability, std::nullopt), Finding::rises);
  EXPECT_EQ(compare(days(0.1, 0.02), days(0.11, 0.02), Scale::probability, std::nullopt), Finding::no_difference);
}

/// Every switch of the table is one that the trial reads, and every document has its rows.
TEST(Effects, OfTheTableCanBeSwitchedOff) {
  std::set<std::string> documents;
  for (const Effect& effect : read_effects(*shipped_text("evidence/effects.toml"), "evidence/effects.toml")) {
    documents.insert(effect.document);
    std::vector<std::string> sets = effect.sets;
    sets.insert(sets.end(), effect.off.begin(), effect.off.end());
    EXPECT_NO_THROW(read_trial(effect.trial, sets)) << effect.claim;
  }
  EXPECT_EQ(documents, (std::set<std::string>{"000", "001", "002", "003", "004"}));
}

TEST(Effects, AFigureThatTheTrialDoesNotHaveIsRefused) {
  report::Summary summary;
  summary.arms.push_back({.name = "drug"});
  for (const char* figure : {"gain", "hazard_ratio", "survival", "flow.nonsense"}) {
    Effect effect{.claim = "something", .trial = "keynote-564", .figure = figure};
    EXPECT_THROW(figure_of(summary, effect), InputError) << figure;
  }
  summary.arms[0].flow.push_back(report::flow_step("operated", 50));
  summary.arms[0].n = 100;
  EXPECT_EQ(figure_of(summary, {.figure = "flow.operated"}).estimate, 0.5);
}

}  // namespace
}  // namespace coley::credibility
