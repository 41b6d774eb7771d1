// SPDX-License-Identifier: Apache-2.0
// coley run TRIAL: simulates the trial and hands over its summary.

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <sstream>
#include <thread>
#include <unistd.h>

#include "commands.hpp"
#include "core/error.hpp"
#include "output_folder.hpp"
#include "report/html.hpp"
#include "run_table.hpp"
#include "trial/patient_level.hpp"
#include "trial/summarise.hpp"

namespace coley {

namespace {

constexpr long long kDefaultTrials = 20;      // of the protocol's size, when --patients is not given: the least that has a spread
constexpr long long kMostPatients = 10'000'000'000;

struct CallOptions {
  std::string trial;
  std::vector<std::string> sets;
  long long patients = 0;
  long long replicates = 0;
  std::uint64_t seed = 1;
  int threads = 0;
  bool twins = false, patient_level = false, quiet = false, json = false;
  std::string out;
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

/// The call without what does not change its result.
std::string repeat_command(const CallOptions& options, long long patients) {
  std::string text = fmt::format("coley run {} --patients {} --seed {}", options.trial, patients, options.seed);
  for (const std::string& set : options.sets) text += fmt::format(" --set {}", set);
  if (options.twins) text += " --twins";
  return text;
}

void run(const CallOptions& options) {
  const Design design = make_design(read_trial(options.trial, options.sets));
  const long long size = design.protocol().population.size;
  RunOptions run_options;
  run_options.patients = options.patients > 0 ? options.patients : size * (options.replicates > 0 ? options.replicates : kDefaultTrials);
  check_range("--patients", run_options.patients, 1, kMostPatients);
  run_options.seed = options.seed;
  run_options.threads = options.threads > 0 ? options.threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  run_options.twins = options.twins;
  std::optional<OutputFolder> folder;
  if (!options.out.empty()) folder.emplace(options.out);
  std::optional<PatientLevelTables> tables;
  RowSink rows;
  if (options.patient_level) {
    tables.emplace(design, folder->open("adsl.csv"), folder->open("adtte.csv"));
    rows = [&tables](const std::vector<PatientRow>& trial) { (*tables)(trial); };
  }

  const TrialResult result = run_trial(design, run_options, options.quiet || options.json ? Progress{} : progress_line(run_options.patients), rows);
  const report::Summary summary = summarise(design, run_options, result, repeat_command(options, run_options.patients));

  if (folder) {
    std::ostringstream json;
    report::write_summary_json(json, summary);
    folder->write("summary.json", json.str());
    folder->write("report.html", report::report_html(summary));
    folder->publish();
  }
  if (options.json) {
    report::write_summary_json(std::cout, summary);
  } else if (!options.quiet) {
    std::cout << run_table(summary);
    if (tables) std::cout << "\nPatient-level tables: adsl.csv and adtte.csv; no adrs.csv or adtr.csv, since readings of single scans are not kept\n";
    if (folder) std::cout << "\nReport: " << (std::filesystem::path(options.out) / "report.html").string() << '\n';
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
  command->add_flag("--patient-level", options->patient_level, "write adsl.csv and adtte.csv (CDISC ADaM) to the folder too")->needs(out);
  command->add_flag("--twins", options->twins, "put every patient on every arm and report individual benefit");
  command->add_flag("--quiet", options->quiet, "print nothing");
  command->add_flag("--json", options->json, "print the summary as JSON and nothing else");
  command->callback([options] { run(*options); });
}

}  // namespace coley
