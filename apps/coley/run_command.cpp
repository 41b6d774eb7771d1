// SPDX-License-Identifier: Apache-2.0
// coley run TRIAL: simulates the trial and hands over its summary.

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <unistd.h>

#include "commands.hpp"
#include "core/error.hpp"
#include "output_folder.hpp"
#include "ranks.hpp"
#include "summary_output.hpp"
#include "trial/first_patients.hpp"
#include "trial/follow.hpp"
#include "trial/kept_population.hpp"
#include "trial/merge.hpp"
#include "trial/patient_level.hpp"
#include "trial/summarise.hpp"
#include "trial/version.hpp"
#include "threads.hpp"

namespace coley {

namespace {

constexpr long long kDefaultTrials = 20;      // of the protocol's size, when --patients is not given: the least that has a spread
constexpr long long kMostPatients = 10'000'000'000;
constexpr long long kMostShards = 1'000'000;

struct CallOptions {
  std::string trial;
  std::vector<std::string> sets;
  long long patients = 0;
  long long replicates = 0;
  std::uint64_t seed = 1;
  int threads = 0;
  bool twins = false, resume = false, patient_level = false, quiet = false, json = false, follow = false;
  std::string out, shard, population;
};

void check_range(const char* option, long long value, long long low, long long high) {
  if (value >= low && value <= high) return;
  throw InputError(Fault{.key = option, .found = std::to_string(value), .expected = fmt::format("a whole number from {} to {}", low, high)});
}

/// A line that says how far the run is and how long it will take; only on a terminal, at most ten times a second.
Progress progress_line(long long patients) {
  if (!isatty(STDERR_FILENO)) return {};
  const auto start = std::chrono::steady_clock::now();
  auto shown = std::make_shared<std::chrono::steady_clock::time_point>(start);
  return [=](long long done) {
    const auto now = std::chrono::steady_clock::now();
    if (now - *shown < std::chrono::milliseconds(100) && done < patients) return;
    *shown = now;
    const double spent = std::chrono::duration<double>(now - start).count();
    const double left = spent * static_cast<double>(patients - done) / static_cast<double>(std::max(1LL, done));
    std::cerr << fmt::format("\r{} of {} patients, {:.0f} s left   ", done, patients, left) << (done >= patients ? "\r\033[K" : "") << std::flush;
  };
}

/// "2/8"; nothing is the whole run.
Shard read_shard(const std::string& text) {
  Shard shard;
  if (text.empty()) return shard;
  const char* end = text.data() + text.size();
  const auto [slash, first] = std::from_chars(text.data(), end, shard.index);
  const bool has_slash = first == std::errc{} && slash != end && *slash == '/';
  const auto [rest, second] = std::from_chars(has_slash ? slash + 1 : end, end, shard.count);
  if (!has_slash || second != std::errc{} || rest != end || shard.index < 1 || shard.index > shard.count || shard.count > kMostShards)
    throw InputError(Fault{.key = "--shard", .found = text, .expected = fmt::format("I/N, shard I of N, as 1/8; at most {} shards", kMostShards)});
  --shard.index;
  return shard;
}

/// One call, on one rank of however many there are.
class Run {
 public:
  Run(const CallOptions& call, const Ranks& ranks);
  void simulate();
  /// To standard output and the folder; of several ranks the first adds up their shards.
  void finish(const std::vector<std::string>& shards);
  std::string shard() const { return to_text(done_); }

 private:
  void follow();
  void simulate_with_checkpoints();
  void hand_over_shard();
  void remove_what_is_done();

