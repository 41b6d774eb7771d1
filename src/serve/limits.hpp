// SPDX-License-Identifier: Apache-2.0
#pragma once
// How far a client of the server can go. A run that asks for more is refused or stopped, and says why.

#include <cstddef>

namespace coley::serve {

struct Limits {
  long long patients = 1'000'000;                     ///< of one run
  double run_seconds = 1800;                          ///< of one run; what it has by then stays
  double unattended_seconds = 120;                    ///< without a question about it a run is stopped; a hidden tab asks once a minute
  double replay_seconds = 60;                         ///< of the replay of one patient
  std::size_t memory_bytes = std::size_t{4} << 30;    ///< of one run or replay
  std::size_t population_bytes = std::size_t{1} << 30;  ///< of kept populations on disk
  std::size_t running = 2;                            ///< runs at once
  std::size_t waiting = 8;                            ///< runs that wait for their turn
  std::size_t kept = 40;                              ///< finished runs that are remembered
  int replaying = 2;                                  ///< replays at once
  std::size_t body_bytes = 16'000'000;                ///< of a request: a saved run to import
  std::size_t connections = 64;                       ///< served at once
  double request_seconds = 10;                        ///< for a client to send its request, and again to take the answer
};

}  // namespace coley::serve
