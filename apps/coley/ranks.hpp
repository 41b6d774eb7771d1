// SPDX-License-Identifier: Apache-2.0
#pragma once
// The processes that `mpirun coley run` starts: each is a rank, does one shard of the run, and rank 0 adds up. A program that
// mpirun did not start is rank 0 of 1, and takes no part in MPI. Built without MPI (ranks_alone.cpp), it refuses to be one of many.

#include <functional>
#include <string>
#include <vector>

namespace coley {

class Ranks {
 public:
  /// Joins the others. Throws InputError when there are others and the program was built without MPI.
  Ranks();
  ~Ranks();
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  int index() const { return index_; }
  int count() const { return count_; }
  bool first() const { return index_ == 0; }
  /// Ranks that share this machine's cores.
  int neighbours() const { return neighbours_; }

  /// Does `work`, and waits until every rank has. When it failed on some, the first of these throws on, so that one message is
  /// printed; all others end silently with the same exit code.
  void together(const std::function<void()>& work) const;

  /// Every rank's text, by rank, on rank 0; nothing on the others.
  std::vector<std::string> gather(const std::string& text) const;

 private:
  int index_ = 0, count_ = 1, neighbours_ = 1;
};

}  // namespace coley
