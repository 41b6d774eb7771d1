// SPDX-License-Identifier: Apache-2.0
// coley validate: scores the frozen ensemble on every published row that a shipped trial can produce.

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "commands.hpp"
#include "core/error.hpp"
#include "credibility/roles.hpp"
#include "credibility/validation_text.hpp"
#include "exchange/csv.hpp"
#include "output_folder.hpp"
#include "protocol/shipped.hpp"
#include "threads.hpp"

namespace coley {

namespace {

using namespace credibility;

struct CallOptions {
  std::vector<std::string> trials, sets;
  std::string out;
  std::uint64_t seed = 1;
  int threads = 0;
  bool json = false, quiet = false;
};

std::vector<EarlierScore> read_history() {
  std::vector<EarlierScore> history;
  const auto text = shipped_text("evidence/scores.csv");
  if (!text) return history;
  const exchange::Table table = exchange::Table::parse(*text, "evidence/scores.csv");
  const auto cell = [&](std::size_t row, const char* column) { return std::string(table.cell(row, table.column(column))); };
  for (std::size_t row = 0; row < table.rows(); ++row) {
    history.push_back({cell(row, "date"), cell(row, "version"), cell(row, "ensemble_sha256"), std::stoi(cell(row, "agree")), std::stoi(cell(row, "rows"))});
  }
  return history;
}

std::string history_text(const std::vector<EarlierScore>& history) {
  std::string text = "date,version,ensemble_sha256,agree,rows\n";
  for (const EarlierScore& s : history) text += fmt::format("{},{},{},{},{}\n", s.date, s.version, s.ensemble_sha256, s.agree, s.rows);
  return text;
}

void run(const CallOptions& options) {
  std::vector<std::string> sets = options.sets;
  const std::optional<Ensemble> ensemble = take_ensemble(sets);
  if (!ensemble) throw InputError(Fault{.key = "--set ensemble", .found = "none", .expected = "an ensemble: what is scored is frozen before"});
  const CalibrationPlan plan = read_calibration(*shipped_text("evidence/calibration.toml"), "evidence/calibration.toml", role_of_row);
  const std::vector<std::string> shipped = shipped_trials();
  std::vector<Fault> faults;
  for (const std::string& name : options.trials) {
    if (std::find(shipped.begin(), shipped.end(), name) == shipped.end()) faults.push_back({.key = "TRIAL", .found = name, .expected = "a trial that ships: coley list"});
  }
  if (!faults.empty()) throw InputError(std::move(faults));
  std::optional<OutputFolder> folder;
  if (!options.out.empty()) folder.emplace(options.out);
  const int threads = threads_or_all(options.threads);
  const auto& trials = options.trials.empty() ? shipped : options.trials;
  const auto progress = [&](const std::string& trial) {
    if (!options.quiet && !options.json) std::cerr << trial << std::endl;
  };
  const Validation validation = validate(trials, sets, plan, *ensemble, options.seed, threads, progress);
  if (folder) {
    const std::string date = fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)));
    std::vector<EarlierScore> history = read_history();
    const Score now = score(validation, Use::validation);
    // the same ensemble scores otherwise where the program has changed since: that is kept too
    const bool known = std::any_of(history.begin(), history.end(), [&](const EarlierScore& s) {
      return s.ensemble_sha256 == validation.ensemble_sha256 && s.agree == now.agree && s.rows == now.rows;
    });
    if (!known && options.trials.empty()) history.push_back({date, validation.version, validation.ensemble_sha256, now.agree, now.rows});
    const auto notes = shipped_text("evidence/disagreements.toml");
    folder->write("validation.json", validation_json(validation).dump(2) + "\n");
    folder->write("scores.csv", history_text(history));
    folder->write("credibility.md", credibility_report(validation, plan, *ensemble, notes ? read_notes(*notes, "evidence/disagreements.toml") : std::vector<Note>{}, history, date));
    folder->publish();
  }
  if (options.json) {
    std::cout << validation_json(validation).dump(2) << '\n';
  } else if (!options.quiet) {
    std::cout << validation_text(validation) << "\nA research instrument: no advice on the care of a person.\n";
  }
}

}  // namespace

void add_validate_command(CLI::App& program) {
  auto options = std::make_shared<CallOptions>();
  CLI::App* command = program.add_subcommand("validate", "Score the calibrated ensemble on published results, those that were fitted apart from those that were not");
  command->add_option("TRIAL", options->trials, "names of trials that ship (default: all)");
  command->add_option("--out", options->out, "folder for validation.json, credibility.md and scores.csv");
  command->add_option("--seed", options->seed, "seed of every random number (default 1)");
  command->add_option("--threads", options->threads, "threads (default: all cores); results do not depend on it")->check(CLI::Range(1, 1024));
  command->add_option("--set", options->sets, "take a value in place of the file's; may be repeated")->type_name("path=value")->allow_extra_args(false);
  command->add_flag("--json", options->json, "print JSON and nothing else");
  command->add_flag("--quiet", options->quiet, "print nothing");
  command->callback([options] { run(*options); });
}

}  // namespace coley
