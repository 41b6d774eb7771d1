// SPDX-License-Identifier: Apache-2.0
#pragma once
// From bytes to a TOML tree; what is not TOML in UTF-8 is refused with its place. Only the sources of protocol/ include
// this header, so that toml++ stays a private dependency.

#include <toml++/toml.h>

#include <string>
#include <string_view>

#include "protocol/fault_list.hpp"

namespace coley {

/// Parses `text`; nodes remember `file_name` and their place. Throws InputError: empty, larger than 4 MB, not UTF-8,
/// nested beyond reason, or not TOML.
toml::table parse_toml(std::string_view text, const std::string& file_name);

/// Text of the file at `path`. Throws InputError: missing, a directory, unreadable, larger than 4 MB.
std::string read_text_file(const std::string& path);

/// The place of a node or key; line 0 when it did not come from a text.
Place place_of(const toml::source_region& region, const std::string& file_name);

/// "the text \"abc\"", "the number 3", "a table": what stands there, cut to a readable length.
std::string found_text(const toml::node& node);

}  // namespace coley
