// SPDX-License-Identifier: Apache-2.0
#pragma once
// A program run as a child with bounds on memory and time, its output read line by line. A run is a child of the server, so
// that one that crashes or takes too much harms nothing else, and can be stopped at once. The child ends when the thread
// that started it ends, even by SIGKILL of the whole server.

#include <sys/types.h>

#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace coley::serve {

struct Command {
  std::vector<std::string> arguments;  ///< the first is the path of the program
  std::string folder;                  ///< in which it runs
  std::size_t memory_bytes = 0;        ///< 0 is no limit
};

struct Ended {
  int code = -1;         ///< exit code; -1 when it was killed
  bool late = false;     ///< killed for its time
  bool stopped = false;  ///< killed by stop()
  std::string errors;    ///< what it wrote to standard error, at most 64 kB
};

class Process {
 public:
  /// Starts it. Throws RunError.
  explicit Process(const Command& command);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Reads to the end of its output and waits for its end; kills it after `seconds`. A line longer than 64 MB ends it too.
  Ended read(double seconds, const std::function<void(const std::string& line)>& on_line);
  /// Kills it; from any thread.
  void stop();

 private:
  void kill_child();

  std::mutex mutex_;
  pid_t child_ = -1;  // -1 once it is waited for
  bool stopped_ = false;
  int output_ = -1, errors_ = -1;
};

}  // namespace coley::serve
