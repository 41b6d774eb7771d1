// SPDX-License-Identifier: Apache-2.0
// coley show NAME: the file of a trial or a design, to read or to start one's own from.

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "commands.hpp"
#include "protocol/shipped.hpp"

namespace coley {

void add_show_command(CLI::App& program) {
  auto trial = std::make_shared<std::string>();
  CLI::App* command = program.add_subcommand("show", "Print the file of a trial or a design that ships");
  command->add_option("TRIAL", *trial, "name of a trial or a design, as coley list prints it")->required();
  command->callback([trial] {
    const auto design = shipped_text("designs/" + *trial + ".toml");
    std::cout << (design ? std::string(*design) : trial_text(*trial).text);
  });
}

}  // namespace coley
