// SPDX-License-Identifier: Apache-2.0
#pragma once
// Puts overrides into a TOML tree before it is read, so that they are checked as the file is.

#include <toml++/toml.h>

#include <vector>

#include "protocol/definition.hpp"
#include "protocol/fault_list.hpp"
#include "protocol/override.hpp"

namespace coley {

/// `definition` is that of the whole file, bound to a scratch object: looking up list elements appends to its lists.
/// `prefix` is what take_overrides() took off, for messages.
void apply_overrides(toml::table& tree, const Table& definition, const std::vector<Override>& overrides, FaultList& faults,
                     const std::string& prefix = "");

}  // namespace coley
