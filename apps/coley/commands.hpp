// SPDX-License-Identifier: Apache-2.0
#pragma once
// The commands of the program. Each file <name>_command.cpp adds one and is a thin translation of its options into calls
// of the library. Errors travel as exceptions; main turns them into messages and exit codes. A command that has printed
// its failure itself, as in JSON, throws CLI::RuntimeError(code).

namespace CLI {
class App;
}

namespace coley {
void add_check_command(CLI::App& program);
void add_list_command(CLI::App& program);
void add_show_command(CLI::App& program);
void add_run_command(CLI::App& program);
void add_merge_command(CLI::App& program);
void add_patient_command(CLI::App& program);
void add_survival_command(CLI::App& program);
void add_response_command(CLI::App& program);
void add_serve_command(CLI::App& program);
void add_reconstruct_command(CLI::App& program);
void add_weigh_command(CLI::App& program);
void add_meta_command(CLI::App& program);
void add_design_command(CLI::App& program);
void add_calibrate_command(CLI::App& program);
void add_effects_command(CLI::App& program);
void add_validate_command(CLI::App& program);
void add_sensitivity_command(CLI::App& program);
}  // namespace coley
