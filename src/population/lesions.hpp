// SPDX-License-Identifier: Apache-2.0
#pragma once
// What happens to lesion slots while a patient is in a lane: a founder cell lodges, a lesion dies out, a surgeon takes one
// out. Used alike in the natural history and on trial.

#include "population/patient.hpp"
#include "solver/batch_client.hpp"

namespace coley {

/// A founder cell lodges (equation 14). When no slot is free, one of the two smallest metastases that nobody has seen comes
/// to stand for both; their slots, once seen, are left alone. Organ, growth, immunogenicity and fate are drawn at its address.
/// The next founder waits until its own unit of cumulative intensity has passed; those due while there is no room are
/// lost, and those whose line dies out by its births and losses alone are passed over.
void lodge_founder(const solver::LaneView& lane, const Disease& disease, Patient& patient);

/// False when surely no founder of a new candidate (none of a regional node, where only those are asked for) would lodge before
/// this cumulative intensity. What number patient.founders counts is lost.
bool may_lodge(const Disease& disease, Patient& patient, double intensity, bool regional);

/// Sets the cumulative intensity at which a new candidate's first founder lodges.
void await_first_founder(const solver::LaneView& lane, const Disease& disease, Patient& patient);

/// Ends every lesion whose extinction was decided (equation 2). Returns how many there were.
int remove_extinct(const solver::LaneView& lane, const Disease& disease, Patient& patient);

/// Takes the lesion away at once (surgery, or extinction).
void remove_lesion(const solver::LaneView& lane, const Disease& disease, Patient& patient, int slot);

/// Puts `cells` cells into the slot, with a fate drawn at `stream` for their extinction.
void place_lesion(const solver::LaneView& lane, const Disease& disease, Patient& patient, int slot, Organ organ, double cells,
                  double xi);

/// Volume in cm3 of the lesion, or of each of those that the slot stands for; 0 when there is none.
double lesion_volume(const solver::LaneView& lane, int slot);

/// Volume in cm3 of all lesions that the slot stands for.
double lesion_burden(const solver::LaneView& lane, int slot);

/// B_eff in cm3: the burden of all slots, each weighed by how lethal its organ makes it.
double lethal_burden(const solver::LaneView& lane);

/// ln of it, with as much for none as in the equations.
double ln_burden(const solver::LaneView& lane);

/// Most metastases that are followed in a patient.
inline constexpr int kMostMetastases = 32;

/// Value of e^-x + g at which n0 founder cells with exponential deviate xi are extinct: P = (1 - 1/(n0 Phi))^n0 reaches e^-xi.
double extinction_threshold(double n0, double xi);

}  // namespace coley
