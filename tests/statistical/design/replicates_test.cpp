// SPDX-License-Identifier: Apache-2.0
// Simulated trials against rpact, type-I error where a design claims control, and the error that a pool's size adds.
// A bound of four standard errors is crossed by chance once in 16,000 comparisons; the draws are the same in every run.

#include "design/replicates.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "design/characteristics.hpp"
#include "design/hazard_source.hpp"
#include "design/plan_file.hpp"
#include "design/pool_error.hpp"
#include "design/small_model.hpp"

namespace coley::design {
namespace {

Plan plan_of(const std::string& more) {
  return read_plan({"d.toml", "schema_version = 1\nname = \"b\"\ntitle = \"b\"\npatients = 500\ndropout_per_year = 0.0512932943875505\naccrual = { months = 24 }\n" + more});
}

const std::string kArms = "arm = [{ name = \"control\", median_months = 12 }, { name = \"treated\", hazard_ratio = [0.7] }]\n";
const std::string kLooks = "look = [{ events = 222 }, { events = 331 }]\n";

TrialTable simulate(const Plan& plan, std::size_t replicates, Truth truth = Truth::effect) {
  return run_replicates(plan, HazardSource(plan), {.truth = truth, .seed = 20261122, .replicates = replicates});
}

void expect_within(const Measured& found, double expected, double its_error = 0) {
  EXPECT_LT(std::fabs(found.value - expected), 4 * std::hypot(found.error, its_error)) << found.value << " for " << expected << ", error " << found.error;
}

TEST(Replicates, HavePowerAndDurationOfRpact) {
  // getSimulationSurvival of rpact 3.3.4 on this design, 200,000 trials, seed 1: power 0.896595 (error 0.0007), at the first
  // look 0.559965 (0.0011), looks at 25.762 and 37.430 months, expected duration 30.917
  const Plan plan = plan_of(kArms + kLooks);
  const TestCharacteristics found = characterise(simulate(plan, 40000), 0, "", std::log(0.7));
  expect_within(found.power, 0.896595, 0.0007);
  expect_within(found.looks[0].efficacy, 0.559965, 0.0011);
  expect_within(found.months, 30.91671, 0.02);
}

TEST(Replicates, HaveThePowerOfRpactWithReestimatedEvents) {
  // getSimulationSurvival of rpact 3.3.4, inverse normal design, conditional power 0.9, 150 to 300 more events, 5,000 trials (seed 7)
  Plan plan = plan_of("arm = [{ name = \"control\", median_months = 12 }, { name = \"treated\", hazard_ratio = [0.78] }]\n"
                      "look = [{ events = 150 }, { events = 300 }]\n[reestimation]\npromising = 0\npower = 0.9\nmost = 1.5\n");
  plan.patients = 600;
  const TestCharacteristics found = characterise(simulate(plan, 40000), 0, "", std::log(0.78));
  expect_within(found.power, 0.7194, 0.0064);
  expect_within(found.events, 379.16, 1.4);
}

TEST(Replicates, HoldTheLevel) {
  for (const std::string& design : {
           kArms + kLooks, kArms + kLooks + "[efficacy]\nbounds = \"pocock\"\n", kArms + kLooks + "[efficacy]\nbounds = \"wang_tsiatis\"\nparameter = 0.25\n",
           kArms + kLooks + "[efficacy]\nbounds = \"spend_pocock\"\n", kArms + kLooks + "[efficacy]\nbounds = \"hwang_shih_decani\"\nparameter = -2\n",
           kArms + kLooks + "[efficacy]\nbounds = \"kim_demets\"\nparameter = 2\n", kArms + kLooks + "[futility]\nz = [0.3]\n",
           kArms + kLooks + "[futility]\nz = [0.3]\nbinding = true\n",
           kArms + "look = [{ months = 20 }, { events = 331 }]\n[efficacy]\nclock = \"observed\"\n", kArms + kLooks + "margin = 1.2\n",
           kArms + "look = [{ events = 150 }, { events = 300 }]\n[reestimation]\n"}) {
    const Plan plan = plan_of(design);
    expect_within(rejection_overruled(simulate(plan, 20000, Truth::null), 0), 0.025);
  }
}

/// The bounds claim this of the log-rank family; of the others it is what their use rests on.
TEST(Replicates, HoldTheLevelWithTestsThatAreNotOfTheLogRankFamily) {
  const Plan plan = plan_of(kArms + kLooks + "[[test]]\nkind = \"max_combo\"\n[[test]]\nkind = \"rmst\"\nmonths = 18\n[[test]]\nkind = \"milestone\"\nmonths = 18\n");
  const TrialTable table = simulate(plan, 5000, Truth::null);
  for (std::size_t t = 0; t < 3; ++t) expect_within(rejection_overruled(table, t), 0.025);
}

TEST(Replicates, HoldTheLevelWithWeightsAndStrata) {
  const Plan plan = plan_of(
      "arm = [{ name = \"control\", median_months = 12 }, { name = \"treated\", hazard_ratio = [0.7] }]\n" + kLooks +
      "[[subgroup]]\nname = \"good\"\nshare = 0.6\n[[subgroup]]\nname = \"poor\"\nshare = 0.4\nhazard_factor = 3\n"
      "[[test]]\nkind = \"log_rank\"\nstratified = true\n[[test]]\nkind = \"fleming_harrington\"\ngamma = 1\nstratified = true\n"
      "[[test]]\nkind = \"modestly_weighted\"\nmonths = 6\nstratified = true\n[[test]]\nname = \"not stratified\"\nkind = \"log_rank\"\n");
  const TrialTable table = simulate(plan, 6000, Truth::null);
  for (std::size_t t = 0; t < 3; ++t) expect_within(rejection_overruled(table, t), 0.025);
  // Balance within strata makes a test that does not know them conservative.
  EXPECT_LT(rejection_overruled(table, 3).value, 0.025);
}

TEST(Replicates, DoNotDependOnThreadsAndBeginWithFewer) {
  const Plan plan = plan_of(kArms + kLooks);
  const TrialTable one = run_replicates(plan, HazardSource(plan), {.replicates = 300}), two = run_replicates(plan, HazardSource(plan), {.replicates = 500, .threads = 3});
  for (std::size_t r = 0; r < 300; ++r) {
    EXPECT_EQ(one.day[one.cell(r, 0)], two.day[two.cell(r, 0)]);
    EXPECT_EQ(one.z[one.cell(r, 0, 0)], two.z[two.cell(r, 0, 0)]);
  }
}

TEST(Pool, ErrorIsTheSpreadOfThePowerOverPools) {
  Plan plan = plan_of("look = [{ months = 36 }]\n[model.control]\nlabel = \"c\"\n[model.experimental]\nlabel = \"e\"\n");
  plan.patients = 200;
  std::vector<double> powers;
  double stated = 0, replicates_error = 0;
  for (std::uint64_t p = 0; p < 40; ++p) {
    SimulatedPool pool;
    pool.seen_until.resize(1);
    for (std::int32_t d = 0; d < 3000; ++d) pool.seen_until[0].push_back(d);
    for (std::uint64_t i = 0; i < 1000; ++i) {
      Stream stream({p, 7}, i, 1);
      const double control = 365 * stream.exponential(), treated = 365 / 0.65 * stream.exponential();
      pool.fates.push_back({static_cast<std::int32_t>(std::ceil(control)), 1});
      pool.fates.push_back({static_cast<std::int32_t>(std::ceil(treated)), 1});
      pool.stratum.push_back(0);
      pool.in_subgroup.push_back(0);
    }
    const TrialTable table = run_replicates(plan, PoolSource(plan, pool), {.seed = 5, .replicates = 400, .every_look = true});
    const Measured power = characterise(table, 0, "", std::nullopt).power;
    powers.push_back(power.value);
    stated += std::pow(power_error(plan, table, 0, pool_shift(plan, pool, 5, 1)[0]), 2) / 40;
    replicates_error += power.error * power.error / 40;
  }
  double mean = 0, spread = 0;
  for (const double power : powers) mean += power / 40;
  for (const double power : powers) spread += (power - mean) * (power - mean) / 39;
  // the ratio of two variances, the one above with 39 degrees of freedom, the one below from 40 estimates
  EXPECT_GT(spread / (stated + replicates_error), 0.5);
  EXPECT_LT(spread / (stated + replicates_error), 2.0);
  EXPECT_GT(stated, replicates_error);  // at this size it is the pool that decides
}

TEST(SmallModel, HasTheSurvivalOfItsAuthors) {
  // Months, survival and 600 patients an arm: data of figure 4 of Creemers et al. 2023 (github.com/jtextor/insilico-trials)
  struct Published {
    SmallModelArm arm;
    std::vector<std::pair<double, double>> survival;
  };
  const std::vector<Published> all{{{"placebo"}, {{3, 0.690}, {6, 0.4367}, {12, 0.2417}, {18, 0.135}}},
                                   {{"chemotherapy", 0.6, 6, 1}, {{3, 0.8383}, {6, 0.63}, {12, 0.3117}, {18, 0.1617}}},
                                   {{"both", 0.6, 6, 12.148674}, {{3, 0.8417}, {6, 0.6467}, {12, 0.3683}, {18, 0.305}}}};
  for (const Published& arm : all) {
    Plan plan = plan_of("look = [{ months = 36 }]\n[model.control]\nlabel = \"c\"\n[model.experimental]\nlabel = \"e\"\n");
    plan.model->experimental = arm.arm;
    plan.pool.patients = 2000;
    const SimulatedPool pool = simulate_small_model(plan, {.seed = 3});
    for (const auto& [month, published] : arm.survival) {
      double alive = 0;
      for (std::size_t i = 0; i < pool.size(); ++i) alive += pool.fate(i, 0, 1).event == 0 || pool.fate(i, 0, 1).day > month * 30.4 ? 1 : 0;
      expect_within(share_of(alive, pool.size()), published, std::sqrt(published * (1 - published) / 600));
    }
  }
}

}  // namespace
}  // namespace coley::design
