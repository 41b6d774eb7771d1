// SPDX-License-Identifier: Apache-2.0
// coley effects: every effect that the documents claim, with its mechanism and without it.

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>

#include "commands.hpp"
#include "credibility/effects.hpp"
#include "output_folder.hpp"
#include "protocol/shipped.hpp"
#include "threads.hpp"
#include "trial/version.hpp"

namespace coley {

namespace {

struct CallOptions {
  std::vector<std::string> documents, sets;
  std::string out;
  std::uint64_t seed = 1;
  int threads = 0;
  bool quiet = false;
};

void run(const CallOptions& options) {
  std::vector<std::string> sets = options.sets;
  const std::optional<Ensemble> ensemble = take_ensemble(sets);
  std::vector<Effect> effects = read_effects(*shipped_text("evidence/effects.toml"), "evidence/effects.toml");
  const auto asked = [&](const Effect& e) { return options.documents.empty() || std::find(options.documents.begin(), options.documents.end(), e.document) != options.documents.end(); };
  std::erase_if(effects, [&](const Effect& e) { return !asked(e); });
  std::optional<OutputFolder> folder;
  if (!options.out.empty()) folder.emplace(options.out);
  const auto progress = [&](const Effect& e) {
    if (!options.quiet) std::cerr << e.document << ' ' << e.trial << ": " << e.claim << std::endl;
  };
  const auto results = credibility::run_effects(effects, ensemble, sets, options.seed, threads_or_all(options.threads), progress);
  const std::string numbers = ensemble ? "over the " + std::to_string(ensemble->members.size()) + " members of the ensemble (" + sha256_of(*ensemble).substr(0, 12) + ")" : "at the parameter table's own values";
  const std::string page = credibility::effects_page(results, fmt::format("Version {}, {:%Y-%m-%d}, seed {}, {}.", kVersion, fmt::gmtime(std::time(nullptr)), options.seed, numbers));
  if (folder) {
    folder->write("effects.md", page);
    folder->publish();
  }
  if (!options.quiet) std::cout << page;
}

}  // namespace

void add_effects_command(CLI::App& program) {
  auto options = std::make_shared<CallOptions>();
  CLI::App* command = program.add_subcommand("effects", "Show each effect that the documents claim with its mechanism and without it");
  command->add_option("DOCUMENT", options->documents, "000 to 004 (default: all)")->check(CLI::IsMember({"000", "001", "002", "003", "004"}));
  command->add_option("--out", options->out, "folder for effects.md");
  command->add_option("--seed", options->seed, "seed of every random number (default 1)");
  command->add_option("--threads", options->threads, "threads (default: all cores); results do not depend on it")->check(CLI::Range(1, 1024));
  command->add_option("--set", options->sets, "take a value in place of the file's; may be repeated")->type_name("path=value")->allow_extra_args(false);
  command->add_flag("--quiet", options->quiet, "print nothing");
  command->callback([options] { run(*options); });
}

}  // namespace coley
