// SPDX-License-Identifier: Apache-2.0
// coley list: the trials and the trial designs that ship.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "commands.hpp"
#include "design/default_design.hpp"
#include "design/plan_file.hpp"
#include "protocol/shipped.hpp"

namespace coley {

void add_list_command(CLI::App& program) {
  program.add_subcommand("list", "The trials and the trial designs that ship")->callback([] {
    const std::vector<std::string> names = shipped_trials();
    std::size_t width = 0;
    for (const std::string& name : names) width = std::max(width, name.size());
    for (const std::string& name : names) {
      const NamedText file = trial_text(name);
      std::cout << fmt::format("{:{}}  {}\n", name, width, read_protocol(file.text, file.file_name).title);
    }
    std::cout << "\nDesigns, for coley design:\n";
    for (const std::string& name : shipped_designs())
      std::cout << fmt::format("{:{}}  {}\n", name, width, design::read_plan(design::design_text(name)).title);
  });
}

}  // namespace coley
