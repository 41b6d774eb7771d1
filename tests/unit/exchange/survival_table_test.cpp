// SPDX-License-Identifier: Apache-2.0
// Event codes, dates, missing values and factors of a survival table.
#include "exchange/survival_table.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/error.hpp"

namespace coley::exchange {
namespace {

class SurvivalTableFile : public ::testing::Test {
 protected:
  SurvivalTable read(const std::string& text, const SurvivalColumns& columns) {
    const auto path = std::filesystem::path(::testing::TempDir()) / (std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()) + ".csv");
    std::ofstream(path) << text;
    return read_survival_table(path.string(), columns);
  }
  std::string fault(const std::string& text, const SurvivalColumns& columns) {
    try {
      read(text, columns);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }
};

const std::vector<std::uint8_t> kYesNo = {1, 0};

TEST_F(SurvivalTableFile, ReadsEveryEventCode) {
  EXPECT_EQ(read("t,e\n1,1\n2,0\n", {.time = "t", .event = "e"}).event, kYesNo);
  EXPECT_EQ(read("t,e\n1,TRUE\n2,FALSE\n", {.time = "t", .event = "e"}).event, kYesNo);
  const SurvivalTable adam = read("AVAL,CNSR\n1,0\n2,1\n", {.time = "AVAL", .event = "CNSR"});
  EXPECT_EQ(adam.event, kYesNo);
  EXPECT_TRUE(adam.reversed);
  EXPECT_EQ(read("t,e\n1,2\n2,1\n", {.time = "t", .event = "e", .event_value = "2"}).event, kYesNo);
}

TEST_F(SurvivalTableFile, RefusesOtherCodesByLineAndColumn) {
  const std::string text = fault("t,e\n1,1\n2,2\n", {.time = "t", .event = "e"});
  EXPECT_NE(text.find(":3:2: e: found '2'"), std::string::npos) << text;
  EXPECT_NE(text.find("--event-value"), std::string::npos) << text;
  EXPECT_NE(fault("t,e\n1,1\n-2,0\n", {.time = "t", .event = "e"}).find(":3:1: t: found '-2'"), std::string::npos);
}

TEST_F(SurvivalTableFile, CountsDaysBetweenDates) {
  const SurvivalTable table = read("from,to,e\n2020-02-28,2020-03-01,1\n2019-12-31,2020-01-01,0\n", {.time = "to", .event = "e", .start = "from"});
  EXPECT_EQ(table.time, (std::vector<double>{2, 1}));
  EXPECT_TRUE(table.entry.empty());
  EXPECT_NE(fault("from,to,e\n2020-02-30,2020-03-01,1\n", {.time = "to", .event = "e", .start = "from"}).find("'2020-02-30'"), std::string::npos);
}

TEST_F(SurvivalTableFile, DropsAndCountsIncompleteRows) {
  const SurvivalTable table = read("s,t,e,g\n0,3,1,b\n0,NA,1,a\n4,4,1,a\n1,5,0,\n1,5,0,a\n", {.time = "t", .event = "e", .start = "s", .group = "g"});
  EXPECT_EQ(table.rows, 5U);
  EXPECT_EQ(table.size(), 2U);
  EXPECT_EQ(table.missing.at("t"), 1U);
  EXPECT_EQ(table.missing.at("g"), 1U);
  EXPECT_EQ(table.empty_follow_up, 1U);
  EXPECT_EQ(table.group.levels, (std::vector<std::string>{"a", "b"}));
}

TEST_F(SurvivalTableFile, CodesFactorsAndInteractionsAsR) {
  const SurvivalTable table = read("t,e,g,x\n1,1,a,1\n2,1,b,2\n3,1,c,3\n", {.time = "t", .event = "e", .covariates = {"g*x"}, .reference = {{"g", "b"}}});
  EXPECT_EQ(table.design.names, (std::vector<std::string>{"ga", "gc", "x", "ga:x", "gc:x"}));
  EXPECT_EQ(std::vector<double>(table.design.columns.begin() + 9, table.design.columns.begin() + 12), (std::vector<double>{1, 0, 0}));
}

}  // namespace
}  // namespace coley::exchange
