// SPDX-License-Identifier: Apache-2.0
#include "protocol/trial_inputs.hpp"

#include <fmt/format.h>

#include <optional>
#include <set>

#include "core/error.hpp"
#include "core/sha256.hpp"
#include "protocol/drug_file.hpp"
#include "protocol/protocol_file.hpp"
#include "protocol/shipped.hpp"
#include "protocol/table_reader.hpp"

namespace coley {

namespace {

/// Runs `read` and keeps its faults for later.
template <class Read>
auto keeping_faults(Read read, std::vector<Fault>& faults) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const InputError& error) {
    faults.insert(faults.end(), error.faults().begin(), error.faults().end());
    return std::nullopt;
  }
}

std::set<std::string> drugs_of(const Protocol& protocol) {
  std::set<std::string> names;
  for (const Dosing& dosing : protocol.population.prior) names.insert(dosing.drug);
  for (const Arm& arm : protocol.arms) {
    for (const Dosing& dosing : arm.drugs) names.insert(dosing.drug);
  }
  for (const LaterTreatment& later : protocol.later) {
    for (const Dosing& dosing : later.drugs) names.insert(dosing.drug);
  }
  return names;
}

std::string text_of(const std::string& path) {
  const auto text = shipped_text(path);
  if (!text) bug(path + " does not ship");
  return std::string(*text);
}

/// The table of kidney cancer, and over it what another disease has of its own.
ParameterTable disease_parameters(const std::string& disease, const std::vector<Override>& overrides) {
  const auto read = [](const std::string& path) { return read_parameters(text_of(path), path); };
  ParameterTable table = read("evidence/parameters.toml");
  if (disease != "renal") table.lay_over(read("evidence/parameters_" + disease + ".toml"));
  table.apply(overrides);
  return table;
}

void refuse_other_drugs(const std::vector<Override>& overrides, const std::set<std::string>& used,
                        std::vector<Fault>& faults) {
  for (const Override& override : overrides) {
    const std::string name = override.path.substr(0, override.path.find('.'));
    if (used.contains(name)) continue;
    faults.push_back({.file = fmt::format("--set drugs.{}={}", override.path, override.value),
                      .key = "drugs." + name,
                      .found = "no drug of this name in the protocol",
                      .expected = suggestion(name, {used.begin(), used.end()})});
  }
}

}  // namespace

TrialInputs read_trial(const std::string& trial, const std::vector<std::string>& sets) {
  return read_trial(trial_text(trial), sets);
}

TrialInputs read_trial(const NamedText& file, const std::vector<std::string>& sets) {
  std::vector<Override> overrides = read_overrides(sets);
  std::erase_if(overrides, [](const Override& set) { return set.path == kEnsembleSet; });
  const auto of_parameters = take_overrides(overrides, "parameters.");
  auto of_drugs = take_overrides(overrides, "drugs.");
  std::vector<Fault> faults;
  auto protocol =
      keeping_faults([&] { return read_protocol(file.text, file.file_name, overrides, shipped_names()); }, faults);
  const std::string disease = protocol ? protocol->population.disease : "renal";
  auto parameters = keeping_faults([&] { return disease_parameters(disease, of_parameters); }, faults);
  std::map<std::string, Drug> drugs;
  const std::vector<std::string> all = shipped_drugs();
  const std::set<std::string> used = protocol ? drugs_of(*protocol) : std::set(all.begin(), all.end());
  refuse_other_drugs(of_drugs, used, faults);
  for (const std::string& name : used) {
    const std::string path = "drugs/" + name + ".toml";
    const auto own = take_overrides(of_drugs, name + ".");
    if (auto drug = keeping_faults([&] { return read_drug(text_of(path), path, own); }, faults))
      drugs.emplace(name, std::move(*drug));
  }
  if (!faults.empty()) throw InputError(std::move(faults));
  std::string digests = parameters->sha256();
  for (const auto& [name, drug] : drugs) digests += sha256_of(drug);
  const std::string protocol_sha256 = sha256_of(*protocol);
  return {std::move(*protocol), std::move(*parameters), std::move(drugs), protocol_sha256, sha256(digests)};
}

}  // namespace coley
