// SPDX-License-Identifier: Apache-2.0
// coley check TRIAL: reads and validates only.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "core/error.hpp"
#include "protocol/protocol_json.hpp"
#include "protocol/trial_inputs.hpp"

namespace coley {

namespace {

struct CheckOptions {
  std::string trial;
  std::vector<std::string> sets;
  bool json = false;
};

void print_json(const CheckOptions& options, const std::vector<Fault>& faults) {
  nlohmann::ordered_json result = {
      {"trial", options.trial}, {"ok", faults.empty()}, {"faults", faults_json(faults)}};
  // Texts from a file that is no UTF-8 must not end in an exception.
  std::cout << result.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
}

void check(const CheckOptions& options) {
  try {
    const Protocol protocol = read_trial(options.trial, options.sets).protocol;
    if (options.json) return print_json(options, {});
    std::cout << fmt::format("{} is fine (patients {}, arms {}, data cut-offs {}, analyses {}, published rows {})\n",
                             protocol.name, protocol.population.size, protocol.arms.size(), protocol.cutoffs.size(),
                             protocol.analyses.size(), protocol.evidence.size());
  } catch (const InputError& error) {
    if (!options.json) throw;
    print_json(options, error.faults());
    throw CLI::RuntimeError(2);
  }
}

}  // namespace

void add_check_command(CLI::App& program) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command =
      program.add_subcommand("check", "Read and validate a trial; every fault with file, line and what was expected");
  command->add_option("TRIAL", options->trial, "path of a protocol file, or name of a trial that ships")->required();
  command->add_option("--set", options->sets, "take a value in place of the file's; may be repeated")
      ->type_name("path=value")
      ->allow_extra_args(false);
  command->add_flag("--json", options->json, "print the result as JSON");
  command->callback([options] { check(*options); });
}

}  // namespace coley
