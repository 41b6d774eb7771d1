// SPDX-License-Identifier: Apache-2.0
#include "serve/api.hpp"

#include <charconv>
#include <optional>

#include "core/error.hpp"
#include "protocol/protocol_json.hpp"
#include "serve/assets.hpp"
#include "trial/version.hpp"

namespace coley::serve {

namespace {

using Json = nlohmann::ordered_json;

constexpr auto kReplace = Json::error_handler_t::replace;  // what a client wrote may be no UTF-8

Answer reply(const Json& value, int status = 200) { return {status, "application/json", value.dump(-1, ' ', false, kReplace)}; }

class NotFound : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t start = 1; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    parts.push_back(path.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

std::optional<long long> number(const std::string& text) {
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

long long number_or_not_found(const std::string& text) {
  const auto value = number(text);
  if (!value) throw NotFound("there is nothing here");
  return *value;
}

Json body_of(const Request& request) {
  Json body = Json::parse(request.body, nullptr, false);
  if (body.is_discarded()) throw InputError(Fault{.key = "body", .found = "what is not JSON", .expected = "a JSON object in UTF-8"});
  return body;
}

Json info(const Limits& limits) {
  return {{"version", kVersion}, {"disclaimer", "A research instrument about virtual patients; it gives no advice on the care of a person."},
          {"drugs", shipped_drugs()}, {"limits", {{"patients", limits.patients}, {"run_seconds", limits.run_seconds}, {"running", limits.running}, {"waiting", limits.waiting}}}};
}

Json trials() {
  Json list = Json::array();
  for (const std::string& name : shipped_trials()) {
    const NamedText file = trial_text(name);
    const Protocol protocol = read_protocol(file.text, file.file_name);
    list.push_back({{"name", name}, {"title", protocol.title}, {"disease", protocol.population.disease}, {"entry", protocol.population.entry == Entry::adjuvant ? "adjuvant" : "metastatic"}, {"size", protocol.population.size}});
  }
  return list;
}

/// What the page makes its form from.
Json shown(const NamedText& file) { return {{"file_name", file.file_name}, {"text", file.text}, {"protocol", protocol_json(file.text, file.file_name)}}; }

Answer trial(const std::string& name) {
  const std::vector<std::string> names = shipped_trials();
  if (std::find(names.begin(), names.end(), name) == names.end()) throw NotFound("no trial of this name ships");
  return reply(shown(trial_text(name)));
}

Answer faulty(const InputError& error, int status) {
  Answer answer = reply({{"error", {{"status", status}, {"message", error.what()}, {"faults", faults_json(error.faults())}}}}, status);
  return answer;
}

/// As `coley check --json`, with the file as JSON where it can be read.
Answer checked(const RunRequest& request) {
  try {
    read_inputs(request);
  } catch (const InputError& error) {
    return reply({{"ok", false}, {"message", error.what()}, {"faults", faults_json(error.faults())}, {"file", nullptr}});
  }
  return reply({{"ok", true}, {"message", ""}, {"faults", Json::array()}, {"file", shown(request.protocol)}});
}

Json asked(const RunRequest& request) {
  return {{"trial", request.trial.empty() ? Json() : Json(request.trial)}, {"file_name", request.protocol.file_name}, {"sets", request.sets},
          {"patients", request.patients}, {"seed", request.seed}, {"twins", request.twins}};
}

Json state_of(const JobView& job) {
  Json state = {{"id", job.id}, {"state", to_string(job.state)}, {"reason", job.reason}, {"done", job.done}, {"version", job.version}, {"asked", asked(job.request)},
                {"save_as", nullptr}, {"repeats", nullptr}, {"identical", nullptr}};
  if (job.save_as) state["save_as"] = *job.save_as;
  if (job.repeats) state["repeats"] = *job.repeats;
  if (job.identical) state["identical"] = *job.identical;
  return state;
}

/// The state with the summary put in as it is, since it is text already.
Answer with_summary(const Json& state, const std::string* summary) {
  std::string text = state.dump(-1, ' ', false, kReplace);
  text.back() = ',';
  return {200, "application/json", text + "\"summary\":" + (summary ? *summary : "null") + "}"};
}

Json listed(const SavedRun& run) {
  return {{"id", run.id}, {"name", run.name}, {"created", run.created}, {"version", run.version}, {"parameters_sha256", run.parameters_sha256},
          {"protocol_sha256", run.protocol_sha256}, {"asked", asked(run.request)}};
}

struct Asset {
  const char* path;
  std::string_view (*content)();
  const char* type;
};

std::optional<Answer> asset(const std::string& path) {
  static constexpr Asset kAssets[] = {{"/", app_page, "text/html; charset=utf-8"},
                                      {"/app.js", app_script, "text/javascript; charset=utf-8"},
                                      {"/app.css", app_style, "text/css; charset=utf-8"},
                                      {"/figures.css", app_figure_style, "text/css; charset=utf-8"},
                                      {"/openapi.json", openapi, "application/json"},
                                      {"/summary.schema.json", summary_schema, "application/json"}};
  for (const Asset& one : kAssets) {
    if (path == one.path) return Answer{200, one.type, std::string(one.content())};
  }
  return std::nullopt;
}

}  // namespace

Answer refusal(int status, const std::string& message) { return reply({{"error", {{"status", status}, {"message", message}}}}, status); }

Api::Api(const Limits& limits, Jobs& jobs, SavedRuns& saved) : limits_(limits), jobs_(jobs), saved_(saved) {}

Answer Api::answer(const Request& request) {
  try {
    return route(request);
  } catch (const InputError& error) {
    return faulty(error, 400);
  } catch (const Refused& error) {
    return refusal(400, error.what());
  } catch (const NotFound& error) {
    return refusal(404, error.what());
  } catch (const NoSuchRun& error) {
    return refusal(404, error.what());
  } catch (const Busy& error) {
    return refusal(429, error.what());
  } catch (const std::exception& error) {
    return refusal(500, error.what());
  }
}

Answer Api::route(const Request& request) {
  const bool get = request.method == "GET", post = request.method == "POST";
  if (get) {
    if (const auto file = asset(request.path)) return *file;
  }
  const std::vector<std::string> path = parts_of(request.path);
  if (path.size() < 2 || path[0] != "api") throw NotFound("there is nothing here");
  const std::string& what = path[1];
  if (what == "runs") return runs(request, path);
  if (what == "saved") return saved(request, path);
  if (what == "trials" && path.size() == 3 && get) return trial(path[2]);
  if (path.size() > 2) throw NotFound("there is nothing here");
  if (what == "info" && get) return reply(info(limits_));
  if (what == "schema" && get) return {200, "application/json", protocol_schema()};
  if (what == "trials" && get) return reply(trials());
  if (what == "check" && post) return checked(read_request(body_of(request), limits_));
  throw NotFound("there is nothing here");
}

Answer Api::runs(const Request& request, const std::vector<std::string>& path) {
  if (path.size() == 2 && request.method == "POST") {
    RunRequest asked_for = read_request(body_of(request), limits_);
    read_inputs(asked_for);
    return reply({{"id", jobs_.submit(std::move(asked_for))}}, 202);
  }
  if (path.size() == 2 && request.method == "GET") {
    Json list = Json::array();
    for (const JobView& job : jobs_.all()) list.push_back(state_of(job));
    return reply(list);
  }
  const auto job = path.size() > 2 ? jobs_.view(number_or_not_found(path[2])) : std::nullopt;
  if (!job) throw NotFound("there is no run of this number; runs are forgotten when the server ends, unless they are saved");
  if (path.size() == 3 && request.method == "GET") {
    const bool newer = job->version > number(request.since).value_or(-1);
    return with_summary(state_of(*job), newer ? job->summary.get() : nullptr);
  }
  if (path.size() == 3 && request.method == "DELETE") {
    jobs_.stop(job->id);
    return reply(state_of(jobs_.view(job->id).value_or(*job)));
  }
  if (path.size() == 4 && path[3] == "summary" && request.method == "GET") {
    if (!job->summary) throw NotFound("no patient has finished yet");
    return {200, "application/json", *job->summary};
  }
  if (path.size() == 4 && path[3] == "report" && request.method == "GET") {
    if (!job->report) throw NotFound("a report is there once the run is done");
    return {200, "text/html; charset=utf-8", *job->report};
  }
  if (path.size() == 5 && path[3] == "patients" && request.method == "GET") return {200, "application/json", jobs_.replay(job->request, number_or_not_found(path[4]))};
  throw NotFound("there is nothing here");
}

Answer Api::save(const Json& body) {
  if (body.is_object() && body.contains("format")) return reply({{"id", saved_.add(saved_run_of(body, limits_))}}, 201);
  const Json id = body.is_object() ? body.value("run", Json()) : Json(), name = body.is_object() ? body.value("name", Json("")) : Json();
  if (!id.is_number_integer() || !name.is_string()) throw InputError(Fault{.key = "run", .found = id.dump(-1, ' ', false, kReplace), .expected = "the number of a run, and a name; or an exported run"});
  const auto as = checked_name(name.get<std::string>());
  if (jobs_.save_when_done(id.get<long long>(), as)) return reply({{"id", nullptr}}, 202);
  const auto job = jobs_.view(id.get<long long>());
  if (!job || job->state != JobState::done) throw InputError(Fault{.key = "run", .found = job ? std::string("a run that is ") + to_string(job->state) : "no run of this number", .expected = "a run that is done, or goes on"});
  return reply({{"id", saved_.add(saved_run_of(job->request, as, *job->summary))}}, 201);
}

Answer Api::saved(const Request& request, const std::vector<std::string>& path) {
  if (path.size() == 2 && request.method == "GET") {
    Json list = Json::array();
    for (const SavedRun& run : saved_.list()) list.push_back(listed(run));
    return reply(list);
  }
  if (path.size() == 2 && request.method == "POST") return save(body_of(request));
  const long long id = path.size() > 2 ? number_or_not_found(path[2]) : -1;
  if (path.size() == 3 && request.method == "GET") return reply(to_json(saved_.get(id)));
  if (path.size() == 3 && request.method == "DELETE") {
    if (!saved_.remove(id)) throw NoSuchRun("there is no saved run of this number");
    return reply(Json::object());
  }
  SavedRun run = saved_.get(id);
  name_trial(run.request, run.request.trial);
  if (path.size() == 4 && path[3] == "repeat" && request.method == "POST") return reply({{"id", jobs_.submit(std::move(run.request), Repeats{id, std::move(run.summary)})}}, 202);
  if (path.size() == 5 && path[3] == "patients" && request.method == "GET") return {200, "application/json", jobs_.replay(run.request, number_or_not_found(path[4]))};
  throw NotFound("there is nothing here");
}

}  // namespace coley::serve
