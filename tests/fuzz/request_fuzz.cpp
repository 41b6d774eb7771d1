// SPDX-License-Identifier: Apache-2.0
// libFuzzer: any request to the server is answered with JSON, and never as a fault of the server. The first line of the bytes
// is "METHOD path since", the rest the body. There are a run that waits, 1, and a saved run, 1; nothing is started.
//   cmake --preset fuzz && cmake --build --preset fuzz --target request_fuzz && mkdir -p build/fuzz/requests && cd build/fuzz/requests
//   printf 'POST /api/runs \\n{"trial":"carmena","patients":9,"sets":["population.size=9"],"seed":2,"twins":true}' > 1
//   printf 'POST /api/saved \\n{"run":1,"name":"x"}' > 2; printf 'POST /api/saved/1/repeat \\n{}' > 3; printf 'GET /api/runs/1 0\\n' > 4
//   { printf 'POST /api/check \\n'; coley show carmena | jq -Rs '{text: ., file_name: "a.toml"}'; } > 5
//   coley run carmena --patients 9 --json | jq -c '{format: "coley-run", format_version: 1, name: "", created: "", trial: "carmena", file_name: "",
//     protocol: $p, sets: [], patients: 9, seed: 1, twins: false, summary: .}' --arg p "$(coley show carmena)" | sed '1i POST /api/saved ' > 6
//   ../tests/request_fuzz -max_len=100000 .

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "serve/api.hpp"

namespace {

using namespace coley::serve;

SavedRun invented(const Limits& limits) {
  const RunRequest request = read_request({{"trial", "carmena"}, {"patients", 9}}, limits);
  return saved_run_of(request, "saved", R"({"coley": {"version": "1", "parameters_sha256": "a"}, "trial": {"name": "carmena", "protocol_sha256": "b"}})");
}

Request request_of(const std::string& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::istringstream line(text.substr(0, end));
  Request request;
  line >> request.method >> request.path >> request.since;
  if (end < text.size()) request.body = text.substr(end + 1);
  return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const Limits limits{.running = 0, .waiting = 3, .replaying = 0};
  static const std::string folder = std::filesystem::temp_directory_path();
  static const SavedRun saved = invented(limits);
  SavedRuns runs(":memory:");
  runs.add(saved);
  Jobs jobs(limits, "/bin/false", folder, runs);
  jobs.submit(saved.request);
  Api api(limits, jobs, runs);
  const Answer answer = api.answer(request_of({reinterpret_cast<const char*>(bytes), size}));
  const bool known = answer.status == 200 || answer.status == 201 || answer.status == 202 || answer.status == 400 || answer.status == 404 || answer.status == 429;
  if (known && (answer.type != "application/json" || nlohmann::json::accept(answer.body))) return 0;
  std::cerr << answer.status << ' ' << answer.body << '\n';
  std::abort();
}
