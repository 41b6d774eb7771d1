// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the system says to the program from outside. The engine knows nothing of it: a thread waits for the signals, so
// that a run stops at once, however long one trial takes.

namespace coley {

/// Call before any thread is started. From then on SIGINT and SIGTERM (unless ignored, as under nohup) remove unfinished
/// output and end the program with code 130; a pipe closed by its reader and a file that may not grow are errors of
/// writing, not signals.
void watch_for_interruption();

}  // namespace coley
