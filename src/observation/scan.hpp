// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a scan shows of a lesion: whether it is seen, and its diameter in whole mm. Lesions are spheres, so the longest
// diameter and the short axis of a node are the same number. No state and no allocation: the caller gives the draws and
// remembers which lesions are known.

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/organ.hpp"

namespace coley {

/// Lesion slots of a patient. A slot whose lesion died out can hold another lesion later (Reading::lesion).
inline constexpr std::size_t kMaxLesions = 6;

/// Volume of one T cell, cm3 (175-180 um3; science specification, section 6).
inline constexpr double kTCellVolume = 1.8e-10;

/// How well lesions are seen and measured.
struct ScanError {
  double relative_sd = 0.08;          ///< sd of ln(diameter): residual of SLD models in renal cancer (Ouerdani 2015)
  double additive_sd_mm = 1.0;        ///< same source
  double half_seen_lung_mm = 5.0;     ///< diameter detected half of the time, lung; CT slices of 5 mm (Eisenhauer 2009)
  double half_seen_mm = 10.0;         ///< the same elsewhere: the smallest measurable lesion of RECIST 1.1
  double smallest_measured_mm = 5.0;  ///< a smaller reading is "too small to measure" and recorded as this (RECIST 1.1)
  double vanishing_mm = 5.0;  ///< a known lesion truly smaller is recorded as 0. Decides the rate of complete responses
                              ///< together with the scar fraction: the two are calibrated as one (d_gone and phi)
};

/// One lesion as it is on the day of the scan.
struct ScannedLesion {
  double volume = 0;          ///< living tumour, cm3; 0 when there is none
  double largest_volume = 0;  ///< the most it ever had, cm3
  double scar_fraction = 0;   ///< share of largest_volume that stays visible as scar, 0..1
  double t_cells = 0;         ///< infiltrating effector T cells, 10^6
  Organ organ = Organ::kidney;
  std::uint8_t lesion = 0;  ///< counts the lesions that the slot has held
  bool known = false;       ///< seen on an earlier scan: found again whenever it is visible at all
};

/// The caller's draws for one lesion at one scan.
struct ScanDraws {
  double relative = 0;   ///< standard normal
  double additive = 0;   ///< standard normal
  double detection = 0;  ///< uniform on (0, 1)
};

/// One slot of a scan. mm is 0 when nothing is seen there.
struct Reading {
  std::int16_t mm = 0;
  std::uint8_t lesion = 0;  ///< another number than at the last scan: the slot holds another lesion
  Organ organ = Organ::kidney;
  bool assessed = true;  ///< false: this site was not imaged, or not well enough; mm then means nothing
};

/// Every slot at one visit; empty slots read 0 mm.
struct Scan {
  int day = 0;
  std::array<Reading, kMaxLesions> lesions{};
};

/// A visit without a scan that can be evaluated.
Scan missed_scan(int day);

/// Disease by RECIST 1.1: anything seen, but a node only from 10 mm short axis on.
bool is_disease(const Reading& reading);

/// True when the scan shows disease in the organ.
bool shows_disease(const Scan& scan, Organ organ);

/// Probability that a lesion not known before is seen: 1 / (1 + (d50/d)^8), with d50 of the organ; 0 at 0 mm. The
/// exponent is assumed.
double detection_probability(double diameter, Organ organ, const ScanError& error);

/// Volume on the film, cm3: living tumour or, once known, its scar if that is larger, and the T cells in it.
double visible_volume(const ScannedLesion& lesion);

/// What the radiologist writes down. A volume that is negative or not a number is a bug and throws.
Reading read_lesion(const ScannedLesion& lesion, const ScanDraws& draws, const ScanError& error);

}  // namespace coley
