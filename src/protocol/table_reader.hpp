// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads a TOML table into the objects that a definition binds, and collects every fault: unknown keys with the nearest
// known one, missing keys, wrong types, values outside their domain.

#include <toml++/toml.h>

#include <string>
#include <string_view>

#include "protocol/definition.hpp"
#include "protocol/fault_list.hpp"

namespace coley {

/// Values that are wrong are left as they were in the bound object. `path` is that of `tree`, "" for the whole file.
void read_table(const toml::table& tree, const Table& definition, const std::string& path, FaultList& faults);

/// Throws InputError unless `tree` says schema_version = `version`: under another one the other faults mean nothing.
void require_schema(const toml::table& tree, int version, FaultList& faults);

/// Reads a whole file of that schema into the objects of `definition`. What is wrong with its values is in the list that is
/// returned, for the caller to add to; text that is no TOML or of another schema throws InputError at once.
FaultList read_file(std::string_view text, const std::string& file_name, int schema, const Table& definition);

/// The path of a key inside a table.
inline std::string joined(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

/// "arm[2]": the path of an element, counted from 0.
inline std::string element(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

/// "one of a, b, c", and the nearest of them when `word` looks like a misspelling.
std::string suggestion(const std::string& word, const std::vector<std::string>& known);

/// A fault of the key at `path` unless `word` is one of `known`: "expected <what>; one of a, b, c".
void check_known(const std::string& path, const std::string& word, const std::vector<std::string>& known, const std::string& what, FaultList& faults);

}  // namespace coley
