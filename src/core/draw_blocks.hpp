// SPDX-License-Identifier: Apache-2.0
#pragma once
// The first draws of many patients at once, for loops in which a Stream for each would cost more than what is done with
// it. The same numbers as Stream gives, bit for bit: a patient keeps its draws however many are drawn together.

#include <array>
#include <cstdint>
#include <span>

#include "core/random.hpp"

namespace coley {

/// Four uniforms on (0, 1): the first four of Stream(key, patient, purpose).
using DrawBlock = std::array<double, 4>;

/// blocks[i] belongs to patient first + i.
void draw_blocks(DrawKey key, std::uint64_t purpose, std::uint64_t first, std::span<DrawBlock> blocks);

}  // namespace coley
