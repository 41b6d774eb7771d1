// SPDX-License-Identifier: Apache-2.0
#include "protocol/override.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "core/error.hpp"
#include "protocol/protocol_file.hpp"

namespace coley {
namespace {

Protocol with(const std::vector<std::string>& sets) {
  std::ifstream stream(COLEY_TEST_DIR "/adjuvant.toml");
  return read_protocol(std::string{std::istreambuf_iterator<char>(stream), {}}, "t.toml", read_overrides(sets));
}

TEST(Override, TakesThePlaceOfTheFile) {
  const Protocol p = with({"population.size=500", "arm.placebo.weight=3", "arm[0].drug[0].doses=8", "visits.scans[0].every_weeks=6",
                           "arm.pembrolizumab.drug.pembrolizumab.unit=mg/kg", "population.mix.risk.high=0.14", "population.mix.risk.m1_ned=0",
                           "cutoff.2020-12.median_follow_up_months=30", "population.eligibility.age=[20, 80]",
                           "randomisation.strata=['risk']", "title=A trial of = signs", "arm[1].supportive_care=true",
                           "arm[1].drug[0].stop.after_months=6", "visits.withdrawal_per_year=1e-3"});
  EXPECT_EQ(p.population.size, 500);
  EXPECT_EQ(p.arms[1].weight, 3);
  EXPECT_EQ(p.arms[0].drugs[0].doses, 8);
  EXPECT_EQ(p.arms[0].drugs[0].unit, "mg/kg");
  EXPECT_EQ(p.visits.scans[0].every_weeks, 6);
  EXPECT_EQ(p.cutoffs[0].median_follow_up_months, 30);
  EXPECT_EQ(p.population.eligibility.age.low, 20);
  EXPECT_EQ(p.randomisation.strata, std::vector<std::string>{"risk"});
  EXPECT_EQ(p.title, "A trial of = signs");
  EXPECT_TRUE(p.arms[1].supportive_care);
  EXPECT_EQ(p.arms[1].drugs[0].stop.after_months, 6);
  EXPECT_EQ(p.visits.withdrawal_per_year, 1e-3);
}

struct Wrong {
  std::string set;
  std::string found;
  std::string expected;
};

class WrongOverride : public testing::TestWithParam<Wrong> {};

TEST_P(WrongOverride, IsRefusedByName) {
  try {
    with({GetParam().set});
    FAIL() << "read";
  } catch (const InputError& error) {
    ASSERT_EQ(error.faults().size(), 1u) << error.what();
    const Fault& fault = error.faults()[0];
    EXPECT_EQ(fault.file, "--set " + GetParam().set) << error.what();
    EXPECT_EQ(fault.line, 0);
    EXPECT_NE(fault.found.find(GetParam().found), std::string::npos) << error.what();
    EXPECT_NE(fault.expected.find(GetParam().expected), std::string::npos) << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongOverride,
    testing::Values(Wrong{"population.sise=5", "an unknown key sise", "did you mean size?"},
                    Wrong{"poplation.size=5", "an unknown key poplation", "did you mean population?"},
                    Wrong{"population.size=-5", "-5", "1 to"}, Wrong{"population.size=many", "\"many\"", "whole number"},
                    Wrong{"population.size=nan", "nan", "whole number"}, Wrong{"population.size=", "\"\"", "whole number"},
                    Wrong{"arm.placbo.weight=2", "no arm named placbo", "did you mean placebo?"},
                    Wrong{"arm[2].weight=2", "arm[2]", "below 2"}, Wrong{"arm[x].weight=2", "malformed", "arm[0].weight"},
                    Wrong{"arm[99999999999999999999].weight=2", "malformed", ""}, Wrong{"arm[].weight=2", "malformed", ""},
                    Wrong{"arm=2", "a list of tables", "arm[0].key"}, Wrong{"arm.placebo=2", "a list of tables", "arm[0].key"},
                    Wrong{"population.size.x=2", "keys below size", "size alone"}, Wrong{".size=2", "malformed", ""},
                    Wrong{"population.=2", "malformed", ""}, Wrong{"population[0].size=2", "population with a position", "no list"},
                    Wrong{"population.mix.risk.hihg=0.1", "an unknown group", "did you mean high?"},
                    Wrong{"population.entry=metastatc", "\"metastatc\"", "did you mean metastatic?"},
                    Wrong{"population.size=1\nname='x'", "", "whole number"}));

TEST(Override, NeedsAPathAndAnEqualsSign) {
  EXPECT_THROW(read_overrides({"population.size"}), InputError);
  EXPECT_THROW(read_overrides({"=5"}), InputError);
}

TEST(Override, TakenByPrefix) {
  auto overrides = read_overrides({"parameters.gamma=1", "population.size=2"});
  const auto taken = take_overrides(overrides, "parameters.");
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].path, "gamma");
  ASSERT_EQ(overrides.size(), 1u);
  EXPECT_EQ(overrides[0].path, "population.size");
}

}  // namespace
}  // namespace coley
