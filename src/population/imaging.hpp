// SPDX-License-Identifier: Apache-2.0
#pragma once
// The scan of a patient in a lane: states and lesion slots handed to observation/scan.hpp with the patient's draws. Draws
// are addressed by day and slot, so that an invisible lesion, or a scan more, shifts no other reading.

#include <array>
#include <cstdint>

#include "observation/scan.hpp"
#include "population/patient.hpp"
#include "solver/batch_client.hpp"

namespace coley {

/// How many lesions each slot has held since lesions were first followed: tells a new lesion from the one before it.
using LesionIds = std::array<std::uint8_t, biology::kLesions>;

/// Reads every lesion on `day` after randomisation. A lesion seen for the first time is known from now on.
Scan take_scan(const solver::LaneView& lane, Patient& patient, const LesionIds& ids, int day, const ScanError& error);

}  // namespace coley
