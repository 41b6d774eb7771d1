// SPDX-License-Identifier: Apache-2.0
#include "observation/recurrence.hpp"

#include <gtest/gtest.h>

namespace coley {
namespace {

Scan scan_with(int day, std::size_t slot, Organ organ, std::int16_t mm) {
  Scan scan{.day = day};
  scan.lesions[slot] = {.mm = mm, .organ = organ};
  return scan;
}

TEST(Recurrence, FirstScanThatShowsDisease) {
  RecurrenceWatch watch(0);
  EXPECT_FALSE(watch.assess({.day = 84}));
  EXPECT_FALSE(watch.assess(missed_scan(168)));
  EXPECT_EQ(watch.day(), std::nullopt);
  EXPECT_TRUE(watch.assess(scan_with(252, 2, Organ::lung, 6)));
  EXPECT_EQ(watch.day(), 252);
  EXPECT_EQ(watch.last_clear_day(), 84) << "the missed scan was not clear";
  EXPECT_TRUE(watch.distant());
  EXPECT_FALSE(watch.local());
  EXPECT_FALSE(watch.assess(scan_with(336, 3, Organ::bone, 12))) << "only the first counts";
  EXPECT_EQ(watch.day(), 252);
}

TEST(Recurrence, LocalInTheBedOfThePrimary) {
  RecurrenceWatch watch(0);
  EXPECT_TRUE(watch.assess(scan_with(84, 0, Organ::kidney, 12)));
  EXPECT_TRUE(watch.local());
  EXPECT_FALSE(watch.distant());
}

TEST(Recurrence, LocalAndDistantTogether) {
  RecurrenceWatch watch(0);
  Scan scan = scan_with(84, 0, Organ::kidney, 12);
  scan.lesions[4] = {.mm = 11, .organ = Organ::liver};
  EXPECT_TRUE(watch.assess(scan));
  EXPECT_TRUE(watch.local());
  EXPECT_TRUE(watch.distant());
}

TEST(Recurrence, NodeBelowTenMillimetresIsNone) {
  RecurrenceWatch watch(0);
  EXPECT_FALSE(watch.assess(scan_with(84, 1, Organ::node, 9)));
  EXPECT_EQ(watch.last_clear_day(), 84);
  EXPECT_TRUE(watch.assess(scan_with(168, 1, Organ::node, 10)));
}

TEST(Recurrence, IncompleteScanIsNotClear) {
  RecurrenceWatch watch(-7);
  Scan scan{.day = 84};
  scan.lesions[5] = {.mm = 30, .organ = Organ::lung, .assessed = false};
  EXPECT_FALSE(watch.assess(scan));
  EXPECT_EQ(watch.last_clear_day(), -7);
}

}  // namespace
}  // namespace coley
