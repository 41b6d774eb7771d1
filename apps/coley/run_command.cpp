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
#include <thread>
#include <unistd.h>

#include "commands.hpp"
#include "core/error.hpp"
#include "output_folder.hpp"
#include "summary_output.hpp"
#include "trial/kept_population.hpp"
#include "trial/merge.hpp"
#include "trial/patient_level.hpp"
#include "trial/summarise.hpp"
#include "trial/version.hpp"

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

/// Runs to the end, leaves a checkpoint in the folder once a minute, and goes on from the one there when asked to.
void run_with_checkpoints(const Design& design, bool resumed, Partial& run, OutputFolder& folder, const Progress& progress, const RowSink& rows) {
  constexpr double kSecondsBetween = 60;
  const std::string name = checkpoint_file_name(run.options.shard), path = folder.at(name).string();
  if (resumed && std::filesystem::exists(path)) run.result = resume(design, run, read_partial_file(path));
  while (!continue_run(design, run.options, kSecondsBetween, run.result, progress, rows)) folder.replace(name, to_text(run));
}

/// Prints summaries, a line of JSON each: first those of small parts of the first trial, so that there is something to look
/// at soon; then that of the patients so far each time some have finished; at last that of the run.
void follow_run(const Design& design, Partial& run) {
  constexpr double kSecondsBetween = 0.2;
  constexpr long long kFirstLook = 100, kGrowth = 3;
  const auto print = [&](const RunOptions& options, const TrialResult& result) {
    const report::Summary summary = summarise_so_far(design, options, result, run.command);
    const nlohmann::ordered_json line = {{"done", summary.coley.patients}, {"of", run.options.patients}, {"summary", report::summary_json(summary)}};
    std::cout << line.dump() << '\n';
    if (!std::cout.flush()) throw RunError("cannot write to standard output");
  };
  const long long first_trial = std::min<long long>(run.options.patients, design.protocol().population.size);
  RunOptions look = run.options;
  for (look.patients = kFirstLook; kGrowth * look.patients < first_trial; look.patients *= kGrowth) print(look, run_trial(design, look));
  for (bool done = false; !done; print(run.options, run.result)) done = continue_run(design, run.options, kSecondsBetween, run.result);
}

/// The shard's result alone, for `coley merge`.
void hand_over_shard(const Partial& run, OutputFolder& folder, bool quiet) {
  const std::string name = partial_file_name(run.options.shard);
  folder.write(name, to_text(run));
  folder.publish();
  if (!quiet) std::cout << fmt::format("Shard {} of {}: {}\nWhen all are there: coley merge DIR...\n", run.options.shard.index + 1, run.options.shard.count, folder.at(name).string());
}

void run(const CallOptions& options) {
  const NamedText protocol = trial_text(options.trial);
  const Design design = read_design(protocol, options.sets);
  const long long size = design.protocol().population.size;
  RunOptions run_options;
  run_options.patients = options.patients > 0 ? options.patients : size * (options.replicates > 0 ? options.replicates : kDefaultTrials);
  check_range("--patients", run_options.patients, 1, kMostPatients);
  run_options.seed = options.seed;
  run_options.threads = options.threads > 0 ? options.threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  run_options.twins = options.twins;
  run_options.shard = read_shard(options.shard);
  std::optional<KeptPopulation> kept;
  if (!options.population.empty()) run_options.kept = &kept.emplace(design, options.population, run_options.tolerance);
  std::optional<OutputFolder> folder;
  if (!options.out.empty()) folder.emplace(options.out);
  std::optional<PatientLevelTables> tables;
  RowSink rows;
  if (options.patient_level) {
    tables.emplace(design, folder->open("adsl.csv"), folder->open("adtte.csv"));
    rows = [&tables](const std::vector<PatientRow>& trial) { (*tables)(trial); };
  }

  const Progress progress = options.quiet || options.json ? Progress{} : progress_line(patients_of_shard(design, run_options));
  Partial done{"this call", kVersion, protocol, options.sets, design.inputs.protocol_sha256, design.inputs.parameters_sha256,
                repeat_command(options.trial, options.sets, run_options), run_options, empty_result(design, run_options)};
  if (options.follow) return follow_run(design, done);
  if (folder) {
    run_with_checkpoints(design, options.resume, done, *folder, progress, rows);
  } else {
    done.result = run_trial(design, run_options, progress, rows);
  }
  if (!options.shard.empty()) {
    hand_over_shard(done, *folder, options.quiet);
  } else {
    hand_over(summarise(design, run_options, done.result, done.command), folder ? &*folder : nullptr, options.json, options.quiet);
  }
  if (folder) std::filesystem::remove(folder->at(checkpoint_file_name(run_options.shard)));
  if (tables && !options.json && !options.quiet) {
    std::cout << "\nPatient-level tables: adsl.csv and adtte.csv; no adrs.csv or adtr.csv, since readings of single scans are not kept\n";
  }
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
  command->add_flag("--patient-level", options->patient_level, "write adsl.csv and adtte.csv (CDISC ADaM) to the folder too")->needs(out)->excludes(shard)->excludes(resume);
  command->add_flag("--twins", options->twins, "put every patient on every arm and report individual benefit");
  command->add_flag("--quiet", options->quiet, "print nothing");
  CLI::Option* json = command->add_flag("--json", options->json, "print the summary as JSON and nothing else")->excludes(shard);
  command->add_flag("--follow", options->follow, "print the summary so far as patients finish, a line of JSON each time: {done, of, summary}")->needs(json)->excludes(out);
  command->callback([options] { run(*options); });
}

}  // namespace coley
