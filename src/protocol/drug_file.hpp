// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads drugs/<name>.toml.

#include <string>
#include <string_view>
#include <vector>

#include "protocol/drug.hpp"
#include "protocol/override.hpp"

namespace coley {

/// Throws InputError with all faults: as read_protocol(), and a number without a source.
Drug read_drug(std::string_view text, const std::string& file_name, const std::vector<Override>& overrides = {});

/// One number of a drug, for reports.
struct DrugNumber {
  std::string key;  ///< e.g. two_compartment_iv.v1_l
  std::string meaning;
  std::string unit;
  Sourced number;
};

/// Every number that the drug has, in the order of the definition.
std::vector<DrugNumber> numbers_of(const Drug& drug);

/// SHA-256 of what the file says, overrides included.
std::string sha256_of(const Drug& drug);

}  // namespace coley
