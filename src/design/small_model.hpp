// SPDX-License-Identifier: Apache-2.0
#pragma once
// A disease model small enough for a methods paper, as a source of event times beside the engine: tumour cells T, killer
// cells in it I, specific S and naive N T cells in the lymph node, after model M1 of Creemers et al. (Nat Commun
// 2023;14:2348; the model of Creemers et al. 2021, BioModels BIOMD0000001022, with a cubic-root law of growth in place of
// T^(4/5)). Overall survival from diagnosis. Equations and numbers are theirs, the code is ours.

#include "design/pool.hpp"

namespace coley::design {

/// Days from diagnosis to death; infinite for who does not die within ten years of the first tumour cell.
struct SmallModelPatient {
  double growth = 5;             ///< rho, 1/d cells^(1/4)
  double diagnosed_at = 65e8;    ///< cells
  double dead_at = 1e12;         ///< cells
};
double survival_days(const SmallModelPatient& patient, const SmallModelArm& arm);

/// Patients who would die of the disease untreated within ten years, on both arms.
SimulatedPool simulate_small_model(const Plan& plan, const PoolOptions& options);

}  // namespace coley::design
