// SPDX-License-Identifier: Apache-2.0
// Bounds of a plan against rpact 3.3.4 (tests/reference/pack, family design), and bounds at the events there really are
// against those planned.

#include "design/boundaries.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "design/analytic.hpp"
#include "design/plan_file.hpp"

namespace coley::design {
namespace {

Plan plan_of(const std::string& looks, const std::string& more = "") {
  return read_plan({"d.toml", "schema_version = 1\nname = \"b\"\ntitle = \"b\"\npatients = 600\n"
                              "arm = [{ name = \"control\", median_months = 12 }, { name = \"treated\", hazard_ratio = [0.7] }]\nlook = [" + looks + "]\n" + more});
}

TEST(Boundaries, AreThoseOfRpact) {
  const auto spending = planned_design(plan_of("{ events = 67 }, { events = 100 }"), 0.025);
  EXPECT_NEAR(spending.efficacy_z[0], 2.5019483426343, 1e-6);
  EXPECT_NEAR(spending.efficacy_z[1], 1.99355680495501, 1e-6);
  const auto obrien_fleming = planned_design(plan_of("{ events = 100 }, { events = 200 }, { events = 300 }", "[efficacy]\nbounds = \"obrien_fleming\""), 0.025);
  EXPECT_NEAR(obrien_fleming.efficacy_z[0], 3.47109144465409, 1e-6);
  EXPECT_NEAR(obrien_fleming.efficacy_z[1], 2.45443229863352, 1e-6);
  EXPECT_NEAR(obrien_fleming.efficacy_z[2], 2.00403557995285, 1e-6);
  const auto pocock = planned_design(plan_of("{ events = 100 }, { events = 200 }", "[efficacy]\nbounds = \"pocock\""), 0.025);
  EXPECT_NEAR(pocock.efficacy_z[0], 2.1782720948233, 1e-6);
  const auto hwang = planned_design(plan_of("{ events = 100 }, { events = 200 }, { events = 300 }", "[efficacy]\nbounds = \"hwang_shih_decani\"\nparameter = -4"), 0.025);
  EXPECT_NEAR(hwang.efficacy_z[0], 3.01073948538569, 1e-6);
  EXPECT_NEAR(hwang.efficacy_z[2], 1.99922635406256, 1e-6);
}

TEST(Boundaries, OfTheClockAreThosePlannedWhenEventsAreAsPlanned) {
  const Plan plan = plan_of("{ events = 100 }, { events = 150 }, { events = 200 }", "[efficacy]\nclock = \"observed\"");
  const auto planned = planned_design(plan, 0.025);
  SpendingClock clock(plan, 0.025);
  const std::vector<double> events{100, 150, 200};
  for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(clock.bound(std::span(events).first(k + 1), k == 2), planned.efficacy_z[k], 1e-8);
}

TEST(Boundaries, OfTheClockSpendAllAtTheLastLookWhateverTheEvents) {
  const Plan plan = plan_of("{ events = 100 }, { events = 200 }", "[efficacy]\nclock = \"observed\"");
  SpendingClock clock(plan, 0.025);
  const std::vector<double> few{90, 140};
  EXPECT_LT(clock.bound(few, true), 2.05);   // not that of 140 of 200 events
  const std::vector<double> many{210, 215};  // all was spent at the first
  EXPECT_NEAR(clock.bound(std::span(many).first(1), false), 1.959963984540054, 1e-8);
  EXPECT_TRUE(std::isinf(clock.bound(many, true)));
}

TEST(Boundaries, GiveThePowerOfRpactAnalytically) {
  // ss-asOF-2look: 521.93 patients, 224.00 and 334.33 events, looks at 25.1619 and 36 months, power 0.9
  Plan plan = plan_of("{ events = 224.001468527933 }, { events = 334.330550041691 }", "dropout_per_year = 0.0512932943875505\naccrual = { months = 24 }");
  plan.patients = 522;
  const auto trial = two_arms(plan);
  const auto answer = analytic_answer(plan, *trial, planned_design(plan, 0.025));
  ASSERT_TRUE(answer);
  EXPECT_NEAR(answer->looks[0].months, 25.161901339647, 0.02);  // 522 patients are not 521.93
  EXPECT_NEAR(answer->looks[1].months, 36, 0.02);
  EXPECT_NEAR(answer->schoenfeld.power, 0.9, 2e-4);
  EXPECT_NEAR(*proportional_log_ratio(plan), std::log(0.7), 1e-12);
}

}  // namespace
}  // namespace coley::design
