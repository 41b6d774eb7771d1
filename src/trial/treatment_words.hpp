// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an arm gives, in words for people.

#include <string>

#include "protocol/protocol.hpp"

namespace coley {

/// Operations, drugs with dose and rhythm, radiotherapy, in the order of the protocol: "sunitinib 50 mg every day on days 1 to 28 of 42".
std::string treatment_words(const Arm& arm);

}  // namespace coley
