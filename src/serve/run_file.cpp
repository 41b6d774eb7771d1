// SPDX-License-Identifier: Apache-2.0
// A saved run as a file for exchange.
#include <fmt/format.h>

#include "core/error.hpp"
#include "serve/saved_runs.hpp"

namespace coley::serve {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "coley-run";
constexpr int kFormatVersion = 1;
constexpr std::size_t kLongestName = 200;

[[noreturn]] void refuse(const char* key, const std::string& found, const std::string& expected) {
  throw InputError(Fault{.key = key, .found = found, .expected = expected});
}

/// The text at a place of the summary.
std::string text_at(const Json& summary, const char* part, const char* key) {
  const Json::json_pointer place(fmt::format("/{}/{}", part, key));
  if (!summary.is_object() || !summary.contains(place) || !summary.at(place).is_string()) refuse("summary", fmt::format("no text at {}.{}", part, key), "a summary of coley run");
  return summary.at(place).get<std::string>();
}

}  // namespace

std::string checked_name(std::string name) {
  if (name.size() > kLongestName) refuse("name", "a longer text", fmt::format("a text of at most {} bytes", kLongestName));
  return name;
}

SavedRun saved_run_of(const RunRequest& request, const std::string& name, const std::string& summary) {
  const Json said = Json::parse(summary);
  SavedRun run;
  run.name = name.empty() ? text_at(said, "trial", "name") : checked_name(name);
  run.request = request;
  run.version = text_at(said, "coley", "version");
  run.parameters_sha256 = text_at(said, "coley", "parameters_sha256");
  run.protocol_sha256 = text_at(said, "trial", "protocol_sha256");
  run.summary = summary;
  return run;
}

Json to_json(const SavedRun& run) {
  const RunRequest& r = run.request;
  return {{"format", kFormat}, {"format_version", kFormatVersion}, {"name", run.name}, {"created", run.created}, {"trial", r.trial}, {"file_name", r.protocol.file_name},
          {"protocol", r.protocol.text}, {"sets", r.sets}, {"patients", r.patients}, {"seed", r.seed}, {"twins", r.twins}, {"summary", Json::parse(run.summary)}};
}

SavedRun saved_run_of(const Json& file, const Limits& limits) {
  if (!file.is_object() || file.value("format", Json()) != kFormat) refuse("format", "no saved run", fmt::format("\"{}\", as an exported run has", kFormat));
  if (file.value("format_version", Json()) != kFormatVersion) refuse("format_version", file.value("format_version", Json()).dump(), std::to_string(kFormatVersion));
  for (const char* key : {"name", "created", "trial", "file_name", "protocol"}) {
    if (!file.contains(key) || !file.at(key).is_string()) refuse(key, "no text", "a text");
  }
  Json body = {{"text", file.at("protocol")}, {"file_name", file.at("file_name")}};
  for (const char* key : {"sets", "patients", "seed", "twins"}) body[key] = file.value(key, Json());
  RunRequest request = read_request(body, limits);
  name_trial(request, file.at("trial").get<std::string>());
  const std::string protocol_sha256 = read_inputs(request).protocol_sha256;
  SavedRun run = saved_run_of(request, file.at("name").get<std::string>(), file.value("summary", Json()).dump());
  run.created = file.at("created").get<std::string>();
  if (run.protocol_sha256 != protocol_sha256) refuse("protocol", "SHA-256 " + protocol_sha256, run.protocol_sha256 + ", that of its summary");
  return run;
}

}  // namespace coley::serve
