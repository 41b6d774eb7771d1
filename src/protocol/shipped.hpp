// SPDX-License-Identifier: Apache-2.0
#pragma once
// The files that ship inside the program: trials/, designs/, drugs/ and evidence/ of the source tree, byte for byte.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/protocol_file.hpp"

namespace coley {

/// Names of the trials that ship, in order of the alphabet: "keynote-564".
std::vector<std::string> shipped_trials();

/// Names of the trial designs that ship: "exponential".
std::vector<std::string> shipped_designs();

/// Names of the drugs that ship: "pembrolizumab".
std::vector<std::string> shipped_drugs();

/// Text of a file by its path in the source tree, "evidence/published.csv"; nothing when it does not ship.
std::optional<std::string_view> shipped_text(std::string_view path);

/// Drugs, and ids of the rows of evidence/published.csv.
KnownNames shipped_names();

/// A text and what to call it in messages.
struct NamedText {
  std::string file_name;
  std::string text;
};

/// `trial` is the name of a trial that ships, or the path of a file (it has a / or ends in .toml). Throws InputError.
NamedText trial_text(const std::string& trial);

}  // namespace coley
