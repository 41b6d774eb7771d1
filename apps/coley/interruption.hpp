// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the system says to the program from outside. The engine knows nothing of it: a thread waits for the signals, so
// that a run stops at once, however long one trial takes.

#include <functional>

namespace coley {

/// Call before any thread is started. From then on SIGINT and SIGTERM (unless ignored, as under nohup) remove unfinished
/// output and end the program with code 130; a pipe closed by its reader and a file that may not grow are errors of
/// writing, not signals.
void watch_for_interruption();

/// While one lives, the first of these signals calls `end`, from another thread, and does not end the program: the command
/// returns of itself, and what it owns is destroyed. A second signal ends the program as ever. At most one at a time.
class OrderlyEnd {
 public:
  explicit OrderlyEnd(std::function<void()> end);
  ~OrderlyEnd();
  OrderlyEnd(const OrderlyEnd&) = delete;
  OrderlyEnd& operator=(const OrderlyEnd&) = delete;
};

}  // namespace coley
