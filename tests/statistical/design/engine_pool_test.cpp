// SPDX-License-Identifier: Apache-2.0
// Trials of the engine's patients under the null hypothesis: the level holds, and a trial of two arms that are alike is a
// trial of the null. Four standard errors, the same draws in every run.

#include <gtest/gtest.h>

#include <cmath>

#include "design/characteristics.hpp"
#include "design/plan_file.hpp"
#include "design/pool.hpp"

namespace coley::design {
namespace {

Plan plan_of(const std::string& arms) {
  return read_plan({"d.toml", "schema_version = 1\nname = \"b\"\ntitle = \"b\"\ntrial = \"mrc-re01\"\npatients = 240\ndropout_per_year = 0.05\naccrual = { months = 12 }\n"
                              "look = [{ events = 90 }, { events = 150 }]\n[pool]\nendpoint = \"OS\"\npatients = 320\nmonths = 48\n" + arms +
                              "[[test]]\nkind = \"log_rank\"\nstratified = true\n[[test]]\nkind = \"fleming_harrington\"\ngamma = 1\nstratified = true\n"
                              "[[test]]\nname = \"not stratified\"\nkind = \"log_rank\"\n"});
}

SimulatedPool pool_of(const Plan& plan) { return simulate_pool(plan, read_trial(plan.trial), {.seed = 3, .threads = 2}); }

TEST(EnginePool, HoldsTheLevelUnderTheNull) {
  const Plan plan = plan_of("");
  const SimulatedPool pool = pool_of(plan);
  const TrialTable table = run_replicates(plan, PoolSource(plan, pool), {.truth = Truth::null, .seed = 20261122, .replicates = 8000, .threads = 2});
  for (std::size_t t = 0; t < 2; ++t) {
    const Measured error = rejection_overruled(table, t);
    EXPECT_LT(std::fabs(error.value - 0.025), 4 * error.error) << error.value << ", error " << error.error;
  }
  // balance within the strata of the randomisation makes a test that does not know them conservative
  const Measured crude = rejection_overruled(table, 2);
  EXPECT_LT(crude.value, 0.025 + 4 * crude.error);
}

TEST(EnginePool, ArmsThatAreAlikeGiveTrialsOfTheNull) {
  const Plan plan = plan_of("control = \"medroxyprogesterone\"\nexperimental = \"medroxyprogesterone\"\n");
  const SimulatedPool pool = pool_of(plan);
  const PoolSource source(plan, pool);
  const TrialTable effect = run_replicates(plan, source, {.seed = 5, .replicates = 200, .threads = 2}), null = run_replicates(plan, source, {.truth = Truth::null, .seed = 5, .replicates = 200, .threads = 2});
  EXPECT_EQ(effect.z, null.z);
  EXPECT_EQ(effect.day, null.day);
}

}  // namespace
}  // namespace coley::design
