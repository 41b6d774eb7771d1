// SPDX-License-Identifier: Apache-2.0
#include "core/draw_blocks.hpp"

#include "core/random.hpp"

#include <Random123/philox.h>

namespace coley {

void draw_blocks(DrawKey key, std::uint64_t purpose, std::uint64_t first, std::span<DrawBlock> blocks) {
  r123::Philox4x64 generator;
  const r123::Philox4x64::key_type philox_key{{key.seed, key.replicate}};
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const r123::Philox4x64::ctr_type counter{{first + i, purpose, 0, 0}};
    const auto drawn = generator(counter, philox_key);
    for (std::size_t lane = 0; lane < 4; ++lane)
      blocks[i][lane] = open_unit(drawn[lane]);
  }
}

}  // namespace coley
