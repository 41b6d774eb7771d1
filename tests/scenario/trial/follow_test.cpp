// SPDX-License-Identifier: Apache-2.0
// A run that is watched shows, all along, what a run of so many patients gives, and ends as the run that is not watched.

#include "trial/follow.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "trial/summarise.hpp"

namespace coley {
namespace {

using Json = nlohmann::ordered_json;

Json without(const char* key, Json summary) {
  summary.erase(key);
  return summary;
}

/// A partial look has counted others of those who were not enrolled, and has the words only for their reasons.
Json without_screening(Json summary, const Json& other) {
  for (const Json* of : {&std::as_const(summary), &other}) {
    const Json excluded = (*of)["screening"]["excluded"];
    for (const auto& [reason, people] : excluded.items()) summary["figures"]["words"].erase(reason);
  }
  return without("screening", std::move(summary));
}

Json result_of(const Design& design, const RunOptions& options, const TrialResult& result) {
  return without("run", report::summary_json(summarise(design, options, result, "")));
}

class Followed : public testing::TestWithParam<int> {};

TEST_P(Followed, ShowsTheFirstPatientsAndEndsAsTheRun) {
  const Design design = make_design(read_trial("keynote-564", {"population.size=320"}));
  const RunOptions options{.patients = 500, .seed = 3, .threads = GetParam(), .twins = true};
  std::vector<long long> shown;
  Json last;
  follow_run(design, options, [&](const RunOptions& first, const TrialResult& result) {
    shown.push_back(first.patients);
    last = result_of(design, first, result);
    const Json alone = result_of(design, first, run_trial(design, first));
    if (result.trials_done * 320 == first.patients || first.patients == options.patients) {
      EXPECT_EQ(last, alone);
      return;
    }
    EXPECT_EQ(without_screening(last, alone), without_screening(alone, last));
    long long screened = last["screening"]["enrolled"];
    EXPECT_EQ(screened, first.patients);
    for (const Json& excluded : last["screening"]["excluded"]) screened += excluded.get<long long>();
    EXPECT_EQ(last["screening"]["screened"], screened);
  });
  EXPECT_LE(shown.front(), 100);
  EXPECT_TRUE(std::is_sorted(shown.begin(), shown.end()));
  EXPECT_EQ(shown.back(), options.patients);
  RunOptions alone = options;
  alone.threads = 1;
  EXPECT_EQ(last, result_of(design, alone, run_trial(design, alone)));
}

INSTANTIATE_TEST_SUITE_P(Threads, Followed, testing::Values(1, 3));

}  // namespace
}  // namespace coley
