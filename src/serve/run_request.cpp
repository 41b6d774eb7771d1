// SPDX-License-Identifier: Apache-2.0
#include "serve/run_request.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace coley::serve {

namespace {

using Json = nlohmann::ordered_json;

constexpr long long kMostExact = (1LL << 53) - 1;
constexpr std::size_t kMostSets = 1000, kLongestText = 4'000'000, kLongestSet = 10'000, kLongestName = 100;
constexpr const char* kOwnValues = "ensemble=none";  // run at the parameter table's own values
constexpr const char* kDefaultFile = "protocol.toml";

/// Reads keys of a body and gathers what is wrong with them.
class BodyReader {
 public:
  explicit BodyReader(const Json& body) : body_(body) {
    if (!body.is_object()) throw InputError(Fault{.key = "body", .found = body.type_name(), .expected = "an object"});
  }

  std::string text(const char* key, std::size_t longest) {
    const auto value = body_.find(key);
    if (value == body_.end() || value->is_null()) return {};
    if (value->is_string() && value->get_ref<const std::string&>().size() <= longest) return value->get<std::string>();
    fault(key, value->is_string() ? "a longer text" : value->type_name(), "a text of at most " + std::to_string(longest) + " bytes");
    return {};
  }

  long long whole(const char* key, long long low, long long high, long long otherwise) {
    const auto value = body_.find(key);
    if (value == body_.end() || value->is_null()) return otherwise;
    if (value->is_number_integer() && !(value->is_number_unsigned() && value->get<std::uint64_t>() > kMostExact)) {
      if (const auto number = value->get<long long>(); number >= low && number <= high) return number;
    }
    fault(key, value->is_number() ? value->dump() : value->type_name(), "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    return otherwise;
  }

  bool truth(const char* key) {
    const auto value = body_.find(key);
    if (value == body_.end() || value->is_null()) return false;
    if (value->is_boolean()) return value->get<bool>();
    fault(key, value->type_name(), "true or false");
    return false;
  }

  std::vector<std::string> texts(const char* key) {
    const auto value = body_.find(key);
    if (value == body_.end() || value->is_null()) return {};
    const auto fits = [](const Json& one) { return one.is_string() && one.get_ref<const std::string&>().size() <= kLongestSet; };
    if (value->is_array() && value->size() <= kMostSets && std::all_of(value->begin(), value->end(), fits)) return value->get<std::vector<std::string>>();
    fault(key, value->type_name(), "a list of at most " + std::to_string(kMostSets) + " texts of path=value");
    return {};
  }

  void fault(const char* key, std::string found, std::string expected) { faults_.push_back({.key = key, .found = std::move(found), .expected = std::move(expected)}); }

  void throw_if_any() {
    if (!faults_.empty()) throw InputError(std::move(faults_));
  }

 private:
  const Json& body_;
  std::vector<Fault> faults_;
};

/// The last part of a path in letters, digits, dot, hyphen and underscore, ending in .toml: no client names a place on disk.
std::string plain_file_name(const std::string& given) {
  std::string name = given.substr(given.find_last_of("/\\") == std::string::npos ? 0 : given.find_last_of("/\\") + 1);
  const auto plain = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_' || c == '.'; };
  std::replace_if(name.begin(), name.end(), [&](unsigned char c) { return !plain(c); }, '_');
  name.erase(0, name.find_first_not_of(".-") == std::string::npos ? name.size() : name.find_first_not_of(".-"));
  if (name.empty()) return kDefaultFile;
  return name.ends_with(".toml") ? name : name + ".toml";
}

}  // namespace

RunRequest read_request(const Json& body, const Limits& limits) {
  BodyReader reader(body);
  RunRequest request;
  request.trial = reader.text("trial", kLongestName);
  const std::string text = reader.text("text", kLongestText), file = reader.text("file_name", kLongestName);
  request.sets = reader.texts("sets");
  for (const std::string& set : request.sets) {
    if (set.starts_with("ensemble=") && set != kOwnValues) reader.fault("sets", set, "ensemble=none: a client names no file of this machine");
  }
  request.patients = reader.whole("patients", 1, limits.patients, 1000);
  request.seed = static_cast<std::uint64_t>(reader.whole("seed", 0, kMostExact, 1));
  request.twins = reader.truth("twins");
  if (request.trial.empty() == text.empty()) reader.fault("trial", "", "either trial, the name of a trial that ships, or text, a protocol file");
  reader.throw_if_any();
  if (!request.trial.empty()) {
    const std::vector<std::string> names = shipped_trials();
    if (std::find(names.begin(), names.end(), request.trial) == names.end()) {
      const std::string meant = nearest(request.trial, names);
      throw InputError(Fault{.key = "trial", .found = request.trial, .expected = meant.empty() ? "a trial that ships" : meant + "?"});
    }
    request.protocol = trial_text(request.trial);
    return request;
  }
  request.protocol = {plain_file_name(file), text};
  return request;
}

void name_trial(RunRequest& request, const std::string& trial) {
  const std::vector<std::string> names = shipped_trials();
  const bool ships = std::find(names.begin(), names.end(), trial) != names.end() && trial_text(trial).text == request.protocol.text;
  request.trial = ships ? trial : "";
  request.protocol.file_name = ships ? trial_text(trial).file_name : plain_file_name(request.protocol.file_name);
}

TrialInputs read_inputs(const RunRequest& request) {
  std::vector<std::string> sets = request.sets;
  std::erase(sets, kOwnValues);  // not of the protocol
  return read_trial(request.protocol, sets);
}

namespace {

std::vector<std::string> arguments(const RunRequest& request, const std::string& program, const char* command) {
  std::vector<std::string> all{program, command, request.trial.empty() ? request.protocol.file_name : request.trial, "--seed", std::to_string(request.seed), "--json"};
  for (const std::string& set : request.sets) all.push_back("--set=" + set);
  return all;
}

}  // namespace

std::vector<std::string> run_arguments(const RunRequest& request, const std::string& program, const std::string& population_folder) {
  std::vector<std::string> all = arguments(request, program, "run");
  all.insert(all.end(), {"--follow", "--patients", std::to_string(request.patients), "--population", population_folder, "--out", kResultFolder});
  if (request.twins) all.push_back("--twins");
  return all;
}

std::vector<std::string> patient_arguments(const RunRequest& request, const std::string& program, long long patient) {
  std::vector<std::string> all = arguments(request, program, "patient");
  all.insert(all.end(), {"--id", std::to_string(patient)});
  return all;
}

}  // namespace coley::serve
