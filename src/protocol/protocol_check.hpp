// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a protocol must satisfy beyond the domain of each key: sums, references, orders, things that can never happen.

#include "protocol/fault_list.hpp"
#include "protocol/protocol.hpp"
#include "protocol/protocol_file.hpp"

namespace coley {

/// Adds a fault for each rule that `protocol` breaks. Rules about keys that already have a fault are left out.
void check_protocol(const Protocol& protocol, const KnownNames& known, FaultList& faults);

}  // namespace coley
