// SPDX-License-Identifier: Apache-2.0
#include "statistics/large_pages.hpp"

#ifdef __linux__
#include <sys/mman.h>

#include <cstdint>
#endif

namespace coley::statistics {

void prefer_large_pages([[maybe_unused]] void* begin, [[maybe_unused]] std::size_t bytes) {
#ifdef __linux__
  constexpr std::uintptr_t kPage = 4096;
  constexpr std::size_t kLarge = std::size_t{1} << 21;
  if (bytes < 2 * kLarge) return;
  const auto from = (reinterpret_cast<std::uintptr_t>(begin) + kPage - 1) / kPage * kPage;
  const auto to = (reinterpret_cast<std::uintptr_t>(begin) + bytes) / kPage * kPage;
  static_cast<void>(madvise(reinterpret_cast<void*>(from), to - from, MADV_HUGEPAGE));  // a refusal costs speed only
#endif
}

}  // namespace coley::statistics
