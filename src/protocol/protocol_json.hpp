// SPDX-License-Identifier: Apache-2.0
#pragma once
// Protocol files and their faults as JSON, for programs that ask the command line or the server.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace coley {

/// The tables of a file as they stand there, unchecked, without defaults: keys in order of the alphabet. Throws InputError
/// when it is not TOML.
nlohmann::ordered_json protocol_json(std::string_view text, const std::string& file_name);

/// A list of {file, line, column, key, found, expected}; line and column are null where there is none.
nlohmann::ordered_json faults_json(const std::vector<Fault>& faults);

}  // namespace coley