  const CallOptions& call_;
  const Ranks& ranks_;
  NamedText protocol_;
  Design design_;
  RunOptions options_;
  std::optional<KeptPopulation> kept_;
  std::optional<OutputFolder> folder_;
  std::optional<PatientLevelTables> tables_;
  Progress progress_;
  RowSink rows_;
  Partial done_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

void refuse_with_ranks(const char* option) {
  throw InputError(Fault{.key = option, .found = "a run by several ranks", .expected = "one or the other"});
}

Run::Run(const CallOptions& call, const Ranks& ranks) : call_(call), ranks_(ranks), protocol_(trial_text(call.trial)), design_(read_design(protocol_, call.sets)) {
  if (ranks.count() > 1 && !call.shard.empty()) refuse_with_ranks("--shard");
  if (ranks.count() > 1 && call.patient_level) refuse_with_ranks("--patient-level");
  if (ranks.count() > 1 && call.follow) refuse_with_ranks("--follow");
  const long long size = design_.protocol().population.size;
  options_.patients = call.patients > 0 ? call.patients : size * (call.replicates > 0 ? call.replicates : kDefaultTrials);
  check_range("--patients", options_.patients, 1, kMostPatients);
  options_.seed = call.seed;
  options_.threads = threads_or_all(call.threads, ranks.neighbours());
  options_.twins = call.twins;
  options_.shard = ranks.count() > 1 ? Shard{ranks.index(), ranks.count()} : read_shard(call.shard);
  if (!call.population.empty()) options_.kept = &kept_.emplace(design_, call.population, options_.tolerance);
  if (!call.out.empty()) folder_.emplace(call.out);
  if (call.patient_level) {
    tables_.emplace(design_, folder_->open("adsl.csv"), folder_->open("adtte.csv"));
    rows_ = [this](const std::vector<PatientRow>& trial) { (*tables_)(trial); };
  }
  if (!call.quiet && !call.json && ranks.first()) progress_ = progress_line(patients_of_shard(design_, options_));
  done_ = {"this call", kVersion, protocol_, call.sets, design_.inputs.protocol_sha256, design_.inputs.parameters_sha256,
           repeat_command(call.trial, call.sets, options_), options_, empty_result(design_, options_)};
}

/// Prints the summary of the patients so far, a line of JSON each time some have finished; at last that of the run.
void Run::follow() {
  done_.result = follow_run(design_, options_, [&](const RunOptions& first, const TrialResult& result) {
    report::Summary summary = summarise(design_, first, result, done_.command);
    if (first.patients == options_.patients) {
      add_first_patients(design_, options_, summary);
      if (folder_) hand_over(summary, &*folder_, false, true);
    }
    const nlohmann::ordered_json line = {{"done", first.patients}, {"of", options_.patients}, {"summary", report::summary_json(summary)}};
    std::cout << line.dump() << '\n';
    if (!std::cout.flush()) throw RunError("cannot write to standard output");
  });
}

void Run::simulate() {
  if (call_.follow) return follow();
  if (!folder_) {
    done_.result = run_trial(design_, options_, progress_, rows_);
    return;
  }
  simulate_with_checkpoints();
  // what a rank has done is kept until all ranks have
  if (ranks_.count() > 1) folder_->replace(partial_file_name(options_.shard), to_text(done_));
}

/// Runs to the end, leaves a checkpoint in the folder once a minute, and goes on from the one there when asked to, or from the
/// whole shard of an earlier call by several ranks.
void Run::simulate_with_checkpoints() {
  constexpr double kSecondsBetween = 60;
  const std::string name = checkpoint_file_name(options_.shard);
  for (const std::string& earlier : {partial_file_name(options_.shard), name}) {
    const std::string path = folder_->at(earlier).string();
    if (!call_.resume || !std::filesystem::exists(path)) continue;
    done_.result = resume(design_, done_, read_partial_file(path));
    break;
  }
  if (done_.result.trials_done == trials_of_shard(design_, options_)) return;
  while (!continue_run(design_, options_, kSecondsBetween, done_.result, progress_, rows_)) folder_->replace(name, to_text(done_));
}

/// The shard's result alone, for `coley merge`.
void Run::hand_over_shard() {
  const std::string name = partial_file_name(options_.shard);
  folder_->write(name, to_text(done_));
  folder_->publish();
  if (!call_.quiet) std::cout << fmt::format("Shard {} of {}: {}\nWhen all are there: coley merge DIR...\n", options_.shard.index + 1, options_.shard.count, folder_->at(name).string());
}

void Run::finish(const std::vector<std::string>& shards) {
  if (call_.follow) return;  // the last line has been printed
  OutputFolder* folder = folder_ ? &*folder_ : nullptr;
  if (!call_.shard.empty()) {
    hand_over_shard();
  } else if (ranks_.count() == 1) {
    report::Summary summary = summarise(design_, options_, done_.result, done_.command);
    add_first_patients(design_, options_, summary);
    hand_over(summary, folder, call_.json, call_.quiet);
  } else {
    std::vector<Partial> parts;
    for (const std::string& text : shards) parts.push_back(read_partial(text, fmt::format("the shard of rank {}", parts.size())));
    MergedRun run = merge(std::move(parts));
    run.result.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    report::Summary summary = summarise(run.design, run.options, run.result, run.command);
    add_first_patients(run.design, run.options, summary);
    summary.run.ranks = ranks_.count();
    hand_over(summary, folder, call_.json, call_.quiet);
  }
  if (folder) remove_what_is_done();
  if (tables_ && !call_.json && !call_.quiet) {
    std::cout << "\nPatient-level tables: adsl.csv and adtte.csv; no adrs.csv or adtr.csv, since readings of single scans are not kept\n";
  }
}

/// Checkpoints, and the shards of ranks, once there is a summary.
void Run::remove_what_is_done() {
  std::filesystem::remove(folder_->at(checkpoint_file_name(options_.shard)));
  if (ranks_.count() == 1) return;
  for (Shard shard{0, ranks_.count()}; shard.index < shard.count; ++shard.index) {
    std::filesystem::remove(folder_->at(partial_file_name(shard)));
    std::filesystem::remove(folder_->at(checkpoint_file_name(shard)));
  }
}

void run(const CallOptions& call) {
  const Ranks ranks;
  std::optional<Run> run;
  ranks.together([&] { run.emplace(call, ranks); });
  ranks.together([&] { run->simulate(); });
  const std::vector<std::string> shards = ranks.count() > 1 ? ranks.gather(run->shard()) : std::vector<std::string>{};
  ranks.together([&] {
    if (ranks.first()) run->finish(shards);
  });
}

}  // namespace

void add_run_command(CLI::App& program) {
  auto options = std::make_shared<CallOptions>();
  CLI::App* command = program.add_subcommand("run", "Simulate a trial: survival, hazard ratios, response, patient flow, agreement with what was published");
  command->add_option("TRIAL", options->trial, "path of a protocol file, or name of a trial that ships")->required();
  command->add_option("--patients", options->patients, "patients to randomise in all (default: twenty trials of the published size)")
      ->check(CLI::Range(1LL, kMostPatients));
  command->add_option("--replicates", options->replicates, "instead: trials of the published size")->check(CLI::Range(1LL, kMostPatients / 1000))->excludes("--patients");
  command->add_option("--seed", options->seed, "seed of every random number (default 1)");
  command->add_option("--threads", options->threads, "threads (default: all cores); results do not depend on it")->check(CLI::Range(1, 1024));
  command->add_option("--set", options->sets, "take a value in place of the file's; may be repeated")->type_name("path=value")->allow_extra_args(false);
  CLI::Option* out = command->add_option("--out", options->out, "folder for summary.json and report.html");
  command->add_option("--population", options->population, "keep the virtual patients with their natural history in this folder, and use those kept there");
  CLI::Option* shard = command->add_option("--shard", options->shard, "do shard I of N of the run, and write its part to --out for coley merge")->type_name("I/N")->needs(out);
  CLI::Option* resume = command->add_flag("--resume", options->resume, "go on from the checkpoint that an interrupted run left in --out, if there is one")->needs(out);
  CLI::Option* patient_level = command->add_flag("--patient-level", options->patient_level, "write adsl.csv and adtte.csv (CDISC ADaM) to the folder too")->needs(out)->excludes(shard)->excludes(resume);
  command->add_flag("--twins", options->twins, "put every patient on every arm and report individual benefit");
  command->add_flag("--quiet", options->quiet, "print nothing");
  CLI::Option* json = command->add_flag("--json", options->json, "print the summary as JSON and nothing else")->excludes(shard);
  command->add_flag("--follow", options->follow, "print the summary so far as patients finish, a line of JSON each time: {done, of, summary}")->needs(json)->excludes(resume)->excludes(patient_level);
  command->callback([options] { run(*options); });
}

}  // namespace coley
