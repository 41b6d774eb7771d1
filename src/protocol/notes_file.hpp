// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is said of published rows that the model does not meet: which mechanism or datum, and what was tried.

#include <string>
#include <string_view>
#include <vector>

namespace coley {

struct Note {
  std::vector<std::string> rows;  ///< of evidence/published.csv
  std::string text;
};

/// Reads a file of [[note]] tables. Throws InputError with every fault, a row without a published one among them.
std::vector<Note> read_notes(std::string_view text, const std::string& file_name);

}  // namespace coley
