// SPDX-License-Identifier: Apache-2.0
#include "trial/partial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/sha256.hpp"

namespace coley {

namespace {

using nlohmann::json;

constexpr std::string_view kMark = "coley partial result, format ";
constexpr std::string_view kFormat = "4\n";
constexpr std::size_t kDigest = 64;
constexpr std::uint64_t kMostCounted = std::uint64_t{1} << 60;  // sums of a few cannot overflow
constexpr int kMostDays = 100'000;  // no trial follows anyone for 270 years

constexpr int kMostThreads = 1 << 20;

struct Nonsense : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Every counter once, in the order in which it is written and read.

template <class Counts, class Visit>
void each_count_of_arm(Counts& c, Visit visit) {
  static_assert(sizeof(ArmCounts) == 43 * sizeof(long long), "a counter was added: list it here");
  for (auto* count : {&c.randomised, &c.next_line, &c.withdrawn,
                      &c.grade3plus, &c.drug_toxicity, &c.treatment_death, &c.deaths_disease, &c.deaths_other, &c.operated,
                      &c.unresectable, &c.transabdominal, &c.second_procedure, &c.perioperative_death, &c.complete_resection,
                      &c.eligible_after_surgery, &c.not_operated, &c.lost_after_surgery, &c.retreated, &c.durable_complete, &c.responses_treated,
                      &c.measurable_treated})
    visit(*count);
  for (auto& count : c.treatment) visit(count);
  for (auto& count : c.unfit) visit(count);
  for (auto& count : c.best) visit(count);
}

template <class Group, class Visit>
void each_count_of_group(Group& g, Visit visit) {
  static_assert(sizeof(TwinCounts::Group) == 5 * sizeof(long long), "a counter was added: list it here");
  for (auto* count : {&g.n, &g.sum, &g.squares, &g.better, &g.worse}) visit(*count);
}

template <class Screening, class Visit>
void each_count_of_screening(Screening& s, Visit visit) {
  visit(s.screened);
  visit(s.enrolled);
  visit(s.found);
  visit(s.synchronous);
  for (auto& count : s.excluded) visit(count);
}

template <class Work, class Visit>
void each_count_of_work(Work& w, Visit visit) {
  static_assert(sizeof(solver::Work) == 4 * sizeof(long long), "a counter was added: list it here");
  for (auto* count : {&w.steps, &w.rejected, &w.stops, &w.lane_slots}) visit(*count);
}

template <class Tolerance, class Visit>
void each_number_of_tolerance(Tolerance& t, Visit visit) {
  static_assert(sizeof(solver::Tolerance) == 5 * sizeof(double), "a number was added: list it here");
  for (auto* number : {&t.relative, &t.largest_step, &t.restart_step, &t.smallest_step, &t.root_days}) visit(*number);
}

// Writing

const auto into = [](json& list) { return [&list](long long count) { list.push_back(count); }; };

json to_json(const std::vector<double>& numbers) {
  json list = json::array();
  for (double number : numbers) list.push_back(std::bit_cast<std::uint64_t>(number));
  return list;
}

json to_json(const statistics::DayCounts& counts) {
  json cells = json::array();
  for (int stratum = 0; stratum < counts.strata(); ++stratum) {
    for (int group = 0; group < counts.groups(); ++group) {
      const auto days = counts.cell(group, stratum);
      json cell = json::array();
      for (std::size_t day = 0; day < days.size(); ++day) {
        if (days[day] == statistics::DayCount{}) continue;
        cell.push_back(day);
        cell.push_back(days[day].events);
        cell.push_back(days[day].censored);
      }
      cells.push_back(std::move(cell));
    }
  }
  return {{"groups", counts.groups()}, {"strata", counts.strata()}, {"day_events_censored", std::move(cells)}};
}

json to_json(const TwinCounts& twins) {
  json histogram = json::array(), groups = json::array();
  for (std::size_t i = 0; i < twins.histogram.size(); ++i) {
    if (twins.histogram[i] == 0) continue;
    histogram.push_back(i);
    histogram.push_back(twins.histogram[i]);
  }
  for (const TwinCounts::Group& group : twins.groups) {
    json list = json::array();
    each_count_of_group(group, into(list));
    groups.push_back(std::move(list));
  }
  return {{"horizon_day", twins.horizon_day}, {"index_count", std::move(histogram)}, {"groups", std::move(groups)}};
}

json to_json(const Tally& tally) {
  json views = json::array(), arms = json::array(), quality = json::array(), twins = json::array(), screening = json::array(), work = json::array();
  for (const auto& view : tally.views) views.push_back(to_json(view));
  for (const ArmCounts& arm : tally.arms) {
    json list = json::array();
    each_count_of_arm(arm, into(list));
    arms.push_back(std::move(list));
  }
  for (const QualityCounts& arm : tally.quality) quality.push_back({{"patients", arm.patients}, {"utility", arm.utility}});
  for (const TwinCounts& twin : tally.twins) twins.push_back(to_json(twin));
  each_count_of_screening(tally.screening, into(screening));
  each_count_of_work(tally.natural_history, into(work));
  each_count_of_work(tally.courses, into(work));
  return {{"baseline", tally.baseline},        {"views", std::move(views)},         {"arms", std::move(arms)}, {"quality", std::move(quality)}, {"twins", std::move(twins)},
          {"screening", std::move(screening)}, {"failed", tally.failed}, {"work", std::move(work)}};
}

json by_trial_to_json(const TrialResult& result) {
  json trials = json::object();
  for (std::size_t trial = 0; trial < result.by_trial.size(); ++trial) {
    if (!result.by_trial[trial].empty()) trials[std::to_string(trial)] = to_json(result.by_trial[trial]);
  }
  return trials;
}

// Reading

std::uint64_t count_of(const json& value, std::uint64_t most = kMostCounted) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > most) throw Nonsense("a count that is " + value.dump());
  return value.get<std::uint64_t>();
}

