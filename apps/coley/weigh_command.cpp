// SPDX-License-Identifier: Apache-2.0
// coley weigh DATA.csv --target COLUMN=mean: prevalence weights, for `coley survival --weights`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "commands.hpp"
#include "exchange/prevalence.hpp"

namespace coley {

void add_weigh_command(CLI::App& program) {
  struct Options {
    std::string file, name = "WEIGHT";
    std::vector<std::string> targets;
  };
  CLI::App& command = *program.add_subcommand("weigh", "Weigh the rows of a table so that its means and shares are those wanted (maximum entropy)");
  auto options = std::make_shared<Options>();
  command.add_option("data", options->file, "CSV file with a header row, a row a patient")->required();
  command.add_option("--target", options->targets, "COLUMN=mean or COLUMN:level=share; may be repeated")->required();
  command.add_option("--name", options->name, "name of the column of weights")->capture_default_str();
  command.callback([options] {
    std::vector<exchange::PrevalenceTarget> targets;
    for (const std::string& text : options->targets) targets.push_back(exchange::parse_target(text));
    const exchange::Table table = exchange::Table::read(options->file);
    const exchange::PrevalenceReport report = exchange::prevalence_weights(table, targets);
    std::cout << exchange::with_weights(table, report.weights, options->name);
    std::cerr << fmt::format("{:<32} {:>12} {:>12} {:>12}\n", "", "wanted", "unweighted", "weighted");
    for (std::size_t k = 0; k < targets.size(); ++k) {
      const std::string name = targets[k].level.empty() ? "mean " + targets[k].column : targets[k].column + " = " + targets[k].level;
      std::cerr << fmt::format("{:<32} {:>12.4g} {:>12.4g} {:>12.4g}\n", name, targets[k].wanted, report.unweighted[k], report.weighted[k]);
    }
    const double n = static_cast<double>(table.rows()), ess = report.weights.effective_sample_size;
    std::cerr << fmt::format("{} rows; effective sample size {:.0f} ({:.0f} %); largest weight {:.3g}\n", table.rows(), ess, 100 * ess / n,
                             report.weights.weights.maxCoeff());
  });
}

}  // namespace coley
