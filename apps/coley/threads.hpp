// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many threads a command uses.

#include <algorithm>
#include <thread>

namespace coley {

/// Those asked for; without (0 or less) all cores of the machine, shared among `processes`.
inline int threads_or_all(int asked, int processes = 1) {
  return asked > 0 ? asked : std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / processes);
}

}  // namespace coley
