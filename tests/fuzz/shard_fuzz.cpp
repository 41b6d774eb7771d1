// SPDX-License-Identifier: Apache-2.0
// libFuzzer: any bytes are either a shard of a run or InputError; and what is read can be merged, or is InputError. The bytes are the
// JSON of the file, behind a checksum that fits; beginning with "coley ", they are the whole file.
//   cmake --preset fuzz && cmake --build --preset fuzz --target shard_fuzz
//   mkdir -p build/fuzz/shards && coley run keynote-564 --patients 20 --set population.size=20 --shard 1/1 --out a --quiet
//   tail -n +3 a/shard-1-of-1.coley > build/fuzz/shards/1 && build/fuzz/tests/shard_fuzz -max_len=60000 build/fuzz/shards

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/error.hpp"
#include "core/sha256.hpp"
#include "trial/merge.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const std::string empty = coley::to_text(coley::Partial{}), mark = empty.substr(0, empty.find('\n') + 1);
  std::string text(reinterpret_cast<const char*>(bytes), size);
  if (!text.starts_with("coley ")) {
    text += '\n';
    text = mark + coley::sha256(text) + "\n" + text;
  }
  try {
    coley::merge({coley::read_partial(text, "fuzz.coley")});
  } catch (const coley::InputError&) {
  }
  return 0;
}
