// SPDX-License-Identifier: Apache-2.0
// coley merge DIR...: adds up the shards of a run and hands over its summary.

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "commands.hpp"
#include "summary_output.hpp"
#include "trial/first_patients.hpp"
#include "trial/merge.hpp"
#include "trial/summarise.hpp"

namespace coley {

namespace {

struct MergeOptions {
  std::vector<std::string> folders;
  std::string out;
  bool quiet = false, json = false;
};

void run(const MergeOptions& options) {
  const MergedRun merged = merge(read_partials(options.folders));
  std::optional<OutputFolder> folder;
  if (!options.out.empty()) folder.emplace(options.out);
  report::Summary summary = summarise(merged.design, merged.options, merged.result, merged.command);
  add_first_patients(merged.design, merged.options, summary);
  hand_over(summary, folder ? &*folder : nullptr, options.json, options.quiet);
}

}  // namespace

void add_merge_command(CLI::App& program) {
  auto options = std::make_shared<MergeOptions>();
  CLI::App* command = program.add_subcommand("merge", "Add up the shards of a run (coley run --shard) to the summary of the whole");
  command->add_option("DIR", options->folders, "folders with the shards, in any order")->required();
  command->add_option("--out", options->out, "folder for summary.json and report.html");
  command->add_flag("--quiet", options->quiet, "print nothing");
  command->add_flag("--json", options->json, "print the summary as JSON and nothing else");
  command->callback([options] { run(*options); });
}

}  // namespace coley
