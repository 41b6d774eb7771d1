// SPDX-License-Identifier: Apache-2.0
// What a run must not depend on, and what its parts must add up to.
#include <gtest/gtest.h>

#include <functional>
#include <numeric>
#include <nlohmann/json.hpp>
#include <sstream>

#include "trial/summarise.hpp"

namespace coley {
namespace {

/// KEYNOTE-564 in trials of `size`, every eligible risk group as it comes (less screening).
Design small(int size, const std::function<void(Protocol&)>& change = [](Protocol&) {}) {
  TrialInputs inputs = read_trial("keynote-564");
  inputs.protocol.population.size = size;
  inputs.protocol.population.mix.clear();
  change(inputs.protocol);
  return make_design(std::move(inputs));
}

nlohmann::json summary_of(const Design& design, const RunOptions& options) {
  std::ostringstream text;
  report::write_summary_json(text, summarise(design, options, run_trial(design, options), "test"));
  nlohmann::json json = nlohmann::json::parse(text.str());
  json.erase("run");
  return json;
}

std::vector<Outcome> outcomes_of(const Design& design, long long patients) {
  std::vector<Outcome> result;
  const RowSink keep = [&](const std::vector<PatientRow>& rows) {
    for (const PatientRow& row : rows) result.push_back(*row.outcome);
  };
  run_trial(design, {.patients = patients}, {}, keep);
  return result;
}

TEST(Run, DoesNotDependOnThreads) {
  const Design design = small(30);
  const nlohmann::json one = summary_of(design, {.patients = 100, .threads = 1, .twins = true});
  for (int threads : {2, 3}) EXPECT_EQ(summary_of(design, {.patients = 100, .threads = threads, .twins = true}), one) << threads;
  EXPECT_NE(summary_of(design, {.patients = 100, .seed = 2, .twins = true}), one);
}

TEST(Run, FewerPatientsAreTheFirstOfMore) {
  const Design design = small(40);
  const std::vector<Outcome> more = outcomes_of(design, 100);
  ASSERT_EQ(more.size(), 100u);
  for (long long fewer : {25, 40, 66}) {
    EXPECT_EQ(outcomes_of(design, fewer), std::vector<Outcome>(more.begin(), more.begin() + fewer)) << fewer;
  }
}

TEST(Run, TwinsOfOneRegimenHaveNoBenefit) {
  const Design design = small(60, [](Protocol& p) {
    p.arms[1].drugs = p.arms[0].drugs;
    std::erase_if(p.later, [](const auto& line) { return !line.arms.empty(); });  // whose shares differ between arms
  });
  const Tally tally = run_trial(design, {.patients = 60, .twins = true}).tally;
  ASSERT_FALSE(tally.twins.empty());
  for (const TwinCounts& twins : tally.twins) {
    for (std::size_t i = 0; i < twins.histogram.size(); ++i) {
      EXPECT_EQ(twins.histogram[i], static_cast<int>(i) == twins.horizon_day ? 60 - tally.failed : 0) << i;
    }
    for (const TwinCounts::Group& group : twins.groups) EXPECT_EQ(group.squares, 0);
  }
}

TEST(Run, CountsAddUp) {
  const Design design = small(50);
  const Tally tally = run_trial(design, {.patients = 120}).tally;
  long long excluded = 0, randomised = 0;
  for (long long n : tally.screening.excluded) excluded += n;
  for (const ArmCounts& arm : tally.arms) {
    randomised += arm.randomised;
    EXPECT_LE(arm.deaths_disease + arm.deaths_other + arm.treatment_death, arm.randomised);
    EXPECT_EQ(std::accumulate(arm.treatment.begin(), arm.treatment.end(), 0LL), arm.randomised);
    EXPECT_EQ(arm.ended(TreatmentEnd::not_resumed) + arm.ended(TreatmentEnd::completed_in_part), 0);  // one drug, no operation
  }
  EXPECT_EQ(tally.screening.screened, tally.screening.enrolled + excluded);
  EXPECT_EQ(tally.screening.enrolled, 120);
  EXPECT_EQ(randomised + tally.failed, 120);
}

TEST(Run, LaterCutOffHasNoFewerEvents) {
  const Design design = small(80);
  const Tally tally = run_trial(design, {.patients = 80}).tally;
  for (std::size_t a = 0; a < design.views.size(); ++a) {
    for (std::size_t b = 0; b < design.views.size(); ++b) {
      const View &early = design.views[a], &late = design.views[b];
      if (early.endpoint != late.endpoint || early.covariate != late.covariate || early.level != late.level || early.cutoff_day > late.cutoff_day) continue;
      for (int arm = 0; arm < 2; ++arm) EXPECT_LE(tally.views[a].events(arm), tally.views[b].events(arm));
    }
  }
}

}  // namespace
}  // namespace coley
