// SPDX-License-Identifier: Apache-2.0
// coley design TRIAL: operating characteristics of a design over a grid of scenarios, and what it must be for a power.

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <unistd.h>

#include "commands.hpp"
#include "design/default_design.hpp"
#include "design/describe.hpp"
#include "output_folder.hpp"
#include "report/statistics_html.hpp"
#include "threads.hpp"

namespace coley {

namespace {

struct DesignOptions {
  std::string design;
  std::vector<std::string> sets;
  long replicates = 0;
  int threads = 0;
  std::string out, population;
  bool quiet = false, json = false;
};

/// A line that says what is being done; only on a terminal, at most ten times a second.
std::function<void(const std::string&, double)> progress_line() {
  if (!isatty(STDERR_FILENO)) return {};
  auto shown = std::make_shared<std::chrono::steady_clock::time_point>();
  return [shown](const std::string& what, double share) {
    const auto now = std::chrono::steady_clock::now();
    if (now - *shown < std::chrono::milliseconds(100)) return;
    *shown = now;
    std::cerr << fmt::format("\r\033[K{}: {:.0f} %", what, 100 * share) << std::flush;
  };
}

std::vector<report::StatisticsFigure> figures_of(const design::DesignResult& result) {
  std::vector<report::StatisticsFigure> figures;
  if (!result.plan.single_arm) figures.push_back({"design-curves", "Survival on every arm without censoring: the truth that trials are drawn from; of a grid, in the first scenario."});
  if (result.scenarios.size() > 1) figures.push_back({"design-power", "Power by test, or by hypothesis; bars are two standard errors either way, dots in the same colour what the formula says."});
  if (!result.scenarios[0].members.empty())
    figures.push_back({"design-members", "Power at every member of the parameter ensemble, in order: how far the probability of success hangs on what is not known of the biology; of a grid, in the first scenario."});
  figures.push_back({"design-stops", "Where trials end under the effect (above) and without one (below); of a grid, in the first scenario."});
  if (!result.plan.single_arm) figures.push_back({"design-duration", "Share of trials that have ended by each month; of a grid, in the first scenario."});
  return figures;
}

void write_report(const design::DesignResult& result, const std::string& text, const nlohmann::ordered_json& json, const std::string& folder_name) {
  OutputFolder folder(folder_name);
  folder.write("design.json", json.dump(2) + "\n");
  folder.write("design.html", report::statistics_html(result.plan.title, text, json, figures_of(result)));
  folder.publish();
}

void run(const DesignOptions& options) {
  std::vector<std::string> sets = options.sets;
  if (options.replicates > 0) sets.push_back(fmt::format("replicates={}", options.replicates));
  design::EvaluateOptions evaluate;
  evaluate.threads = threads_or_all(options.threads);
  evaluate.kept = options.population;
  if (!options.quiet && !options.json) evaluate.progress = progress_line();
  const NamedText file = design::design_text(options.design);
  design::Sources sources(evaluate);
  const design::DesignResult result = design::evaluate_design(file, sets, sources, evaluate);
  std::optional<design::Solution> solution;
  if (result.plan.solve) solution = design::solve(result.plan, sources, evaluate);
  if (evaluate.progress) std::cerr << "\r\033[K";
  const std::string text = to_text(result, solution);
  const nlohmann::ordered_json json = to_json(result, solution);
  if (!options.out.empty()) write_report(result, text, json, options.out);
  if (options.json) std::cout << json.dump(2) << '\n';
  else if (!options.quiet) std::cout << text << "\nA research instrument: no advice on the care of a person.\n";
}

}  // namespace

void add_design_command(CLI::App& program) {
  auto options = std::make_shared<DesignOptions>();
  CLI::App* command = program.add_subcommand("design", "Operating characteristics of a trial design: power, type-I error, sample size, interim looks, duration");
  command->add_option("TRIAL", options->design, "path of a design file, or name of a design or a trial that ships")->required();
  command->add_option("--set", options->sets, "take a value in place of the file's; may be repeated")->type_name("path=value")->allow_extra_args(false);
  command->add_option("--replicates", options->replicates, "trials simulated for each scenario, in place of the file's")->check(CLI::Range(1L, 100'000'000L));
  command->add_option("--threads", options->threads, "threads (default: all cores); results do not depend on it")->check(CLI::Range(1, 1024));
  command->add_option("--population", options->population, "keep the virtual patients with their natural history in this folder, and use those kept there");
  command->add_option("--out", options->out, "folder for design.json and design.html");
  command->add_flag("--quiet", options->quiet, "print nothing");
  command->add_flag("--json", options->json, "print the result as JSON and nothing else");
  command->callback([options] { run(*options); });
}

}  // namespace coley
