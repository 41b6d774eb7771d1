// SPDX-License-Identifier: Apache-2.0
#include "course/local_control.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace coley {
namespace {

Scan scan_of(int day, int mm, std::uint8_t lesion = 0) {
  Scan scan;
  scan.day = day;
  scan.lesions[2].mm = static_cast<std::int16_t>(mm);
  scan.lesions[2].lesion = lesion;
  return scan;
}

/// Day of failure of a lesion that measures these mm on days 100, 200, ... after 30 mm at planning on day 10.
int failure(const std::vector<int>& mm) {
  LocalControl control;
  control.follow(2, scan_of(10, 30));
  for (std::size_t i = 0; i < mm.size(); ++i) control.assess(scan_of(100 * static_cast<int>(i + 1), mm[i]));
  return control.lesions()[2].failure_day;
}

TEST(LocalControl, FailsAFifthAndFiveMillimetresAboveTheSmallest) {
  EXPECT_EQ(failure({30, 35}), -1);      // 5 mm, not a fifth
  EXPECT_EQ(failure({30, 36}), 200);
  EXPECT_EQ(failure({20, 24}), -1);      // a fifth, not 5 mm
  EXPECT_EQ(failure({20, 25}), 200);     // of the smallest, not of the first
  EXPECT_EQ(failure({20, 10, 15}), 300);
  EXPECT_EQ(failure({36, 20}), 100);     // and stays failed
  EXPECT_EQ(failure({0, 4, 5}), 300);
}

TEST(LocalControl, IsOfTheLesionThatWasIrradiated) {
  LocalControl control;
  control.assess(scan_of(5, 60));
  EXPECT_EQ(control.lesions()[2], IrradiatedLesion{});
  control.follow(2, scan_of(10, 30));
  control.assess(scan_of(100, 50, 1));  // another lesion of the slot
  EXPECT_EQ(control.lesions()[2].failure_day, -1);
  control.settle(2);
  control.assess(scan_of(200, 50));
  EXPECT_EQ(control.lesions()[2].failure_day, -1);
  EXPECT_EQ(control.lesions()[2].day, 10);
}

}  // namespace
}  // namespace coley
