// SPDX-License-Identifier: Apache-2.0
#pragma once
// From draws to a person with a tumour, and from the state of that tumour to what pathology and staging report. T stage,
// grade, necrosis and performance are earned from size, growth, invasion, burden and age, never drawn on their own.

#include "population/lesions.hpp"
#include "population/patient.hpp"

namespace coley {

/// Number of cells from which a primary is followed.
inline constexpr double kFirstCells = 1e8;

/// A primary that the immune system has driven from there below this number of cells (2.7 mm) is held for good: in oscillations
/// that no staging would see, or dying out. Whoever is ill by its metastases then has no tumour of the kidney to be found
/// (docs/decisions/0035).
inline constexpr double kHeldCells = 1e7;

/// Draws who a new candidate is.
void draw_person(const Disease& disease, Patient& patient);

/// Draws the biology of a person that was drawn.
void draw_traits(const Disease& disease, Patient& patient);

/// Whether the tumour of a drawn candidate can be of the intermediate-high group when it is found: a primary that is not at the
/// size at which it is found at the latest is not at a smaller one.
bool may_be_intermediate_high(const Disease& disease, const Patient& patient);

/// The states and inputs of a drawn candidate's tumour of 10^8 cells, the start of the natural history.
void begin_natural_history(const solver::LaneView& lane, const Disease& disease, Patient& patient);

/// Reads the lane on the day the disease is found: stage, grade, necrosis, lesions seen, ECOG, risk group and scores.
void diagnose(const solver::LaneView& lane, const Disease& disease, Patient& patient, const ScanError& imaging);

/// Looks at the patient anew, at entry to a trial of metastatic disease: ECOG and blood as they are now.
void examine(const solver::LaneView& lane, const Disease& disease, Patient& patient);

}  // namespace coley
