// SPDX-License-Identifier: Apache-2.0
// The command-line program. Exit codes: 0 done, 1 the run failed, 2 the call or an input is wrong,
// 130 interrupted.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <iostream>

#include "commands.hpp"
#include "core/error.hpp"
#include "interruption.hpp"

namespace {

constexpr int kFailed = 1;
constexpr int kWrongInput = 2;

int complain(const std::string& message, int code) {
  std::cerr << message << '\n';
  return code;
}

void run(int argc, char** argv) {
  CLI::App program(
      "Coley runs clinical trials of surgery and immunotherapy on virtual patients. A research instrument; it gives no "
      "advice on the care of a person.",
      "coley");
  program.set_version_flag("--version", "coley " COLEY_VERSION);
  program.require_subcommand(1);
  coley::add_check_command(program);
  coley::add_list_command(program);
  coley::add_show_command(program);
  coley::add_run_command(program);
  coley::add_patient_command(program);
  coley::add_design_command(program);
#ifdef COLEY_SERVE
  coley::add_serve_command(program);
#endif
  coley::add_survival_command(program);
  coley::add_response_command(program);
  coley::add_weigh_command(program);
  coley::add_merge_command(program);
  coley::add_meta_command(program);
  coley::add_calibrate_command(program);
  coley::add_effects_command(program);
  coley::add_validate_command(program);
  coley::add_sensitivity_command(program);
  coley::add_reconstruct_command(program);
  try {
    program.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    program.exit(asked);  // --help, --version
  } catch (const CLI::RuntimeError&) {
    throw;
  } catch (const CLI::ParseError& error) {
    complain(std::string("coley: ") + error.what() + "\nSee coley --help, or coley COMMAND --help", kWrongInput);
    throw CLI::RuntimeError(kWrongInput);
  }
}

}  // namespace

int main(int argc, char** argv) {
  coley::watch_for_interruption();
  try {
    run(argc, argv);
    if (!std::cout.flush()) return complain("coley: cannot write to standard output", kFailed);
    return 0;
  } catch (const CLI::RuntimeError& said) {
    return said.get_exit_code();
  } catch (const coley::InputError& error) {
    return complain(error.what(), kWrongInput);
  } catch (const std::logic_error& error) {
    return complain(
        std::string("coley: ") + error.what() + "\ncoley: this is a bug; please report it with the call that led here",
        kFailed);
  } catch (const std::exception& error) {
    return complain(std::string("coley: ") + error.what(), kFailed);
  }
}
