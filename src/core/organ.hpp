// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a lesion sits. The names are those of protocol files, parameter files and reports.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace coley {

enum class Organ : std::uint8_t { kidney, lung, bone, brain, liver, node, soft_tissue, peritoneum, colon };

/// Names in the order of the enumerators.
inline constexpr std::array<std::string_view, 9> kOrganNames{"kidney", "lung",        "bone",       "brain", "liver",
                                                             "node",   "soft_tissue", "peritoneum", "colon"};
inline constexpr std::size_t kOrgans = kOrganNames.size();

constexpr std::string_view to_string(Organ organ) {
  return kOrganNames[static_cast<std::size_t>(organ)];
}

/// The organ of that name, or nothing when there is none.
constexpr std::optional<Organ> organ_named(std::string_view name) {
  for (std::size_t i = 0; i < kOrgans; ++i) {
    if (kOrganNames[i] == name) return static_cast<Organ>(i);
  }
  return std::nullopt;
}

}  // namespace coley
