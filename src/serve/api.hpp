// SPDX-License-Identifier: Apache-2.0
#pragma once
// The HTTP API (docs/openapi.json) as a function from request to answer, without a network. Also the files of the page.
// Safe to call from many threads.

#include <string>

#include "serve/jobs.hpp"
#include "serve/saved_runs.hpp"

namespace coley::serve {

struct Request {
  std::string method, path;
  std::string since;  ///< parameter `since`
  std::string body;
};

struct Answer {
  int status = 200;
  std::string type = "application/json";
  std::string body;
};

class Api {
 public:
  Api(const Limits& limits, Jobs& jobs, SavedRuns& saved);
  Answer answer(const Request& request);

 private:
  Answer route(const Request& request);
  Answer runs(const Request& request, const std::vector<std::string>& path);
  Answer saved(const Request& request, const std::vector<std::string>& path);
  Answer save(const nlohmann::ordered_json& body);

  const Limits limits_;
  Jobs& jobs_;
  SavedRuns& saved_;
};

/// {"error": {"status", "message"}}
Answer refusal(int status, const std::string& message);

}  // namespace coley::serve
