// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "core/units.hpp"
#include "observation/scan.hpp"

namespace coley {
namespace {

double between(int low, int high) {
  return *rc::gen::inRange(low * 1000, high * 1000) / 1000.0;
}

ScannedLesion random_lesion() {
  ScannedLesion lesion;
  lesion.volume = volume_cm3(between(0, 120));
  lesion.largest_volume = std::max(lesion.volume, volume_cm3(between(0, 120)));
  lesion.scar_fraction = between(0, 1);
  lesion.t_cells = between(0, 1000);
  lesion.organ = static_cast<Organ>(*rc::gen::inRange(0, static_cast<int>(kOrgans)));
  lesion.known = *rc::gen::arbitrary<bool>();
  return lesion;
}

ScanDraws random_draws() {
  return {between(-4, 4), between(-4, 4), between(0, 1)};
}

RC_GTEST_PROP(ScanLaws, AReadingIsNothingOrAtLeastFiveMillimetres, ()) {
  const Reading reading = read_lesion(random_lesion(), random_draws(), {});
  RC_ASSERT(reading.mm == 0 || reading.mm >= 5);
}

RC_GTEST_PROP(ScanLaws, WithTheSameDrawsALargerLesionNeverReadsSmaller, ()) {
  const ScannedLesion lesion = random_lesion();
  ScannedLesion larger = lesion;
  larger.volume += volume_cm3(between(0, 60));
  const ScanDraws draws = random_draws();
  RC_ASSERT(read_lesion(larger, draws, {}).mm >= read_lesion(lesion, draws, {}).mm);
}

RC_GTEST_PROP(ScanLaws, NoLesionNoReading, ()) {
  ScannedLesion lesion = random_lesion();
  lesion.volume = 0;
  lesion.known = false;
  RC_ASSERT(read_lesion(lesion, random_draws(), {}).mm == 0);
}

}  // namespace
}  // namespace coley
