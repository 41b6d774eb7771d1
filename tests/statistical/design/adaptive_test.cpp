// SPDX-License-Identifier: Apache-2.0
// Designs that claim control of the familywise error hold it under every null configuration, and designs that do not claim
// it have the error that is worked out for them. Four standard errors, the same draws in every run.

#include <gtest/gtest.h>

#include <cmath>

#include "design/allocation.hpp"
#include "design/boundaries.hpp"
#include "design/hazard_source.hpp"
#include "design/hypotheses.hpp"
#include "design/plan_file.hpp"

namespace coley::design {
namespace {

Plan plan_of(const std::string& more) {
  return read_plan({"d.toml", "schema_version = 1\nname = \"b\"\ntitle = \"b\"\npatients = 400\ndropout_per_year = 0.03\naccrual = { months = 24 }\n" + more});
}

std::vector<TrialTable> simulate(const Plan& plan, const NoEffect& none, std::size_t replicates) {
  return run_hypotheses(plan, HazardSource(plan), none, {.seed = 20261122, .replicates = replicates, .threads = 2});
}

/// Names stand in for labels: only their number matters.
std::vector<NullConfiguration> configurations(const Plan& plan) {
  return null_configurations(plan, hypothesis_names(plan, std::vector<std::string>(plan.weights().size(), "arm")));
}

/// The familywise error under every set of true hypotheses, the others working; the largest of them.
double expect_control(const Plan& plan, std::size_t replicates) {
  double largest = 0;
  for (const NullConfiguration& configuration : configurations(plan)) {
    const Measured error = rejects_any(simulate(plan, configuration.none, replicates), configuration.holds);
    EXPECT_LT(error.value, plan.efficacy.alpha + 4 * error.error) << "without effect on " << configuration.name;
    largest = std::max(largest, error.value);
  }
  return largest;
}

std::string endpoints(const std::string& first, const std::string& second) {
  return "arm = [{ name = \"control\", median_months = 8, deaths = 0.2, after_months = 12 }, { name = \"treated\", hazard_ratio = [0.7], deaths = 0.2, after_months = 18 }]\n"
         "look = [{ events = 250 }, { events = 200, of = \"OS\" }, { events = 260, of = \"OS\" }]\n"
         "[[endpoint]]\nname = \"PFS\"\nevents = 300\n" + first + "[[endpoint]]\nname = \"OS\"\nevents = 260\n" + second;
}

TEST(TwoEndpoints, HoldTheFamilywiseError) {
  const double late = expect_control(plan_of(endpoints("alpha = 0.005\nlooks = [1]\n", "alpha = 0.02\n")), 5000);
  EXPECT_GT(late, 0.015);  // all of alpha is used: nothing is so conservative that it could not fail
  expect_control(plan_of(endpoints("alpha = 0.02\nlooks = [1, 2]\nbounds = \"spend_pocock\"\n", "alpha = 0.005\nbounds = \"hwang_shih_decani\"\nparameter = -2\npass_on = 0.5\n")), 5000);
}

TEST(TwoEndpoints, GainPowerByWhatIsPassedOn) {
  const auto power = [](const std::string& share) {
    const Plan plan = plan_of(endpoints("alpha = 0.02\nlooks = [1]\npass_on = " + share + "\n", "alpha = 0.005\n"));
    return rejects_any(simulate(plan, {}, 3000), {false, true}).value;
  };
  EXPECT_GT(power("1"), power("0") + 0.03);
}

TEST(TwoEndpoints, AloneAreAGroupSequentialDesign) {
  // all of alpha on the second endpoint, which is then the design of one endpoint with looks at the same events
  const Plan plan = plan_of(endpoints("alpha = 0\n", "alpha = 0.025\nlooks = [2, 3]\n"));
  const auto design = planned_design(plan_of("arm = [{ name = \"a\", median_months = 8 }, { name = \"b\", hazard_ratio = [0.7] }]\nlook = [{ events = 200 }, { events = 260 }]\n"), 0.025);
  const std::vector<EndpointBound> bounds = endpoint_bounds(plan, simulate(plan, {}, 20));
  ASSERT_EQ(bounds.size(), 5U);
  EXPECT_NEAR(bounds[3].z, design.efficacy_z[0], 1e-6);
  EXPECT_NEAR(bounds[4].z, design.efficacy_z[1], 1e-6);
}

const std::string kThree = "arm = [{ name = \"control\", median_months = 10 }, { name = \"low\", hazard_ratio = [0.8] }, { name = \"high\", hazard_ratio = [0.6] }]\n"
                           "look = [{ months = 12 }, { months = 40 }]\n";

TEST(Selection, OfArmsHoldsTheFamilywiseError) {
  const double best = expect_control(plan_of(kThree + "[selection]\n"), 6000);
  EXPECT_GT(best, 0.012);
  expect_control(plan_of(kThree + "[selection]\nkeep = 2\nleast_z = 0.5\nfirst_share = 0.3\n"), 6000);
}

TEST(Selection, ByAnEarlierEndpointHoldsTheFamilywiseError) {
  expect_control(plan_of("arm = [{ name = \"control\", median_months = 6, deaths = 0.1, after_months = 9 }, { name = \"low\", hazard_ratio = [0.8], deaths = 0.1, after_months = 9 }, "
                         "{ name = \"high\", hazard_ratio = [0.6], deaths = 0.1, after_months = 12 }]\nlook = [{ months = 12 }, { months = 48 }]\n[selection]\nendpoint = \"PFS\"\n"),
                 6000);
}

TEST(Selection, OfAPopulationHoldsTheFamilywiseError) {
  expect_control(plan_of("arm = [{ name = \"control\", median_months = 10 }, { name = \"treated\", hazard_ratio = [0.9] }]\nlook = [{ months = 12 }, { months = 40 }]\n"
                         "subgroup = [{ name = \"positive\", share = 0.4, hazard_ratio = 0.6 }, { name = \"negative\", share = 0.6 }]\n"
                         "[selection]\nsubgroup = \"positive\"\nleast_z = 0.3\n"),
                 6000);
}

TEST(Selection, TakesTheBetterArm) {
  const std::vector<TrialTable> tables = simulate(plan_of(kThree + "[selection]\n"), {}, 1000);
  const double low = rejects_any(tables, {true, false}).value, high = rejects_any(tables, {false, true}).value;
  EXPECT_GT(high, low + 0.3);
  EXPECT_NEAR(rejects_any(tables, {true, true}).value, low + high, 1e-12);  // one arm goes on
}

TEST(Following, GivesMorePatientsTheBetterArm) {
  const Plan plan = plan_of("arm = [{ name = \"control\", median_months = 4 }, { name = \"treated\", hazard_ratio = [0.6] }]\nlook = [{ events = 250 }]\n[allocation]\npower = 1\nleast = 0.1\n");
  const FollowingSource source(plan, std::make_shared<HazardSource>(plan));
  double treated = 0, treated_null = 0;
  Cohort cohort;
  for (std::uint64_t r = 0; r < 300; ++r) {
    source.fill({1, r}, Truth::effect, cohort);
    for (const std::uint8_t arm : cohort.treated) treated += arm / 300.0 / 400;
    source.fill({1, r}, Truth::null, cohort);
    for (const std::uint8_t arm : cohort.treated) treated_null += arm / 300.0 / 400;
  }
  EXPECT_GT(treated, 0.65);
  EXPECT_NEAR(treated_null, 0.5, 4 * 0.25 / std::sqrt(300.0));
}

TEST(Following, WithoutAPowerIsEvenAllocation) {
  const Plan plan = plan_of("arm = [{ name = \"control\", median_months = 6 }, { name = \"treated\", hazard_ratio = [0.7] }]\nlook = [{ events = 250 }]\n[allocation]\npower = 0\n");
  const FollowingSource source(plan, std::make_shared<HazardSource>(plan));
  const Measured error = characterise(run_replicates(plan, source, {.truth = Truth::null, .replicates = 8000, .threads = 2}), 0, "", 0.0).power;
  EXPECT_LT(std::fabs(error.value - 0.025), 4 * error.error);
}

TEST(Predictive, HasTheErrorAndThePowerThatAreWorkedOut) {
  const Plan plan = plan_of("arm = [{ name = \"control\", median_months = 12 }, { name = \"treated\", hazard_ratio = [0.7] }]\nlook = [{ events = 100 }, { events = 200 }, { events = 300 }]\n"
                            "[predictive]\nprior_events = 30\nefficacy = 0.98\nfutility = 0.1\nsuccess = 0.96\n");
  const auto design = planned_design(plan, plan.efficacy.alpha);
  const Measured error = rejection_overruled(run_replicates(plan, HazardSource(plan), {.truth = Truth::null, .replicates = 20000, .threads = 2}), 0);
  EXPECT_LT(std::fabs(error.value - design.alpha_spent.back()), 4 * error.error);
}

TEST(Predictive, WithAFlatPriorAndNoStopsIsTheTestAtItsQuantile) {
  const Plan plan = plan_of("arm = [{ name = \"control\", median_months = 12 }, { name = \"treated\", hazard_ratio = [0.7] }]\nlook = [{ events = 100 }, { events = 300 }]\n"
                            "[predictive]\nefficacy = 1\nfutility = 0\nsuccess = 0.975\n");
  const auto design = planned_design(plan, plan.efficacy.alpha);
  EXPECT_FALSE(std::isfinite(design.efficacy_z[0]));
  EXPECT_NEAR(design.efficacy_z[1], 1.959963984540054, 1e-12);
  EXPECT_NEAR(design.alpha_spent[1], 0.025, 1e-12);
}

}  // namespace
}  // namespace coley::design
