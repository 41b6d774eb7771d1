// SPDX-License-Identifier: Apache-2.0
#pragma once
// Texts made from a definition: JSON Schema for editors, tables of keys for the documentation, and the canonical text of
// an input. The first two look into lists by appending to them, so the definition must be bound to a scratch object.

#include <string>

#include "protocol/definition.hpp"

namespace coley {

/// JSON Schema, draft 2020-12, of a file with these keys.
std::string json_schema(const Table& definition, const std::string& title);

/// One Markdown table of keys for each kind of table, the file's own keys first.
std::string key_tables(const Table& definition);

/// "path = value" for every key of the bound object, defaults included, one a line in the order of the definition.
/// Numbers have the fewest digits that give the same double.
std::string canonical_text(const Table& definition);

}  // namespace coley
