// SPDX-License-Identifier: Apache-2.0
// A design file is read whole or refused with file, line, key, what was found and what was expected.

#include "design/plan_file.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace coley::design {
namespace {

const std::string kGood = R"(schema_version = 1
name = "two-looks"
title = "Two looks"
patients = 500
arm = [{ name = "control", median_months = 12 }, { name = "treated", hazard_ratio = [0.7] }]
look = [{ events = 222 }, { events = 331 }]
)";

/// The faults of a text, as they are shown.
std::string fault_of(const std::string& text, const std::vector<std::string>& sets = {}) {
  try {
    read_plan({"d.toml", text}, sets);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no fault";
}

std::string with(const std::string& more) { return kGood + more + "\n"; }

TEST(PlanFile, IsReadWithDefaults) {
  const Plan plan = read_plan({"d.toml", kGood});
  EXPECT_EQ(plan.patients, 500);
  EXPECT_EQ(plan.looks.size(), 2U);
  ASSERT_EQ(plan.tests.size(), 1U);
  EXPECT_EQ(plan.tests[0].name, "log-rank");
  EXPECT_EQ(plan.efficacy.alpha, 0.025);
}

TEST(PlanFile, OverridesReachTheDesignAndItsTrial) {
  const Plan plan = read_plan({"d.toml", kGood}, {"patients=600", "look[0].events=100", "arm.control.median_months=9"});
  EXPECT_EQ(plan.patients, 600);
  EXPECT_EQ(*plan.looks[0].events, 100);
  EXPECT_EQ(*plan.arms[0].median_months, 9);
  EXPECT_NE(fault_of(kGood, {"parameters.gamma=1"}).find("trial: found no trial"), std::string::npos);
}

struct Refused {
  std::string text;
  std::string part;  ///< of the message
};

class Refusal : public testing::TestWithParam<Refused> {};

TEST_P(Refusal, NamesPlaceAndRemedy) { EXPECT_NE(fault_of(GetParam().text).find(GetParam().part), std::string::npos) << fault_of(GetParam().text); }

INSTANTIATE_TEST_SUITE_P(
    Designs, Refusal,
    testing::Values(
        Refused{with("pacients = 3"), "did you mean patients?"}, Refused{with("dropout_per_year = -1"), "d.toml:7:"},
        Refused{with("trial = \"keynote-564\""), "found 2 of trial, model and arms"}, Refused{with("[efficacy]\nalpha = 2"), "efficacy.alpha: found 2"},
        Refused{with("[efficacy]\nbounds = \"pocock\"\nclock = \"observed\""), "efficacy.clock"},
        Refused{with("[futility]\nbinding = true"), "futility: found z and spending, or neither"},
        Refused{with("[futility]\nz = [0, 0]"), "one for each look before the last"},
        Refused{with("[[test]]\nkind = \"rmst\""), "test[0].months: found no time"},
        Refused{with("[[test]]\nkind = \"rmst\"\nmonths = 12\nstratified = true"), "test[0].stratified"},
        Refused{with("[[test]]\nkind = \"log_rank\"\nstratified = true"), "subgroups to stratify by"},
        Refused{with("[[vary]]\nkey = \"patients\""), "values and words, or neither"},
        Refused{with("[[vary]]\nkey = \"patients\"\nvalues = [1, 2]\nweights = [1]"), "2, one a value"},
        Refused{with("[reestimation]\nmost = 2"), "reestimation.most: found 2"},
        Refused{with("[solve]\ntest = \"wilcoxon\""), "the name of a test"},
        Refused{with("[[subgroup]]\nname = \"a\"\nshare = 0.5"), "shares that sum to 0.5"},
        Refused{"schema_version = 1\nname = \"x\"\ntitle = \"x\"\npatients = 50\nlook = [{ events = 60 }]\narm = [{ name = \"a\", median_months = 1 }, { name = \"b\", hazard_ratio = [1] }]\n",
                "no more events than patients"},
        Refused{"schema_version = 1\nname = \"x\"\ntitle = \"x\"\npatients = 50\nlook = [{ months = 60 }, { months = 50 }]\narm = [{ name = \"a\", median_months = 1 }, { name = \"a\" }]\n",
                "later than the look before"}));

TEST(PlanFile, TellsADesignFromAProtocol) {
  EXPECT_TRUE(is_design({"d.toml", kGood}));
  EXPECT_FALSE(is_design(trial_text("keynote-564")));
}

TEST(PlanFile, EveryDesignThatShipsIsFine) {
  for (const std::string& name : shipped_designs()) EXPECT_EQ(fault_of(std::string(*shipped_text("designs/" + name + ".toml"))), "no fault") << name;
}

}  // namespace
}  // namespace coley::design
