// SPDX-License-Identifier: Apache-2.0
#pragma once
// The one definition of the protocol file: its tables and keys with type, unit, domain, default and meaning.

#include "protocol/definition.hpp"

namespace coley {

/// Binds every key of the file to `protocol`, which must outlive the table.
Table define_protocol(Protocol& protocol);

/// The schema_version that this Coley reads.
inline constexpr int kProtocolSchema = 1;

}  // namespace coley
