// SPDX-License-Identifier: Apache-2.0
// coley patient TRIAL: replays one patient of a run on every arm.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "commands.hpp"
#include "core/error.hpp"
#include "patient_report.hpp"

namespace coley {

namespace {

constexpr long long kMostPatients = 10'000'000'000;

struct CallOptions {
  std::string trial;
  std::vector<std::string> sets;
  long long id = 0;
  long long trial_number = -1;  // not given: id counts over all trials
  std::uint64_t seed = 1;
  bool json = false;
};

PatientAddress address_of(const CallOptions& options, long long size) {
  if (options.trial_number < 0) {
    return {options.seed, static_cast<std::uint64_t>(options.id / size), static_cast<std::uint64_t>(options.id % size), options.id};
  }
  if (options.id >= size) {
    throw InputError(Fault{.key = "--id", .found = std::to_string(options.id),
                           .expected = fmt::format("a place from 0 to {} in trial {}; without --trial, --id counts over all trials", size - 1, options.trial_number)});
  }
  return {options.seed, static_cast<std::uint64_t>(options.trial_number), static_cast<std::uint64_t>(options.id), options.trial_number * size + options.id};
}

void replay(const CallOptions& options) {
  const Design design = read_design(trial_text(options.trial), options.sets);
  const PatientAddress address = address_of(options, design.protocol().population.size);
  const Replay patient = replay_patient(design, {address.seed, address.trial}, address.place);
  if (options.json) {
    std::cout << patient_json(design, address, patient).dump(2) << '\n';
  } else {
    std::cout << patient_text(design, address, patient);
  }
}

}  // namespace

void add_patient_command(CLI::App& program) {
  auto options = std::make_shared<CallOptions>();
  CLI::App* command = program.add_subcommand("patient", "Replay one patient of a run on every arm: trajectory, events, outcome");
  command->add_option("TRIAL", options->trial, "path of a protocol file, or name of a trial that ships")->required();
  command->add_option("--id", options->id, "number of the patient in the run from 0, as SUBJID in adsl.csv; with --trial, in that trial")
      ->required()
      ->check(CLI::Range(0LL, kMostPatients));
  command->add_option("--trial", options->trial_number, "number of the trial in the run, from 0")->check(CLI::Range(0LL, kMostPatients));
  command->add_option("--seed", options->seed, "seed of the run (default 1)");
  command->add_option("--set", options->sets, "take a value in place of the file's; may be repeated")->type_name("path=value")->allow_extra_args(false);
  command->add_flag("--json", options->json, "print everything as JSON, with every point of the trajectories");
  command->callback([options] { replay(*options); });
}

}  // namespace coley
