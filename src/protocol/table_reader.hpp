// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads a TOML table into the objects that a definition binds, and collects every fault: unknown keys with the nearest
// known one, missing keys, wrong types, values outside their domain.

#include <toml++/toml.h>

#include <string>

#include "protocol/definition.hpp"
#include "protocol/fault_list.hpp"

namespace coley {

/// Values that are wrong are left as they were in the bound object. `path` is that of `tree`, "" for the whole file.
void read_table(const toml::table& tree, const Table& definition, const std::string& path, FaultList& faults);

/// Throws InputError unless `tree` says schema_version = `version`: under another one the other faults mean nothing.
void require_schema(const toml::table& tree, int version, FaultList& faults);

/// The path of a key inside a table.
inline std::string joined(const std::string& path, const std::string& key) { return path.empty() ? key : path + "." + key; }

/// "arm[2]": the path of an element, counted from 0.
inline std::string element(const std::string& path, std::size_t index) { return path + "[" + std::to_string(index) + "]"; }

/// "one of a, b, c", and the nearest of them when `word` looks like a misspelling.
std::string suggestion(const std::string& word, const std::vector<std::string>& known);

}  // namespace coley
