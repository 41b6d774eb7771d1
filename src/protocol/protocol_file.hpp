// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads and checks a protocol file (docs/protocol.md). The result is complete and consistent, or InputError lists every
// fault with file, line, column, key, what was found and what was expected.

#include <string>
#include <string_view>
#include <vector>

#include "protocol/override.hpp"
#include "protocol/protocol.hpp"

namespace coley {

/// Names that a protocol refers to but does not define. An empty list is not checked.
struct KnownNames {
  std::vector<std::string> drugs;
  std::vector<std::string> evidence_rows;
};

/// Throws InputError with all faults. `file_name` is for messages.
Protocol read_protocol(std::string_view text, const std::string& file_name, const std::vector<Override>& overrides = {},
                       const KnownNames& known = {});

/// SHA-256 of what the protocol says, overrides and defaults included; comments, order and layout do not matter.
std::string sha256_of(const Protocol& protocol);

/// docs/protocol.schema.json: JSON Schema (draft 2020-12) of the file, for editors.
std::string protocol_schema();

/// The tables of keys in docs/protocol.md, in Markdown.
std::string protocol_keys();

}  // namespace coley
