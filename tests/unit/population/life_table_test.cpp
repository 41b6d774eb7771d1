// SPDX-License-Identifier: Apache-2.0
#include "population/life_table.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/units.hpp"

namespace coley {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr bool kMale = true, kFemale = false;

LifeTable three_years() { return LifeTable::parse("# made up\nage,male,female\n0,0.1,0.2\n1,0.5,0.25\n2,0.75,0.6\n", "t.csv"); }

LifeTable shipped() {
  std::ifstream in(COLEY_SOURCE_DIR "/evidence/life_table.csv");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return LifeTable::parse(text, "life_table.csv");
}

std::vector<Fault> faults_of(const std::string& text) {
  try {
    LifeTable::parse(text, "t.csv");
  } catch (const InputError& error) {
    return error.faults();
  }
  return {};
}

/// Years still to live at a whole age, with deaths in the middle of the year, as the source computes them.
double life_expectancy(const LifeTable& table, double age, bool male) {
  double years = 0.5;
  for (int k = 1; k < 150; ++k) years += table.survival(age, male, 1, k * kDaysPerYear);
  return years;
}

TEST(LifeTable, SurvivalAtWholeYearsIsTheProductOfTheYearlyChances) {
  const LifeTable table = three_years();
  EXPECT_DOUBLE_EQ(table.survival(0, kMale, 1, 0), 1);
  EXPECT_DOUBLE_EQ(table.survival(0, kMale, 1, kDaysPerYear), 0.9);
  EXPECT_DOUBLE_EQ(table.survival(0, kMale, 1, 2 * kDaysPerYear), 0.9 * 0.5);
  EXPECT_DOUBLE_EQ(table.survival(0, kMale, 1, 3 * kDaysPerYear), 0.9 * 0.5 * 0.25);
  EXPECT_DOUBLE_EQ(table.survival(1, kFemale, 1, 2 * kDaysPerYear), 0.75 * 0.4);
}

TEST(LifeTable, WithinAYearTheHazardIsConstant) {
  const LifeTable table = three_years();
  EXPECT_DOUBLE_EQ(table.survival(1, kMale, 1, 0.5 * kDaysPerYear), std::sqrt(0.5));
  EXPECT_DOUBLE_EQ(table.survival(0.5, kMale, 1, kDaysPerYear), std::sqrt(0.9) * std::sqrt(0.5));
}

TEST(LifeTable, TheLastHazardHolds) {
  const LifeTable table = three_years();
  EXPECT_DOUBLE_EQ(table.survival(2, kMale, 1, 5 * kDaysPerYear), std::pow(0.25, 5));
  EXPECT_NEAR(table.survival(40, kFemale, 1, kDaysPerYear), 0.4, 1e-12);
  EXPECT_NEAR(table.death_after(40, kFemale, 1, -std::log(0.4)), kDaysPerYear, 1e-9);
}

TEST(LifeTable, TheFactorMultipliesTheHazard) {
  const LifeTable table = three_years();
  EXPECT_DOUBLE_EQ(table.survival(0, kMale, 2, 2 * kDaysPerYear), 0.45 * 0.45);
  EXPECT_DOUBLE_EQ(table.survival(0, kMale, 0, 99 * kDaysPerYear), 1);
  EXPECT_EQ(table.death_after(0, kMale, 0, 1e-9), kInfinity);
}

TEST(LifeTable, DeathFallsWhereTheHazardIsReached) {
  const LifeTable table = three_years();
  EXPECT_EQ(table.death_after(0.3, kMale, 1, 0), 0);
  EXPECT_DOUBLE_EQ(table.death_after(1, kMale, 1, 0.5 * kLn2), 0.5 * kDaysPerYear);
  EXPECT_DOUBLE_EQ(table.death_after(0, kMale, 1, -std::log(0.9 * 0.5)), 2 * kDaysPerYear);
  EXPECT_DOUBLE_EQ(table.death_after(0, kMale, 1, -std::log(0.9 * 0.5 * 0.25 * 0.25)), 4 * kDaysPerYear);
  EXPECT_DOUBLE_EQ(table.death_after(1, kMale, 2, kLn2), 0.5 * kDaysPerYear);
}

TEST(LifeTable, ValuesOutsideTheDomainAreABugAndNotANumber) {
  const LifeTable table = three_years();
  EXPECT_THROW(table.death_after(-1, kMale, 1, 1), std::logic_error);
  EXPECT_THROW(table.death_after(60, kMale, 1, std::nan("")), std::logic_error);
  EXPECT_THROW(table.survival(60, kMale, std::nan(""), 1), std::logic_error);
}

// The source prints the life expectancy beside each probability: one slip in the numbers shows in the second decimal.
TEST(LifeTable, TheShippedTableGivesThePublishedLifeExpectancies) {
  const LifeTable table = shipped();
  const struct { double age, male, female; } published[] = {
      {1, 75.45, 80.39}, {20, 56.85, 61.63}, {40, 38.56, 42.47}, {50, 29.67, 33.23}, {60, 21.58, 24.56},
      {65, 17.89, 20.45}, {70, 14.39, 16.54}, {80, 8.28, 9.68}, {90, 4.05, 4.78}, {100, 2.12, 2.42}};
  for (const auto& row : published) {
    EXPECT_NEAR(life_expectancy(table, row.age, kMale), row.male, 0.0101) << row.age;
    EXPECT_NEAR(life_expectancy(table, row.age, kFemale), row.female, 0.0101) << row.age;
  }
}

TEST(LifeTable, AFaultNamesItsLine) {
  const auto gap = faults_of("# c\nage,male,female\n0,0.1,0.1\n2,0.1,0.1\n");
  ASSERT_EQ(gap.size(), 1u);
  EXPECT_EQ(gap[0].line, 4);
  EXPECT_EQ(gap[0].found, "2,0.1,0.1");
  EXPECT_NE(gap[0].expected.find("age 1 "), std::string::npos);
}

TEST(LifeTable, EveryFaultyLineIsNamed) {
  const auto faults = faults_of("age,male,female\n0,0.1,1\n1,nan,0.1\n2,0.1\n3,0.1,0.1,0.1\n4,-0.1,0.1\n5,0.1,0.1x\n6,0.1,0.1\n");
  ASSERT_EQ(faults.size(), 6u);
  for (int k = 0; k < 6; ++k) EXPECT_EQ(faults[static_cast<std::size_t>(k)].line, k + 2);
}

TEST(LifeTable, AnotherHeaderOrNothingIsAnError) {
  EXPECT_EQ(faults_of("x,qx\n0,0.1\n").at(0).line, 1);
  EXPECT_EQ(faults_of("").size(), 1u);
  EXPECT_EQ(faults_of("age,male,female\n").size(), 1u);
}

TEST(LifeTable, LinesMayEndInCarriageReturns) {
  const LifeTable table = LifeTable::parse("age,male,female\r\n0,0.1,0.2\r\n", "t.csv");
  EXPECT_DOUBLE_EQ(table.survival(0, kFemale, 1, kDaysPerYear), 0.8);
}

}  // namespace
}  // namespace coley
