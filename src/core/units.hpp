// SPDX-License-Identifier: Apache-2.0
#pragma once
// Units used inside Coley: days, mm for diameters, cm3 for volumes (10^9 cells), 10^6 T cells, mg or MIU for doses.
// Reports show months of 30.4375 days (docs/decisions/0003-units-and-time.md).

#include <cmath>

namespace coley {

inline constexpr double kDaysPerMonth = 30.4375;
inline constexpr double kDaysPerYear = 365.25;
inline constexpr double kCellsPerCm3 = 1e9;
inline constexpr double kPi = 3.14159265358979323846;
/// A day, or a threshold, that never comes; finite, so that differences with it stay numbers.
inline constexpr double kNever = 1e300;
inline constexpr double kLn2 = 0.69314718055994530942;

/// Diameter in mm of a sphere of `volume` cm3.
inline double diameter_mm(double volume) { return 10.0 * std::cbrt(6.0 * volume / kPi); }

/// Volume in cm3 of a sphere of `diameter` mm.
inline double volume_cm3(double diameter) { return kPi / 6.0 * diameter * diameter * diameter * 1e-3; }

}  // namespace coley
