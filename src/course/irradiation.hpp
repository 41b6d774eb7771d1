// SPDX-License-Identifier: Apache-2.0
#pragma once
// Radiotherapy of chosen lesions: cells are killed by the linear-quadratic formula, T cells in the field with them, and what
// dies is antigen. Up to five fractions are one moment, more are weekly parts of five, between which the tumour grows.

#include <cstdint>
#include <vector>

#include "population/patient.hpp"
#include "protocol/protocol.hpp"
#include "solver/batch_client.hpp"

namespace coley {

/// Fractions given on one day of the model.
struct Pulse {
  double day = 0;
  std::size_t plan = 0;  ///< index of the radiotherapy
  int fractions = 0;
  bool first = false;    ///< of its plan: lesions are chosen
};

/// Every pulse of an arm in order of days.
std::vector<Pulse> pulses_of(const std::vector<Radiotherapy>& plans);

/// Which slots: the largest known lesions in the organs named, as bits.
std::uint8_t choose_lesions(const solver::LaneView& lane, const Patient& patient, const Radiotherapy& plan);

/// Irradiates the slots. `blocked` is the occupancy of PD-1, for the switch of synergy. Lesions that die out leave.
void irradiate(const solver::LaneView& lane, const Disease& disease, Patient& patient, std::uint8_t slots, int fractions, double dose_gy,
               double blocked);

}  // namespace coley
