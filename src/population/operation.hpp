// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an operation does to a patient in a lane, and the chances that go with it. Used alike before randomisation and on
// trial. Probabilities are logistic in what the surgeon knows; parameters and sources: evidence/parameters.toml.

#include "population/patient.hpp"
#include "solver/batch_client.hpp"

namespace coley {

/// Stress (state J) right after an operation: a kidney or a piece of bowel, or the larger part of one, or a metastasis taken out.
inline constexpr double kStressOfNephrectomy = 1.0, kStressOfSmallerOperation = 0.5;

/// Chance that the tumour cannot be taken out, found at the operation.
double unresectable(const Disease& disease, const Patient& patient, double size_mm);

/// Chance of death within 30 days of taking the primary out.
double perioperative_death(const Disease& disease, const Patient& patient, bool metastatic);

/// Chance of death within 30 days of taking metastases out.
double death_at_metastasectomy(const Disease& disease, const Patient& patient);

/// Chance that more than the kidney has to be operated on, at once or later: thrombus, neighbouring organs, bleeding.
double second_procedure(const Disease& disease, const Patient& patient, double size_mm);

/// Takes the kidney, or the piece of bowel, out with the regional nodes. With a chance, cells stay behind in its bed. `draw` goes on.
void take_out_primary(const solver::LaneView& lane, const Disease& disease, Patient& patient, Stream& draw);

/// Raises the stress of operations to at least `level`.
void add_stress(const solver::LaneView& lane, double level);

}  // namespace coley
