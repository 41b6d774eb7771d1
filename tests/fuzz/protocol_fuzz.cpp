// SPDX-License-Identifier: Apache-2.0
// libFuzzer: any bytes are either a protocol or InputError. Beginning with "--set ", they are an override of the
// protocol that ships instead.
//   cmake --preset fuzz && cmake --build --preset fuzz --target protocol_fuzz
//   mkdir -p build/fuzz/protocols && build/fuzz/tests/protocol_fuzz -max_len=20000 build/fuzz/protocols trials

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/error.hpp"
#include "protocol/protocol_file.hpp"
#include "protocol/shipped.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  static const std::string shipped(*coley::shipped_text("trials/keynote-564.toml"));
  try {
    if (text.starts_with("--set "))
      coley::read_protocol(shipped, "shipped", coley::read_overrides({text.substr(6)}));
    else
      coley::read_protocol(text, "fuzz.toml");
  } catch (const coley::InputError&) {
  }
  return 0;
}
