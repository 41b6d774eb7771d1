// SPDX-License-Identifier: Apache-2.0
#include "endpoints/endpoints.hpp"

#include <gtest/gtest.h>

#include <array>

namespace coley {
namespace {

constexpr std::array<int, 4> kScans{84, 168, 252, 336};

struct Case {
  const char* what;
  Outcome outcome;
  int cutoff;
  TimeToEvent os, dfs, pfs, ttnt;
};

const Case kCases[] = {
    {"nothing happens", {}, 300, {300, false}, {252, false}, {252, false}, {300, false}},
    {"cut off before the first scan", {}, 60, {60, false}, {0, false}, {0, false}, {60, false}},
    {"cut off on the day of a scan", {}, 168, {168, false}, {168, false}, {168, false}, {168, false}},
    {"not yet followed at all", {}, 0, {0, false}, {0, false}, {0, false}, {0, false}},
    {"died", {.death_day = 200}, 300, {200, true}, {200, true}, {200, true}, {200, true}},
    {"died on the day of the cut-off", {.death_day = 300}, 300, {300, true}, {300, true}, {300, true}, {300, true}},
    {"died after the cut-off", {.death_day = 301}, 300, {300, false}, {252, false}, {252, false}, {300, false}},
    {"withdrew", {.withdrawal_day = 200}, 300, {200, false}, {168, false}, {168, false}, {200, false}},
    {"withdrew after the cut-off", {.withdrawal_day = 320}, 300, {300, false}, {252, false}, {252, false}, {300, false}},
    {"recurred", {.recurrence_day = 168}, 300, {300, false}, {168, true}, {252, false}, {300, false}},
    {"recurred and died", {.death_day = 290, .recurrence_day = 168}, 300, {290, true}, {168, true}, {290, true}, {290, true}},
    {"recurred, was treated, withdrew", {.withdrawal_day = 260, .recurrence_day = 168, .next_line_day = 196}, 300, {260, false}, {168, true}, {252, false}, {196, true}},
    {"recurrence and treatment beyond the cut-off", {.recurrence_day = 336, .next_line_day = 364}, 300, {300, false}, {252, false}, {252, false}, {300, false}},
    {"progressed and died", {.death_day = 290, .progression_day = 84}, 300, {290, true}, {290, true}, {84, true}, {290, true}},
};

TEST(Endpoints, RulesOfCensoring) {
  for (const Case& c : kCases) {
    const std::pair<EndpointKind, TimeToEvent> expected[] = {{EndpointKind::OS, c.os}, {EndpointKind::DFS, c.dfs}, {EndpointKind::PFS, c.pfs}, {EndpointKind::TTNT, c.ttnt}};
    for (const auto& [kind, time] : expected) {
      const TimeToEvent found = time_to_event(kind, c.outcome, c.cutoff, kScans).value();
      EXPECT_EQ(found.day, time.day) << c.what << ", endpoint " << static_cast<int>(kind);
      EXPECT_EQ(found.event, time.event) << c.what << ", endpoint " << static_cast<int>(kind);
    }
  }
}

TEST(Endpoints, LaterCutOffNeverRemovesAnEvent) {
  for (const Case& c : kCases) {
    for (EndpointKind kind : {EndpointKind::OS, EndpointKind::DFS, EndpointKind::PFS, EndpointKind::TTNT, EndpointKind::TTD}) {
      TimeToEvent before{0, false};
      for (int cutoff = 0; cutoff < 500; ++cutoff) {
        const TimeToEvent now = time_to_event(kind, c.outcome, cutoff, kScans).value();
        if (before.event) {
          EXPECT_TRUE(now.event && now.day == before.day) << c.what;
        } else {
          EXPECT_GE(now.day, before.day) << c.what;
        }
        before = now;
      }
    }
  }
}

struct OfSome {
  const char* what;
  EndpointKind kind;
  Outcome outcome;
  int cutoff;
  std::optional<TimeToEvent> expected;
};

const OfSome kOfSome[] = {
    {"no response", EndpointKind::DOR, {}, 300, std::nullopt},
    {"response goes on", EndpointKind::DOR, {.response_day = 84}, 300, TimeToEvent{168, false}},
    {"response ends", EndpointKind::DOR, {.response_day = 84, .response_end_day = 252}, 300, TimeToEvent{168, true}},
    {"response ends after the cut-off", EndpointKind::DOR, {.response_day = 84, .response_end_day = 336}, 300, TimeToEvent{168, false}},
    {"dies in response", EndpointKind::DOR, {.death_day = 200, .response_day = 84}, 300, TimeToEvent{116, true}},
    {"response after the cut-off", EndpointKind::DOR, {.response_day = 336}, 300, std::nullopt},
    {"cut off on the day of response", EndpointKind::DOR, {.response_day = 252}, 252, TimeToEvent{0, false}},
    {"progressed after an operation, then responded", EndpointKind::DOR, {.progression_day = 84, .response_day = 168}, 300, TimeToEvent{84, false}},
    {"response", EndpointKind::TTR, {.response_day = 84}, 300, TimeToEvent{84, true}},
    {"no response so far", EndpointKind::TTR, {.response_day = 336}, 300, std::nullopt},
    {"on treatment", EndpointKind::TFS, {}, 300, std::nullopt},
    {"treatment ended", EndpointKind::TFS, {.treatment_end_day = 100}, 300, TimeToEvent{200, false}},
    {"treatment ended, next began", EndpointKind::TFS, {.treatment_end_day = 100, .next_line_day = 180}, 300, TimeToEvent{80, true}},
    {"treatment ended, died", EndpointKind::TFS, {.death_day = 250, .treatment_end_day = 100}, 300, TimeToEvent{150, true}},
    {"treatment ended, withdrew", EndpointKind::TFS, {.withdrawal_day = 200, .treatment_end_day = 100}, 300, TimeToEvent{100, false}},
    {"treatment ended", EndpointKind::TTD, {.treatment_end_day = 100}, 300, TimeToEvent{100, true}},
    {"died on treatment", EndpointKind::TTD, {.death_day = 90}, 300, TimeToEvent{90, true}},
};

TEST(Endpoints, SpeakOnlyOfWhomTheyConcern) {
  for (const OfSome& c : kOfSome) {
    const auto found = time_to_event(c.kind, c.outcome, c.cutoff, kScans);
    ASSERT_EQ(found.has_value(), c.expected.has_value()) << c.what;
    if (!found) continue;
    EXPECT_EQ(found->day, c.expected->day) << c.what;
    EXPECT_EQ(found->event, c.expected->event) << c.what;
  }
}

TEST(Endpoints, RecurrenceFreeIntervalEndsWithoutEventAtDeath) {
  const Outcome died{.death_day = 200};
  EXPECT_EQ(time_to_event(EndpointKind::RFI, died, 300, kScans)->day, 168);  // the last scan without recurrence
  EXPECT_FALSE(time_to_event(EndpointKind::RFI, died, 300, kScans)->event);
  const Outcome recurred{.death_day = 200, .recurrence_day = 168};
  EXPECT_EQ(time_to_event(EndpointKind::RFI, recurred, 300, kScans)->day, 168);
  EXPECT_TRUE(time_to_event(EndpointKind::RFI, recurred, 300, kScans)->event);
}

TEST(Endpoints, HaveNames) {
  EXPECT_EQ(endpoint_named("OS"), EndpointKind::OS);
  EXPECT_EQ(endpoint_named("DFS"), EndpointKind::DFS);
  EXPECT_EQ(endpoint_named("PFS"), EndpointKind::PFS);
  EXPECT_EQ(endpoint_named("TTNT"), EndpointKind::TTNT);
  EXPECT_EQ(endpoint_named("TTD"), EndpointKind::TTD);
  EXPECT_EQ(endpoint_named("TFS"), EndpointKind::TFS);
  EXPECT_EQ(endpoint_named("DOR"), EndpointKind::DOR);
  EXPECT_EQ(endpoint_named("TTR"), EndpointKind::TTR);
}

TEST(LocalControl, CountsFromIrradiationAndIsCensoredAtDeath) {
  const std::vector<int> scans{84, 168, 252};
  Outcome outcome;
  outcome.follow_up_day = 400;
  IrradiatedLesion lesion{10, -1};
  EXPECT_EQ(local_control(IrradiatedLesion{}, outcome, 300, scans), std::nullopt);
  EXPECT_EQ(local_control(lesion, outcome, 300, scans)->day, 242);
  outcome.death_day = 200;
  EXPECT_EQ(local_control(lesion, outcome, 300, scans)->day, 158);
  EXPECT_FALSE(local_control(lesion, outcome, 300, scans)->event);
  lesion.failure_day = 168;
  EXPECT_EQ(local_control(lesion, outcome, 300, scans)->day, 158);
  EXPECT_TRUE(local_control(lesion, outcome, 300, scans)->event);
  EXPECT_FALSE(local_control(lesion, outcome, 150, scans)->event);  // not yet at that cut-off
  EXPECT_EQ(local_control(lesion, outcome, 5, scans), std::nullopt);

  outcome.irradiated = {IrradiatedLesion{10, 168}, IrradiatedLesion{20, 84}};
  EXPECT_EQ(time_to_event(EndpointKind::LC, outcome, 300, scans)->day, 74);  // of the patient: the first to fail, from the first irradiation
}

}  // namespace
}  // namespace coley
