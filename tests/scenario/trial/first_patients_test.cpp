// SPDX-License-Identifier: Apache-2.0
// What a run shows of single trials and of single patients is what other ways to it give.

#include "trial/first_patients.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/units.hpp"
#include "observation/tumour_assessment.hpp"
#include "trial/estimates.hpp"
#include "trial/replay.hpp"
#include "trial/summarise.hpp"

namespace coley {
namespace {

RunOptions options_of(long long patients) {
  RunOptions options;
  options.patients = patients;
  options.seed = 3;
  return options;
}

TEST(TrialCurves, EnvelopeOfTrialsHoldsItsMiddleAndTheFirstIsTheFirst) {
  const Design design = make_design(read_trial("keynote-564", {"population.size=20"}));
  const RunOptions options = options_of(600), first = options_of(20);
  const report::Summary summary = summarise(design, options, run_trial(design, options), "");
  const report::Summary one = summarise(design, first, run_trial(design, first), "");
  for (std::size_t c = 0; c < summary.survival.size(); ++c) {
    const report::SurvivalCurve& curve = summary.survival[c];
    ASSERT_GT(curve.envelope.size(), 12U);
    for (const report::EnvelopePoint& p : curve.envelope) EXPECT_LE(p.low, p.high);
    const auto at = [&](double month) {
      double survival = 1;
      for (const report::SurvivalPoint& p : one.survival[c].points) survival = p.month <= month ? p.survival : survival;
      return survival;
    };
    for (const report::SurvivalPoint& p : curve.one_trial) EXPECT_DOUBLE_EQ(p.survival, at(p.month)) << p.month;
  }
  EXPECT_TRUE(one.survival[0].envelope.empty());
}

TEST(FirstPatients, AreThoseOfReplays) {
  const Design design = make_design(read_trial("carmena", {"population.size=12"}));
  const RunOptions options = options_of(24);
  report::Summary summary = summarise(design, options, run_trial(design, options), "");
  add_first_patients(design, options, summary);
  ASSERT_GE(summary.patients.size(), 10U);
  for (const std::size_t i : {std::size_t{0}, std::size_t{7}}) {
    const report::PatientLine& line = summary.patients[i];
    const Replay replay = replay_patient(design, {options.seed, 0}, static_cast<std::uint64_t>(line.id));
    const ArmReplay& arm = replay.arms[static_cast<std::size_t>(replay.assigned_arm)];
    EXPECT_EQ(line.arm, design.protocol().arms[static_cast<std::size_t>(replay.assigned_arm)].name);
    EXPECT_EQ(line.death_month.has_value(), arm.outcome.death_day != kNoDay);
    EXPECT_DOUBLE_EQ(line.death_month.value_or(-1), arm.outcome.death_day == kNoDay ? -1 : arm.outcome.death_day / kDaysPerMonth);
    EXPECT_EQ(line.response.has_value(), arm.outcome.measurable);
    for (const auto& [month, change] : line.change) {
      EXPECT_TRUE(std::any_of(arm.course.begin(), arm.course.end(), [&](const ReplayPoint& p) { return p.day == month * kDaysPerMonth; })) << month;
    }
  }
}

TEST(FirstPatients, ChangesAreOfWholeMillimetresReadAgainstTheBaselineThatJudgesResponse) {
  const Design design = make_design(read_trial("carmena", {"population.size=40"}));
  const RunOptions options = options_of(40);
  report::Summary summary = summarise(design, options, run_trial(design, options), "");
  add_first_patients(design, options, summary);
  int points = 0, responses = 0;
  for (const report::PatientLine& line : summary.patients) {
    if (line.change.empty()) continue;
    EXPECT_EQ(line.change.front().second, 0);
    responses += line.response == "PR";
    if (line.response == "PR") {
      EXPECT_LE(line.best_change.value(), -0.3);
    }
    EXPECT_LE(line.change.back().first, line.next_line_month.value_or(line.months));
    if (line.arm != "sunitinib") continue;  // the other arm has an operation, and with it a later baseline
    const Patient patient = replay_patient(design, {options.seed, 0}, static_cast<std::uint64_t>(line.id)).patient;
    const int baseline = TumourAssessment(patient.baseline).baseline_sum();
    for (const auto& [month, change] : line.change) EXPECT_NEAR((1 + change) * baseline, std::round((1 + change) * baseline), 1e-9) << line.id << ' ' << month;
    points += static_cast<int>(line.change.size());
  }
  EXPECT_GT(points, 20);
  EXPECT_GT(responses, 1);
}

TEST(FirstPatients, TwinsGainWhatTheWholeRunCounts) {
  const Design design = make_design(read_trial("keynote-564", {"population.size=15"}));
  RunOptions options = options_of(15);
  options.twins = true;
  report::Summary summary = summarise(design, options, run_trial(design, options), "");
  add_first_patients(design, options, summary);
  for (const report::TwinSummary& t : summary.twins) {
    ASSERT_EQ(static_cast<report::Count>(t.patients.size()), t.n);
    double sum = 0;
    for (const report::TwinPatient& p : t.patients) sum += p.benefit_days;
    EXPECT_NEAR(sum / static_cast<double>(t.n), *t.mean_benefit_days.estimate, 1e-9);
  }
}

}  // namespace
}  // namespace coley
