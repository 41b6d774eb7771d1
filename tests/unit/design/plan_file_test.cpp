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

const std::string kEndpoints = "endpoint = [{ name = \"PFS\", alpha = 0.005, events = 222 }, { name = \"OS\", alpha = 0.02, events = 331 }]\n";
const std::string kTwo = R"(schema_version = 1
name = "x"
title = "x"
patients = 500
arm = [{ name = "a", median_months = 12, deaths = 0.2, after_months = 9 }, { name = "b", hazard_ratio = [0.7], deaths = 0.2, after_months = 9 }]
)" + kEndpoints + "look = [{ events = 222 }, { events = 331, of = \"OS\" }]\n";
const std::string kSelects = R"(schema_version = 1
name = "x"
title = "x"
patients = 500
arm = [{ name = "a", median_months = 12 }, { name = "b", hazard_ratio = [0.7] }, { name = "c", hazard_ratio = [0.7] }]
look = [{ months = 12 }, { months = 48 }]
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) { return text.replace(text.find(from), from.size(), to); }

INSTANTIATE_TEST_SUITE_P(
    Adaptive, Refusal,
    testing::Values(
        Refused{kTwo, "no fault"}, Refused{kSelects + "[selection]\n", "no fault"},
        Refused{replaced(kTwo, "0.005", "0.01"), "levels that sum to 0.03; expected 0.025"},
        Refused{replaced(kTwo, ", deaths = 0.2", ""), "arm[0].deaths: found no deaths or no after_months"},
        Refused{replaced(kTwo, "of = \"OS\"", "of = \"DFS\""), "look[1].of: found DFS"},
        Refused{kTwo + "[futility]\nz = [0]\n", "futility, with two endpoints"},
        Refused{replaced(kTwo, kEndpoints, "endpoint = [{ name = \"PFS\", alpha = 0.025, events = 222 }]\n"), "endpoint: found 1 endpoints"},
        Refused{kSelects, "arm: found 3 arms"}, Refused{kSelects + "[selection]\nkeep = 3\n", "selection.keep: found 3"},
        Refused{kSelects + "[selection]\nsubgroup = \"a\"\n", "selection.subgroup: found a"},
        Refused{replaced(kSelects, "{ months = 48 }", "{ events = 300 }") + "[selection]\n", "look[1]: found a last look that is not at a month alone"},
        Refused{replaced(kSelects, "{ months = 12 }", "{ events = 60 }") + "[selection]\n", "selection.first_share: found none"},
        Refused{with("[selection]\n"), "selection: found one experimental arm"},
        Refused{with("[allocation]\nburn_in = 600"), "allocation.burn_in: found 600 of 500"},
        Refused{with("margin = 1.3\n[allocation]\nburn_in = 60"), "allocation: found with a margin of 1.3"},
        Refused{with("[predictive]\n[futility]\nz = [0]"), "predictive: found futility"},
        Refused{with("[assurance]\n"), "assurance: found no trial"},
        Refused{"schema_version = 1\nname = \"x\"\ntitle = \"x\"\n[single_arm]\nnull = 0.4\nwanted = 0.2\n", "single_arm.wanted: found 0.2"},
        Refused{"schema_version = 1\nname = \"x\"\ntitle = \"x\"\n[single_arm]\nkind = \"bayes\"\nnull = 0.2\nwanted = 0.4\n", "single_arm.looks"},
        Refused{"schema_version = 1\nname = \"x\"\ntitle = \"x\"\npatients = 50\n", "look: found no look"}));

TEST(PlanFile, TellsADesignFromAProtocol) {
  EXPECT_TRUE(is_design({"d.toml", kGood}));
  EXPECT_FALSE(is_design(trial_text("keynote-564")));
}

TEST(PlanFile, EveryDesignThatShipsIsFine) {
  for (const std::string& name : shipped_designs()) EXPECT_EQ(fault_of(std::string(*shipped_text("designs/" + name + ".toml"))), "no fault") << name;
}

}  // namespace
}  // namespace coley::design
