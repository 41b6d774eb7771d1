// SPDX-License-Identifier: Apache-2.0
#pragma once
// All that a run reads, in one call: the protocol, the parameter table and the drugs that the protocol names, with the
// overrides of --set applied: path=value for the protocol, parameters.<symbol>=value, drugs.<name>.<key>.value=value;
// ensemble=... is let pass, for it is of the run.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/drug.hpp"
#include "protocol/parameter_table.hpp"
#include "protocol/protocol.hpp"
#include "protocol/shipped.hpp"

namespace coley {

/// The path of --set that chooses the ensemble of a run (protocol/ensemble.hpp); no key of the protocol.
inline constexpr std::string_view kEnsembleSet = "ensemble";

struct TrialInputs {
  Protocol protocol;
  ParameterTable parameters;
  std::map<std::string, Drug> drugs;  ///< those that the protocol names
  std::string protocol_sha256;
  std::string parameters_sha256;  ///< names the parameter table and these drugs: equal where all their numbers are
};

/// `trial` is a path or a shipped name, `sets` the texts of --set. Throws InputError with the faults of all files.
TrialInputs read_trial(const std::string& trial, const std::vector<std::string>& sets = {});
/// The same of a protocol that was read already.
TrialInputs read_trial(const NamedText& file, const std::vector<std::string>& sets);

}  // namespace coley