/// Takes the numbers of a list one after the other; `finish` when it must be empty.
class Counts {
 public:
  explicit Counts(const json& list) : list_(list) {
    if (!list.is_array()) throw Nonsense("a list is missing");
  }
  /// One that may be negative, as a sum of benefits in days.
  void operator()(long long& count) {
    const json& value = next();
    const auto most = static_cast<std::int64_t>(kMostCounted);
    if (!value.is_number_integer() || value.get<std::int64_t>() < -most || value.get<std::int64_t>() > most) throw Nonsense("a count that is " + value.dump());
    count = value.get<std::int64_t>();
  }
  std::uint64_t take(std::uint64_t most = kMostCounted) { return count_of(next(), most); }
  bool more() const { return next_ < list_.size(); }
  void finish() const {
    if (more()) throw Nonsense("a list that is too long");
  }

 private:
  const json& next() { return list_.at(next_++); }
  const json& list_;
  std::size_t next_ = 0;
};

double number_of(const json& value) {
  if (!value.is_number_unsigned()) throw Nonsense("a number that is " + value.dump());
  return std::bit_cast<double>(value.get<std::uint64_t>());
}

statistics::DayCounts day_counts_of(const json& value) {
  const json& cells = value.at("day_events_censored");
  const auto groups = static_cast<int>(count_of(value.at("groups"), cells.size())), strata = static_cast<int>(count_of(value.at("strata"), cells.size()));
  if (groups < 1 || strata < 1 || cells.size() != static_cast<std::size_t>(groups) * static_cast<std::size_t>(strata))
    throw Nonsense("day counts of another shape than they say");
  statistics::DayCounts counts(groups, strata);
  for (std::size_t c = 0; c < cells.size(); ++c) {
    const int group = static_cast<int>(c) % groups, stratum = static_cast<int>(c) / groups;
    for (Counts list(cells[c]); list.more();) {
      const auto day = static_cast<std::int64_t>(list.take(kMostDays - 1));
      counts.add(day, true, group, stratum, list.take());
      counts.add(day, false, group, stratum, list.take());
    }
  }
  return counts;
}

