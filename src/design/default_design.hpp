// SPDX-License-Identifier: Apache-2.0
#pragma once
// The design that a name stands for: a design file, a design that ships, or the design that a trial's protocol implies.

#include <string>

#include "protocol/shipped.hpp"

namespace coley::design {

/// `name` is the path of a design or protocol file, or the name of a design or a trial that ships. A protocol becomes one
/// analysis of its first comparison at its last data cut-off, by several tests. Throws InputError.
NamedText design_text(const std::string& name);

}  // namespace coley::design
