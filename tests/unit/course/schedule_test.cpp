// SPDX-License-Identifier: Apache-2.0
#include "course/schedule.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/units.hpp"

namespace coley {
namespace {

Dosing high_dose() {
  Dosing d;
  d.every_days = 1.0 / 3;
  d.cycle_days = 84;
  d.days_on = {{0, 4}, {14, 18}};
  d.max_doses_per_block = 14;
  d.cycles = 3;
  return d;
}

TEST(Schedule, UnbrokenSeries) {
  Dosing d;
  d.every_days = 21;
  d.doses = 17;
  EXPECT_EQ(stretch_after(d, 0).end, 357);
  EXPECT_EQ(stretch_after(d, 357).start, kNever);
  EXPECT_EQ(doses_due(d, -1).doses, 0);
  EXPECT_EQ(doses_due(d, 0).doses, 1);
  EXPECT_EQ(doses_due(d, 20.9).doses, 1);
  EXPECT_EQ(doses_due(d, 21).doses, 2);
  EXPECT_EQ(doses_due(d, 1000).doses, 17);
  EXPECT_EQ(doses_due(d, 1000).last_day, 336);
  EXPECT_FALSE(all_due(d, 335));
  EXPECT_TRUE(all_due(d, 336));
  d.doses = 0;
  EXPECT_FALSE(all_due(d, 1e6));
  EXPECT_EQ(stretch_after(d, 1e6).start, 0);
}

TEST(Schedule, BlocksOfHighDoseInterleukin) {
  const Dosing d = high_dose();
  EXPECT_EQ(stretch_after(d, 0).end, 5);
  EXPECT_EQ(stretch_after(d, 5).start, 14);
  EXPECT_EQ(stretch_after(d, 19).start, 84);
  EXPECT_EQ(stretch_after(d, 2 * 84 + 19).start, kNever);
  EXPECT_EQ(slots_in(d, 5), 15);
  EXPECT_EQ(doses_due(d, 4.9).doses, 14);
  EXPECT_EQ(doses_due(d, 13.9).doses, 14);
  EXPECT_EQ(doses_due(d, 14).doses, 15);
  EXPECT_EQ(doses_due(d, 80).doses, 28);
  EXPECT_EQ(doses_due(d, 5000).doses, 84);
  EXPECT_FALSE(all_due(d, 2 * 84 + 18));
  EXPECT_TRUE(all_due(d, 2 * 84 + 19));
}

TEST(Schedule, FourWeeksOnTwoOff) {
  Dosing d;
  d.every_days = 1;
  d.cycle_days = 42;
  d.days_on = {{0, 27}};
  EXPECT_EQ(stretch_after(d, 27.5).start, 0);
  EXPECT_EQ(stretch_after(d, 28).start, 42);
  EXPECT_EQ(doses_due(d, 27).doses, 28);
  EXPECT_EQ(doses_due(d, 41).doses, 28);
  EXPECT_EQ(doses_due(d, 42).doses, 29);
  EXPECT_EQ(doses_due(d, 420).doses, 281);
}

/// Counting in closed form is counting dose by dose.
RC_GTEST_PROP(Schedule, CountsAsOneByOne, ()) {
  Dosing d;
  d.every_days = *rc::gen::element(1.0 / 3, 0.5, 1.0, 7.0 / 3);
  d.cycle_days = *rc::gen::inRange(10, 50);
  const int first = *rc::gen::inRange(0, 4), length = *rc::gen::inRange(0, 4);
  d.days_on = {{static_cast<double>(first), static_cast<double>(first + length)}};
  if (*rc::gen::arbitrary<bool>()) d.max_doses_per_block = *rc::gen::inRange(1, 10);
  if (*rc::gen::arbitrary<bool>()) d.cycles = *rc::gen::inRange(1, 5);
  if (*rc::gen::arbitrary<bool>()) d.doses = *rc::gen::inRange(1, 60);
  const double since = *rc::gen::inRange(0, 3000) / 10.0;
  int counted = 0;
  for (int cycle = 0; cycle * d.cycle_days <= since && (d.cycles == 0 || cycle < d.cycles); ++cycle) {
    int in_block = 0;
    for (double at = first; at < first + length + 1 - 1e-6 && cycle * d.cycle_days + at <= since + 1e-9; at += d.every_days) {
      if (d.max_doses_per_block > 0 && in_block == d.max_doses_per_block) break;
      if (d.doses > 0 && counted == d.doses) break;
      ++in_block;
      ++counted;
    }
  }
  RC_ASSERT(doses_due(d, since).doses == counted);
}

}  // namespace
}  // namespace coley
