// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a client asks to be run, and the call of the program that does it.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "protocol/trial_inputs.hpp"
#include "serve/limits.hpp"

namespace coley::serve {

struct RunRequest {
  std::string trial;              ///< name of a trial that ships, whose text `protocol` is; "" for a file of the client's
  NamedText protocol;             ///< with a plain file name
  std::vector<std::string> sets;  ///< texts of --set
  long long patients = 0;
  std::uint64_t seed = 1;         ///< below 2^53, so that JavaScript can say it
  bool twins = false;
};

/// Reads {trial | text [, file_name], sets, patients, seed, twins}.
/// Throws InputError that names each key that is wrong, or of an unknown trial.
RunRequest read_request(const nlohmann::ordered_json& body, const Limits& limits);

/// Makes it a request for that trial where one of this name ships with just this text, else for the text.
void name_trial(RunRequest& request, const std::string& trial);

/// Reads and checks the protocol as `coley check` does. Throws InputError with its faults.
TrialInputs read_inputs(const RunRequest& request);

/// In the folder of a run: where it leaves summary.json and report.html.
inline constexpr const char* kResultFolder = "results";

/// `coley run` or, with a patient, `coley patient`, to be run in a folder that holds the protocol file; the program comes first.
std::vector<std::string> run_arguments(const RunRequest& request, const std::string& program, const std::string& population_folder);
std::vector<std::string> patient_arguments(const RunRequest& request, const std::string& program, long long patient);

}  // namespace coley::serve
