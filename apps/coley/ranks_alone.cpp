// SPDX-License-Identifier: Apache-2.0
// Ranks of a build without MPI.
#include <cstdlib>

#include "core/error.hpp"
#include "ranks.hpp"

namespace coley {

Ranks::Ranks() {
  const char* started = std::getenv("OMPI_COMM_WORLD_SIZE");
  if (started && std::atoi(started) > 1) {
    throw InputError(Fault{.key = "mpirun", .found = "a program built without MPI: every rank would do the whole run",
                           .expected = "a build with Open MPI (libopenmpi-dev), or coley run --shard and coley merge"});
  }
}

Ranks::~Ranks() = default;

void Ranks::together(const std::function<void()>& work) const { work(); }

std::vector<std::string> Ranks::gather(const std::string& text) const { return {text}; }

}  // namespace coley