TwinCounts twins_of(const json& value) {
  TwinCounts twins;
  twins.horizon_day = static_cast<int>(count_of(value.at("horizon_day"), kMostDays));
  twins.histogram.resize(static_cast<std::size_t>(2 * twins.horizon_day + 1));
  for (Counts list(value.at("index_count")); list.more();) {
    const auto index = list.take(twins.histogram.size() - 1);
    list(twins.histogram[index]);
  }
  for (const json& group : value.at("groups")) {
    Counts list(group);
    each_count_of_group(twins.groups.emplace_back(), std::ref(list));
    list.finish();
  }
  return twins;
}

Tally tally_of(const json& value) {
  Tally tally;
  for (const json& count : value.at("baseline")) tally.baseline.push_back(static_cast<long long>(count_of(count)));
  for (const json& view : value.at("views")) tally.views.push_back(day_counts_of(view));
  for (const json& arm : value.at("arms")) {
    Counts list(arm);
    each_count_of_arm(tally.arms.emplace_back(), std::ref(list));
    list.finish();
  }
  for (const json& arm : value.at("quality")) {
    QualityCounts& counts = tally.quality.emplace_back();
    for (const json& count : arm.at("patients")) counts.patients.push_back(static_cast<long long>(count_of(count)));
    for (const json& count : arm.at("utility")) counts.utility.push_back(static_cast<long long>(count_of(count)));
  }
  for (const json& twins : value.at("twins")) tally.twins.push_back(twins_of(twins));
  Counts screening(value.at("screening")), work(value.at("work"));
  each_count_of_screening(tally.screening, std::ref(screening));
  screening.finish();
  each_count_of_work(tally.natural_history, std::ref(work));
  each_count_of_work(tally.courses, std::ref(work));
  work.finish();
  tally.failed = static_cast<long long>(count_of(value.at("failed")));
  return tally;
}

RunOptions options_of(const json& value) {
  RunOptions options;
  options.seed = value.at("seed").get<std::uint64_t>();
  options.patients = static_cast<long long>(count_of(value.at("patients")));
  options.twins = value.at("twins").get<bool>();
  options.threads = static_cast<int>(count_of(value.at("threads"), kMostThreads));
  options.shard.index = static_cast<long long>(count_of(value.at("shard"))) - 1;
  options.shard.count = static_cast<long long>(count_of(value.at("shards")));
  if (options.patients < 1) throw Nonsense("a run without patients");
  if (options.shard.index < 0 || options.shard.index >= options.shard.count) throw Nonsense("a shard that its run does not have");
  std::size_t next = 0;
  each_number_of_tolerance(options.tolerance, [&](double& number) { number = number_of(value.at("tolerance").at(next++)); });
  return options;
}

std::vector<std::vector<double>> by_trial_of(const json& value, const Shard& shard) {
  std::vector<std::vector<double>> trials;
  for (const auto& [key, numbers] : value.items()) {
    std::size_t trial = kMostTrialsKept;
    std::from_chars(key.data(), key.data() + key.size(), trial);
    if (trial >= kMostTrialsKept || static_cast<long long>(trial) % shard.count != shard.index) throw Nonsense("estimates of a trial that is not the shard's: " + key);
    trials.resize(std::max(trials.size(), trial + 1));
    for (const json& number : numbers) trials[trial].push_back(number_of(number));
  }
  return trials;
}

Partial partial_of(const json& value) {
  Partial partial;
  partial.version = value.at("coley").get<std::string>();
  partial.protocol = {value.at("protocol").at("file").get<std::string>(), value.at("protocol").at("text").get<std::string>()};
  partial.sets = value.at("protocol").at("set").get<std::vector<std::string>>();
  partial.protocol_sha256 = value.at("protocol_sha256").get<std::string>();
  partial.parameters_sha256 = value.at("parameters_sha256").get<std::string>();
  partial.command = value.at("command").get<std::string>();
  partial.options = options_of(value.at("run"));
  partial.result.wall_seconds = number_of(value.at("wall_seconds"));
  partial.result.trials_done = static_cast<long long>(count_of(value.at("trials_done")));
  partial.result.by_trial = by_trial_of(value.at("by_trial"), partial.options.shard);
  partial.result.tally = tally_of(value.at("tally"));
  return partial;
}

