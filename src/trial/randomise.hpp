// SPDX-License-Identifier: Apache-2.0
#pragma once
// Assignment of patients to arms.

#include <span>

#include "trial/design.hpp"

namespace coley {

/// Arm of each patient of one trial, in order of enrolment: stratified permuted blocks, each block drawn at its own address.
std::vector<int> randomise(const Design& design, DrawKey key, std::span<const Patient> patients);

}  // namespace coley
