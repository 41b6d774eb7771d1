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

bool shows_disease(const Scan& scan, Organ organ) {
  return std::any_of(scan.lesions.begin(), scan.lesions.end(), [&](const Reading& r) { return r.organ == organ && is_disease(r); });
}

double detection_probability(double diameter, Organ organ, const ScanError& error) {
  if (diameter <= 0) return 0;
  const double ratio = (organ == Organ::lung ? error.half_seen_lung_mm : error.half_seen_mm) / diameter;
  const double square = ratio * ratio, fourth = square * square;
  return 1 / (1 + fourth * fourth);
}

double visible_volume(const ScannedLesion& lesion) {
  const double scar = lesion.known ? lesion.scar_fraction * lesion.largest_volume : 0.0;
  const double solid = std::max(lesion.volume, scar);
  return solid > 0 ? solid + 1e6 * lesion.t_cells * kTCellVolume : 0.0;
}

Reading read_lesion(const ScannedLesion& lesion, const ScanDraws& draws, const ScanError& error) {
  Reading reading{.mm = 0, .lesion = lesion.lesion, .organ = lesion.organ, .assessed = true};
  if (!(lesion.volume >= 0) || !std::isfinite(lesion.volume)) bug("scan of a lesion whose volume is not a number >= 0");
  const double volume = visible_volume(lesion);
  if (volume <= 0) return reading;
  const double diameter = diameter_mm(volume);
  const bool seen = lesion.known ? diameter >= error.vanishing_mm
                                 : draws.detection < detection_probability(diameter, lesion.organ, error);
  if (!seen) return reading;
  const double measured =
      diameter * std::exp(error.relative_sd * draws.relative) + error.additive_sd_mm * draws.additive;
  reading.mm = static_cast<std::int16_t>(std::clamp(measured, error.smallest_measured_mm, 10000.0) + 0.5);
  return reading;
}

}  // namespace coley
