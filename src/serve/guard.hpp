// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who may ask. Three doors, each shut by default: the Host must be ours (a page of another name that resolves to this machine
// is no user), the Origin, where there is one, must be that of our own page, and the API wants the secret that the program
// printed. Safe to call from many threads.

#include <chrono>
#include <mutex>
#include <string>

namespace coley::serve {

/// What a door needs to know of a request; absent headers are "".
struct Knock {
  std::string method, path, host, origin, site;  ///< site: Sec-Fetch-Site
  std::string authorization;
  std::string content_type, length;
};

struct Verdict {
  int status = 0;  ///< 0: come in
  std::string message;
};

class Guard {
 public:
  /// `any_host`: the server listens beyond this machine, and any name may be its.
  Guard(std::string secret, int port, bool any_host) : secret_(std::move(secret)), port_(port), any_host_(any_host) {}
  Verdict judge(const Knock& knock);

 private:
  bool host_is_ours(const std::string& host) const;
  bool too_many_failures();

  const std::string secret_;
  const int port_;
  const bool any_host_;
  std::mutex mutex_;
  int failures_ = 0;
  std::chrono::steady_clock::time_point since_{};
};

/// 128 bits from the system as 32 hexadecimal digits. Throws RunError.
std::string new_token();

}  // namespace coley::serve