[[noreturn]] void refuse(const std::string& file, const std::string& found, const std::string& expected) {
  throw InputError(Fault{.file = file, .found = found, .expected = expected});
}

const std::string kAgain = "a file as coley run --shard wrote it; run this shard again";

}  // namespace

std::string partial_file_name(const Shard& shard) {
  return fmt::format("shard-{}-of-{}.coley", shard.index + 1, shard.count);
}

std::string checkpoint_file_name(const Shard& shard) {
  return fmt::format("shard-{}-of-{}.checkpoint", shard.index + 1, shard.count);
}

std::string to_text(const Partial& partial) {
  const RunOptions& options = partial.options;
  json tolerance = json::array();
  each_number_of_tolerance(options.tolerance, [&](double number) { tolerance.push_back(std::bit_cast<std::uint64_t>(number)); });
  const json content = {
      {"coley", partial.version},
      {"protocol", {{"file", partial.protocol.file_name}, {"text", partial.protocol.text}, {"set", partial.sets}}},
      {"protocol_sha256", partial.protocol_sha256},
      {"parameters_sha256", partial.parameters_sha256},
      {"command", partial.command},
      {"run", {{"seed", options.seed}, {"patients", options.patients}, {"twins", options.twins}, {"threads", options.threads},
               {"shard", options.shard.index + 1}, {"shards", options.shard.count}, {"tolerance", tolerance}}},
      {"wall_seconds", std::bit_cast<std::uint64_t>(partial.result.wall_seconds)},
      {"trials_done", partial.result.trials_done},
      {"by_trial", by_trial_to_json(partial.result)},
      {"tally", to_json(partial.result.tally)}};
  // A path need not be UTF-8; the protocol's text is.
  const std::string body = content.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  return std::string(kMark) + std::string(kFormat) + sha256(body) + "\n" + body;
}

Partial read_partial(std::string_view text, const std::string& file) {
  if (text.empty()) refuse(file, "an empty file", kAgain);
  if (!text.starts_with(kMark)) refuse(file, "no partial result", kAgain);
  text.remove_prefix(kMark.size());
  if (!text.starts_with(kFormat))
    refuse(file, fmt::format("format {}", text.substr(0, std::min<std::size_t>(text.find('\n'), 20))), fmt::format("format {}; merge with the version of Coley that wrote it", kFormat.substr(0, kFormat.size() - 1)));
  text.remove_prefix(kFormat.size());
  const std::string_view digest = text.substr(0, kDigest), body = text.substr(std::min(text.size(), kDigest + 1));
  if (digest.size() < kDigest || !body.ends_with('\n')) refuse(file, "a file that was cut short", kAgain);
  if (sha256(body) != digest || text[kDigest] != '\n') refuse(file, "a checksum that does not fit: the file was changed or damaged", kAgain);
  try {
    Partial partial = partial_of(json::parse(body));
    partial.file = file;
    return partial;
  } catch (const Nonsense& error) {
    refuse(file, error.what(), kAgain);
  } catch (const json::exception& error) {
    refuse(file, std::string("contents of another shape (") + error.what() + ")", kAgain);
  }
}

Partial read_partial_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) refuse(path, "a file that cannot be read", kAgain);
  return read_partial(text, path);
}

std::vector<Partial> read_partials(const std::vector<std::string>& folders) {
  std::vector<Partial> partials;
  for (const std::string& folder : folders) {
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
      if (entry.path().extension() == ".coley") files.push_back(entry.path());
    }
    if (error) refuse(folder, "no folder that can be read: " + error.message(), "a folder that coley run --shard wrote to");
    if (files.empty()) refuse(folder, "no file shard-*.coley", "a folder that coley run --shard wrote to");
    std::sort(files.begin(), files.end());
    for (const auto& path : files) partials.push_back(read_partial_file(path.string()));
  }
  return partials;
}

}  // namespace coley
