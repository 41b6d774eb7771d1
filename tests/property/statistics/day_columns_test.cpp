// SPDX-License-Identifier: Apache-2.0
// Columns of days counted at once equal the patients added one by one.
#include "statistics/day_columns.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

RC_GTEST_PROP(DayColumns, EqualPatientsAddedOneByOne, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(0, 200);
  const auto day = *rc::gen::container<std::vector<std::uint16_t>>(n, rc::gen::inRange<std::uint16_t>(0, 3000));
  const auto event = *rc::gen::container<std::vector<std::uint8_t>>(n, rc::gen::inRange<std::uint8_t>(0, 2));
  const auto group = *rc::gen::container<std::vector<int>>(n, rc::gen::inRange(0, 3));
  DayCounts one_by_one(3);
  for (std::size_t i = 0; i < n; ++i) one_by_one.add(day[i], event[i] != 0, group[i]);
  RC_ASSERT(count_days(day, event, group, 3) == one_by_one);
}

TEST(DayColumns, NameTheRowOfACodeOutOfRange) {
  const std::vector<std::uint16_t> day = {1, 2, 3};
  const std::vector<std::uint8_t> event = {0, 1, 2}, good = {0, 1, 1};
  const std::vector<int> group = {0, 1, 2};
  try {
    count_days(day, event);
    FAIL();
  } catch (const InputError& fault) {
    EXPECT_NE(std::string(fault.what()).find("event of row 3"), std::string::npos);
  }
  EXPECT_THROW(count_days(day, good, group, 2), InputError);
  EXPECT_THROW(count_days(day, std::vector<std::uint8_t>{1}), InputError);
}

}  // namespace
}  // namespace coley::statistics
