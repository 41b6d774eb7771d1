// SPDX-License-Identifier: Apache-2.0
#pragma once
// The API on a socket. The only place that knows cpp-httplib (docs/decisions/0026-local-server.md).

#include <memory>
#include <string>

#include "serve/api.hpp"
#include "serve/guard.hpp"

namespace coley::serve {

class Server {
 public:
  /// Binds; port 0 takes any that is free. Throws InputError when that is not possible.
  Server(const Limits& limits, const std::string& address, int port);
  ~Server();
  int port() const;
  /// Answers until stop(), or for good.
  void run(Api& api, Guard& guard);
  /// From any thread; waits up to a second for run() to begin. Requests under way are still answered.
  void stop();

 private:
  class Http;
  std::unique_ptr<Http> http_;
  int port_ = 0;
};

}  // namespace coley::serve
