// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a patient is able to live: ECOG performance status from age, myeloid suppression, metastatic burden, how near the disease
// is to killing and the stress of an operation, one law at screening and over time. What differs between people otherwise is
// one draw for life.

#include "population/patient.hpp"
#include "solver/batch_client.hpp"

namespace coley {

/// What sets the patient apart: standard normal, for life.
double own_fitness(const Patient& patient);

/// Latent performance of the patient in the lane at this age in years; the higher, the worse.
double performance_latent(const solver::LaneView& lane, const Disease& disease, double own_fitness, double age);

/// That of someone of this age without disease or stress.
double performance_at_rest(const Disease& disease, double own_fitness, double age);

/// Of the latent; the grade rises by one at each.
inline constexpr std::array<double, 3> kEcogThresholds{0, 1.2, 2.0};

/// ECOG grade, 0 to 3.
int ecog_grade(double latent);

}  // namespace coley
