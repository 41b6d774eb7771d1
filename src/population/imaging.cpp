// SPDX-License-Identifier: Apache-2.0
#include "population/imaging.hpp"

#include <algorithm>

#include "core/units.hpp"
#include "population/lesions.hpp"

namespace coley {

namespace {
constexpr double kNegligibleDiameter = 1.5;  // mm; seen with a chance below 1e-4
}

Scan take_scan(const solver::LaneView& lane, Patient& patient, const LesionIds& ids, int day, const ScanError& error) {
  Scan result;
  result.day = day;
  for (int slot = 0; slot < biology::kLesions; ++slot) {
    const auto s = static_cast<std::size_t>(slot);
    Lesion& lesion = patient.lesions[s];
    const double volume = lesion_volume(lane, slot);
    Reading& reading = result.lesions[s];
    reading.organ = lesion.organ;
    reading.lesion = ids[s];
    if (lesion.known) lesion.largest = std::max(lesion.largest, volume);
    if (!lesion.known && diameter_mm(volume) < kNegligibleDiameter) continue;
    Stream draw = patient.draws.on_treatment(Purpose::scan, static_cast<std::uint64_t>(day) * 8 + s);
    const ScannedLesion seen{volume, lesion.largest, lesion.scar, volume > 0 ? lane.state(biology::State::E + slot) : 0.0, lesion.organ,
                             ids[s], lesion.known};
    const double relative = draw.normal(), additive = draw.normal();
    reading = read_lesion(seen, {relative, additive, draw.uniform()}, error);
    if (reading.mm > 0 && !lesion.known) {
      lesion.known = true;
      lesion.largest = volume;
    }
  }
  return result;
}

}  // namespace coley
