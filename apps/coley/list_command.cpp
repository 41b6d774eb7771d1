// SPDX-License-Identifier: Apache-2.0
// coley list: the trials that ship.

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "commands.hpp"
#include "protocol/shipped.hpp"

namespace coley {

void add_list_command(CLI::App& program) {
  program.add_subcommand("list", "The trials that ship")->callback([] {
    const std::vector<std::string> names = shipped_trials();
    std::size_t width = 0;
    for (const std::string& name : names) width = std::max(width, name.size());
    for (const std::string& name : names) {
      const NamedText file = trial_text(name);
      std::cout << fmt::format("{:{}}  {}\n", name, width, read_protocol(file.text, file.file_name).title);
    }
  });
}

}  // namespace coley
