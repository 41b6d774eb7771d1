// SPDX-License-Identifier: Apache-2.0
#pragma once
// Work on many independent items by several threads. Results must not depend on which thread does what: a worker writes
// only to the places of its items.

#include <cstddef>
#include <functional>

namespace coley {

/// Does the items [begin, end).
using Worker = std::function<void(std::size_t begin, std::size_t end)>;

/// Splits `count` items into chunks and has `threads` threads do them in order, each with a worker of its own that `make`
/// gives it. `progress`, which may be empty, is told where each chunk begins, by one thread at a time. The first exception
/// of a worker or of `progress` ends the work and is thrown.
void in_chunks(std::size_t count, std::size_t chunk, int threads, const std::function<Worker()>& make, const std::function<void(std::size_t)>& progress);

}  // namespace coley
