// SPDX-License-Identifier: Apache-2.0
#include "observation/scan.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"

namespace coley {

Scan missed_scan(int day) {
  Scan scan{.day = day};
  for (Reading& reading : scan.lesions) reading.assessed = false;
  return scan;
}

bool is_disease(const Reading& reading) {
  return reading.mm >= (reading.organ == Organ::node ? 10 : 1);
}

double detection_probability(double diameter, Organ organ, const ScanError& error) {
  if (diameter <= 0) return 0;
  const double half_seen = organ == Organ::lung ? error.half_seen_lung_mm : error.half_seen_mm;
  return 1 / (1 + std::pow(half_seen / diameter, error.steepness));
}

double visible_volume(const ScannedLesion& lesion) {
  const double scar = lesion.known ? lesion.scar_fraction * lesion.largest_volume : 0.0;
  const double solid = std::max(lesion.volume, scar);
  return solid > 0 ? solid + 1e6 * lesion.t_cells * kTCellVolume : 0.0;
}

Reading read_lesion(const ScannedLesion& lesion, const ScanDraws& draws, const ScanError& error) {
  Reading reading{.mm = 0, .lesion = lesion.lesion, .organ = lesion.organ, .assessed = true};
  if (!(lesion.volume >= 0) || !std::isfinite(lesion.volume)) bug("scan of a lesion whose volume is not a number >= 0");
  const double diameter = diameter_mm(visible_volume(lesion));
  const bool seen = lesion.known ? diameter >= error.vanishing_mm
                                 : draws.detection < detection_probability(diameter, lesion.organ, error);
  if (!seen) return reading;
  const double measured =
      diameter * std::exp(error.relative_sd * draws.relative) + error.additive_sd_mm * draws.additive;
  reading.mm = static_cast<std::int16_t>(std::lround(std::clamp(measured, error.smallest_measured_mm, 10000.0)));
  return reading;
}

}  // namespace coley
