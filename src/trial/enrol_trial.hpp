// SPDX-License-Identifier: Apache-2.0
#pragma once
// Enrolment of one trial by its design: people as the population gives them or, where the protocol asks for treatment
// before it, after that treatment has failed. A place's people depend on nothing but its address.

#include "trial/design.hpp"

namespace coley {

/// Enrols places 0 to `places` - 1. `seen` may watch.
Enrolment enrol_trial(const Design& design, DrawKey key, std::uint64_t places, const solver::Tolerance& tolerance, const Enrolled& seen = {});

}  // namespace coley
