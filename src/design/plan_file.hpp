// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads and checks a design file (docs/design.md), in the way of protocol files: the result is complete and consistent,
// or InputError lists every fault with file, line, key, what was found and what was expected.

#include <string>
#include <vector>

#include "design/plan.hpp"
#include "protocol/shipped.hpp"

namespace coley::design {

/// `sets` are --set texts: keys of the design file, or trial.<path>, parameters.<symbol> and drugs.<...> of its trial.
Plan read_plan(const NamedText& file, const std::vector<std::string>& sets = {});

/// Whether the text is a design file rather than a protocol: it has tables of looks, or one of a single arm.
bool is_design(const NamedText& file);

/// The tables of keys in docs/design.md, in Markdown.
std::string design_keys();

}  // namespace coley::design
