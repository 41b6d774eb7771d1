// SPDX-License-Identifier: Apache-2.0
#include "observation/scan.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/units.hpp"

namespace coley {
namespace {

ScannedLesion sphere(double mm, Organ organ, bool known) {
  return {.volume = volume_cm3(mm), .largest_volume = volume_cm3(mm), .organ = organ, .known = known};
}

TEST(Organ, NamesReadBack) {
  for (std::size_t i = 0; i < kOrgans; ++i) {
    const Organ organ = static_cast<Organ>(i);
    EXPECT_EQ(organ_named(to_string(organ)), organ);
  }
  EXPECT_EQ(organ_named("soft tissue"), std::nullopt);
}

TEST(Detection, HalfAtTheLimitOfTheOrgan) {
  const ScanError error;
  EXPECT_DOUBLE_EQ(detection_probability(5, Organ::lung, error), 0.5);
  EXPECT_DOUBLE_EQ(detection_probability(10, Organ::liver, error), 0.5);
  EXPECT_DOUBLE_EQ(detection_probability(10, Organ::lung, error), 256.0 / 257.0);
  EXPECT_DOUBLE_EQ(detection_probability(5, Organ::bone, error), 1.0 / 257.0);
  EXPECT_EQ(detection_probability(0, Organ::lung, error), 0);
}

TEST(Reading, ExactWithoutNoise) {
  EXPECT_EQ(read_lesion(sphere(23.4, Organ::liver, true), {.detection = 0.999}, {}).mm, 23);
  EXPECT_EQ(read_lesion(sphere(23.6, Organ::liver, true), {.detection = 0.999}, {}).mm, 24);
}

TEST(Reading, DrawDecidesFirstDetectionOnly) {
  EXPECT_EQ(read_lesion(sphere(10, Organ::liver, false), {.detection = 0.49}, {}).mm, 10);
  EXPECT_EQ(read_lesion(sphere(10, Organ::liver, false), {.detection = 0.51}, {}).mm, 0);
  EXPECT_EQ(read_lesion(sphere(6, Organ::liver, true), {.detection = 0.999999}, {}).mm, 6) << "known: no flicker";
}

TEST(Reading, RelativeAndAdditiveError) {
  const ScannedLesion lesion = sphere(50, Organ::lung, true);
  EXPECT_EQ(read_lesion(lesion, {.relative = 1}, {}).mm, std::lround(50 * std::exp(0.08)));
  EXPECT_EQ(read_lesion(lesion, {.additive = -2}, {}).mm, 48);
  EXPECT_EQ(read_lesion(lesion, {.relative = -1, .additive = 1}, {}).mm, std::lround(50 * std::exp(-0.08) + 1));
}

TEST(Reading, TooSmallToMeasureIsFive) {
  EXPECT_EQ(read_lesion(sphere(5.2, Organ::lung, true), {.additive = -3}, {}).mm, 5);
  EXPECT_EQ(read_lesion(sphere(3, Organ::lung, true), {}, {}).mm, 0) << "below the visible size";
  EXPECT_EQ(read_lesion(sphere(3, Organ::lung, true), {}, {.vanishing_mm = 2}).mm, 5);
  EXPECT_EQ(read_lesion(sphere(4, Organ::lung, false), {.detection = 0.01}, {}).mm, 5);
}

TEST(Reading, NoNoiseBringsBackWhatIsGone) {
  const ScannedLesion gone{.volume = 0, .largest_volume = 8, .scar_fraction = 0, .organ = Organ::lung, .known = true};
  EXPECT_EQ(read_lesion(gone, {.relative = 5, .additive = 9, .detection = 1e-9}, {}).mm, 0);
  const ScannedLesion never{.t_cells = 1e4, .organ = Organ::lung};
  EXPECT_EQ(read_lesion(never, {.relative = 5, .additive = 9, .detection = 1e-9}, {}).mm, 0);
}

TEST(Reading, ScarStaysOnceSeen) {
  ScannedLesion lesion{.volume = 0, .largest_volume = volume_cm3(40), .scar_fraction = 1.0 / 64, .known = true};
  EXPECT_EQ(read_lesion(lesion, {}, {}).mm, 10) << "1/64 of the volume is a quarter of the diameter";
  lesion.known = false;
  EXPECT_EQ(read_lesion(lesion, {.detection = 1e-9}, {}).mm, 0) << "the scar of a lesion never seen is not known";
}

TEST(VisibleVolume, TCellsSwellTheLesion) {
  ScannedLesion lesion = sphere(10, Organ::lung, true);
  const double bare = visible_volume(lesion);
  lesion.t_cells = 1000;  // 10^9 T cells of 180 um3
  EXPECT_NEAR(visible_volume(lesion) - bare, 0.18, 1e-12);
}

TEST(Reading, CarriesSlotAndOrgan) {
  ScannedLesion lesion = sphere(20, Organ::node, true);
  lesion.lesion = 3;
  const Reading reading = read_lesion(lesion, {}, {});
  EXPECT_EQ(reading.organ, Organ::node);
  EXPECT_EQ(reading.lesion, 3);
  EXPECT_TRUE(reading.assessed);
}

TEST(Reading, VolumeThatIsNoNumberThrows) {
  ScannedLesion lesion = sphere(20, Organ::lung, true);
  lesion.volume = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(read_lesion(lesion, {}, {}), std::logic_error);
  lesion.volume = -1;
  EXPECT_THROW(read_lesion(lesion, {}, {}), std::logic_error);
}

TEST(IsDisease, NodesFromTenMillimetres) {
  EXPECT_TRUE(is_disease({.mm = 5, .organ = Organ::lung}));
  EXPECT_FALSE(is_disease({.mm = 0, .organ = Organ::lung}));
  EXPECT_FALSE(is_disease({.mm = 9, .organ = Organ::node}));
  EXPECT_TRUE(is_disease({.mm = 10, .organ = Organ::node}));
}

}  // namespace
}  // namespace coley
