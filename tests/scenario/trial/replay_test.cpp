// SPDX-License-Identifier: Apache-2.0
// A patient replayed alone is the patient of the run.
#include "trial/replay.hpp"

#include <gtest/gtest.h>

#include <string>

#include "trial/run_trial.hpp"

namespace coley {
namespace {

constexpr std::uint64_t kTrial = 3;
constexpr long long kSize = 24;

const Design& design() {
  static const Design result = make_design(read_trial("keynote-564", {"population.size=" + std::to_string(kSize)}));
  return result;
}

RunOptions options(bool twins) {
  RunOptions result;
  result.patients = kSize;
  result.seed = 7;
  result.twins = twins;
  return result;
}

void expect_same(const Outcome& a, const Outcome& b) {
  EXPECT_EQ(a.arm, b.arm);
  EXPECT_EQ(a.follow_up_day, b.follow_up_day);
  EXPECT_EQ(a.death_day, b.death_day);
  EXPECT_EQ(a.death_cause, b.death_cause);
  EXPECT_EQ(a.recurrence_day, b.recurrence_day);
  EXPECT_EQ(a.withdrawal_day, b.withdrawal_day);
  EXPECT_EQ(a.toxicity_day, b.toxicity_day);
  EXPECT_EQ(a.next_line_day, b.next_line_day);
  EXPECT_EQ(a.later_treatment, b.later_treatment);
  EXPECT_EQ(a.doses, b.doses);
}

TEST(Replay, EveryPatientIsThatOfTheRun) {
  long long seen = 0, events = 0;
  simulate_trial(design(), options(false), kTrial, kSize, [&](const std::vector<PatientRow>& rows) {
    for (const PatientRow& row : rows) {
      SCOPED_TRACE(row.place);
      const Replay replay = replay_patient(design(), {7, kTrial}, row.place);
      EXPECT_EQ(replay.patient.states, row.patient->states);  // bit for bit
      EXPECT_EQ(replay.patient.draws.patient, row.patient->draws.patient);
      EXPECT_EQ(replay.enrolment_day, row.enrolment_day);
      EXPECT_EQ(replay.assigned_arm, row.outcome->arm);
      const ArmReplay& arm = replay.arms[static_cast<std::size_t>(row.outcome->arm)];
      expect_same(arm.outcome, *row.outcome);
      ASSERT_EQ(replay.endpoints.size(), arm.times.size());
      for (std::size_t e = 0; e < arm.times.size(); ++e) {
        const auto expected = time_to_event(endpoint_named(replay.endpoints[e]), *row.outcome, replay.follow_up_days, design().setting.scan_days);
        ASSERT_EQ(arm.times[e].has_value(), expected.has_value());
        if (!expected) continue;
        EXPECT_EQ(arm.times[e]->day, expected->day);
        EXPECT_EQ(arm.times[e]->event, expected->event);
        events += expected->event;
      }
      ++seen;
    }
  });
  EXPECT_EQ(seen, kSize);
  EXPECT_GT(events, 0);
}

TEST(Replay, ACourseBeginsAtRandomisationAndGoesForward) {
  const Replay replay = replay_patient(design(), {7, kTrial}, 5);
  ASSERT_EQ(replay.arms.size(), design().setting.arms.size());
  for (const ArmReplay& arm : replay.arms) {
    ASSERT_FALSE(arm.course.empty());
    EXPECT_EQ(arm.course.front().day, 0);
    EXPECT_EQ(arm.course.front().event, "randomised");
    for (std::size_t i = 0; i < arm.course.size(); ++i) {
      const ReplayPoint& point = arm.course[i];
      EXPECT_GE(point.day, i > 0 ? arm.course[i - 1].day : 0);
      EXPECT_LE(point.day, replay.follow_up_days);
      EXPECT_GE(point.pd1_occupancy, 0);
      EXPECT_LE(point.pd1_occupancy, 1);
      for (std::size_t slot = 0; slot < point.lesions.size(); ++slot) EXPECT_GE(point.lesions[slot].diameter_mm, 0);
    }
    for (std::size_t slot = 0; slot < arm.course.front().lesions.size(); ++slot) {
      EXPECT_EQ(arm.course.front().lesions[slot].diameter_mm, replay.at_randomisation[slot].diameter_mm);
    }
  }
}

TEST(Replay, OnlyTheArmWithTheAntibodyHasOccupancy) {
  const Replay replay = replay_patient(design(), {7, kTrial}, 5);
  const auto drug = static_cast<std::size_t>(design().arm("pembrolizumab")), placebo = static_cast<std::size_t>(design().arm("placebo"));
  EXPECT_GT(replay.arms[drug].course.front().pd1_occupancy, 0.5);
  EXPECT_EQ(replay.arms[placebo].course.front().pd1_occupancy, 0);
}

}  // namespace
}  // namespace coley
