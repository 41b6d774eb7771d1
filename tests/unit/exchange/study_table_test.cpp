// SPDX-License-Identifier: Apache-2.0
#include "exchange/study_table.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"

namespace coley::exchange {
namespace {

const StudyColumns kRatios{.study = "trial", .figures = StudyFigures::ratio_with_interval, .values = {"hr", "low", "high"}};

std::string message_of(const std::string& csv, const StudyColumns& columns) {
  try {
    read_studies(Table::parse(csv, "trials.csv"), columns);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(StudyTable, ReadsRatiosAndListsWhatIsLeftOut) {
  const Studies s = read_studies(Table::parse("trial,hr,low,high\nA,0.72,0.55,0.94\nB,0.8,,1.1\n", "trials.csv"), kRatios);
  ASSERT_EQ(s.effects.size(), 1u);
  EXPECT_NEAR(s.effects[0].estimate, std::log(0.72), 1e-15);
  ASSERT_EQ(s.left_out.size(), 1u);
  EXPECT_EQ(s.left_out[0], "B (line 3): low is missing");
}

TEST(StudyTable, ReadsCountsInTheOrderAskedFor) {
  const StudyColumns columns{.figures = StudyFigures::two_by_two, .values = {"e1", "n1", "e0", "n0"}, .order = "year"};
  const Studies s = read_studies(Table::parse("year,e1,n1,e0,n0\n2001,3,10,5,12\n1999,1,20,4,21\n", "trials.csv"), columns);
  EXPECT_EQ(s.tables[0].treated_events, 1);
  EXPECT_EQ(s.tables[0].control_without, 17);
  EXPECT_EQ(s.labels[0], "study 2");
}

TEST(StudyTable, SaysWhereAFigureCannotBe) {
  const std::string order = message_of("trial,hr,low,high\nA,0.72,0.55,0.94\nB,1.4,0.8,1.1\n", kRatios);
  EXPECT_NE(order.find("trials.csv:3"), std::string::npos) << order;
  EXPECT_NE(order.find("B, hr, low, high"), std::string::npos) << order;
  const std::string word = message_of("trial,hr,low,high\nA,0.72,abc,0.94\n", kRatios);
  EXPECT_NE(word.find("trials.csv:2:3"), std::string::npos) << word;
  const StudyColumns counts{.figures = StudyFigures::two_by_two, .values = {"e1", "n1", "e0", "n0"}};
  const std::string events = message_of("e1,n1,e0,n0\n30,10,5,12\n", counts);
  EXPECT_NE(events.find("no more events than patients"), std::string::npos) << events;
  EXPECT_NE(message_of("trial,hr,lo,high\nA,1,1,1\n", kRatios).find("low"), std::string::npos);
  EXPECT_NE(message_of("trial,hr,low,high\nA,0.7,,1\n", kRatios).find("no study with all its figures"), std::string::npos);
}

}  // namespace
}  // namespace coley::exchange
