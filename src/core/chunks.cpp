// SPDX-License-Identifier: Apache-2.0
#include "core/chunks.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace coley {

void in_chunks(std::size_t count, std::size_t chunk, int threads, const std::function<Worker()>& make, const std::function<void(std::size_t)>& progress) {
  std::mutex guard;
  std::exception_ptr failure;
  std::size_t next = 0;
  const auto work = [&] {
    try {
      const Worker worker = make();
      for (;;) {
        std::size_t begin = 0;
        {
          const std::lock_guard lock(guard);
          if (failure || next >= count) return;
          begin = next;
          next += chunk;
          if (progress) progress(begin);
        }
        worker(begin, std::min(count, begin + chunk));
      }
    } catch (...) {
      const std::lock_guard lock(guard);
      failure = std::current_exception();
    }
  };
  std::vector<std::thread> others;
  for (int i = 1; i < threads; ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace coley
