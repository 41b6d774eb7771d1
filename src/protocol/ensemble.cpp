// SPDX-License-Identifier: Apache-2.0
#include "protocol/ensemble.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "core/error.hpp"
#include "core/sha256.hpp"
#include "protocol/drug_file.hpp"
#include "protocol/shipped.hpp"
#include "protocol/table_reader.hpp"
#include "protocol/toml_text.hpp"

namespace coley {

namespace {

constexpr int kEnsembleSchema = 1;

/// The shortest text that reads back to the same number, with a point or an exponent, as TOML asks of a float.
std::string float_text(double value) {
  std::string text = fmt::format("{}", value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string numbers_and_members(const Ensemble& ensemble) {
  std::string text;
  for (const EnsembleNumber& number : ensemble.numbers) {
    text += fmt::format("\n[[number]]\nset = \"{}\"\n", number.set);
    if (!number.disease.empty()) text += fmt::format("disease = \"{}\"\n", number.disease);
  }
  for (const EnsembleMember& member : ensemble.members) {
    std::vector<std::string> values;
    for (const double value : member.values) values.push_back(float_text(value));
    text += fmt::format("\n[[member]]\nvalues = [{}]\n", fmt::join(values, ", "));
  }
  return text;
}

}  // namespace

// clang-format off
static Table define(EnsembleNumber& n) {
  return {"number", "A number of the ensemble", {
    required({"set", &n.set, filled(), "its path, as in --set"}),
    {"disease", &n.disease, one_of({"renal", "colorectal"}), "only in trials of this disease; without it in all"},
  }};
}

static Table define(EnsembleMember& m) {
  return {"member", "One set of numbers", {
    required({"values", &m.values, any(), "in order of the numbers"}),
  }};
}

static Table define(OmittedTrial& o) {
  return {"omitted", "A trial of the plan, met by sets fitted without it", {
    required({"trial", &o.trial, filled(), "its name"}),
    required({"rows", &o.rows, at_least(1), "rows of it that were fitted"}),
    required({"met", &o.met, at_least(0), "of them, met by the ensemble"}),
    required({"met_without", &o.met_without, at_least(0), "met by the sets chosen without the trial"}),
    required({"square", &o.square, at_least(0), "mean square misfit in standard errors, by the ensemble"}),
    required({"square_without", &o.square_without, at_least(0), "by the sets chosen without the trial"}),
  }};
}

static Table define(Ensemble& e) {
  return {"ensemble", "Sets of numbers that fit what was published", {
    required({"schema_version", &e.schema_version, any(), "version of this definition"}),
    required({"plan", &e.plan, filled(), "name of the calibration plan"}),
    {"plan_sha256", &e.plan_sha256, any(), "of the plan"},
    {"version", &e.version, any(), "of the program that fitted"},
    {"date", &e.date, any(), "of the fit"},
    {"evaluations", &e.evaluations, at_least(0), "parameter sets that were simulated"},
    list("number", e.numbers, "set", "a number of the ensemble"),
    list("member", e.members, "", "one set of numbers"),
    list("omitted", e.omitted, "trial", "a trial of the plan, met by sets fitted without it"),
  }};
}
// clang-format on

std::string sha256_of(const Ensemble& ensemble) {
  return sha256(numbers_and_members(ensemble));
}

std::string to_text(const Ensemble& ensemble) {
  std::string omitted;
  for (const OmittedTrial& o : ensemble.omitted) {
    omitted += fmt::format("\n[[omitted]]\ntrial = \"{}\"\nrows = {}\nmet = {}\nmet_without = {}\nsquare = {:.3f}\nsquare_without = {:.3f}\n", o.trial, o.rows, o.met, o.met_without,
                           o.square, o.square_without);
  }
  return fmt::format(
             "# SPDX-License-Identifier: Apache-2.0\n"
             "# Sets of numbers that fit the calibration rows, written by `coley calibrate`. Not to be edited by hand.\n"
             "schema_version = {}\nplan = \"{}\"\nplan_sha256 = \"{}\"\nversion = \"{}\"\ndate = \"{}\"\nevaluations = {}\n",
             kEnsembleSchema, ensemble.plan, ensemble.plan_sha256, ensemble.version, ensemble.date, ensemble.evaluations) +
         numbers_and_members(ensemble) + omitted;
}

bool concerns(const std::string& set, const std::string& disease, const TrialInputs& inputs) {
  if (!disease.empty() && disease != inputs.protocol.population.disease) return false;
  const std::string of_drugs = "drugs.";
  return !set.starts_with(of_drugs) || inputs.drugs.contains(set.substr(of_drugs.size(), set.find('.', of_drugs.size()) - of_drugs.size()));
}

TrialInputs with_member(const TrialInputs& inputs, const Ensemble& ensemble, std::size_t member, const std::vector<std::string>& sets) {
  std::vector<Override> given = read_overrides(sets), numbers;
  std::set<std::string> fixed;
  for (const Override& set : given) fixed.insert(set.path);
  const std::vector<double>& values = ensemble.members.at(member).values;
  for (std::size_t k = 0; k < ensemble.numbers.size(); ++k) {
    const EnsembleNumber& number = ensemble.numbers[k];
    if (concerns(number.set, number.disease, inputs) && !fixed.contains(number.set)) numbers.push_back({number.set, float_text(values[k])});
  }
  TrialInputs result = inputs;
  // the numbers of a member follow from those of the inputs and its own, so a digest of both names them
  for (const Override& number : numbers) result.parameters_sha256 += " " + number.path + "=" + number.value;
  result.parameters_sha256 = sha256(result.parameters_sha256);
  result.parameters.apply(take_overrides(numbers, "parameters."));
  auto of_drugs = take_overrides(numbers, "drugs."), given_of_drugs = take_overrides(given, "drugs.");
  if (!numbers.empty()) bug("an ensemble's number that is of neither table nor drug: " + numbers.front().path);
  for (auto& [name, drug] : result.drugs) {
    std::vector<Override> own = take_overrides(of_drugs, name + ".");
    if (own.empty()) continue;
    for (Override& set : take_overrides(given_of_drugs, name + ".")) own.push_back(std::move(set));
    const std::string path = "drugs/" + name + ".toml";
    drug = read_drug(*shipped_text(path), path, own);
  }
  return result;
}

std::optional<Ensemble> take_ensemble(std::vector<std::string>& sets) {
  const std::string key = std::string(kEnsembleSet) + "=";
  std::string chosen = "evidence/ensemble.toml";
  for (const std::string& set : sets) {
    if (set.starts_with(key)) chosen = set.substr(key.size());
  }
  std::erase_if(sets, [&](const std::string& set) { return set.starts_with(key); });
  if (chosen == "none") return std::nullopt;
  const auto shipped = shipped_text(chosen);
  return read_ensemble(shipped ? std::string(*shipped) : read_text_file(chosen), chosen);
}

Ensemble read_ensemble(std::string_view text, const std::string& file_name) {
  Ensemble ensemble;
  FaultList faults = read_file(text, file_name, kEnsembleSchema, define(ensemble));
  if (ensemble.members.empty()) faults.add("member", "none", "at least one set of numbers");
  for (std::size_t i = 0; i < ensemble.members.size(); ++i) {
    const std::size_t found = ensemble.members[i].values.size();
    if (found != ensemble.numbers.size()) {
      faults.add(element("member", i) + ".values", fmt::format("{} values", found), fmt::format("{}, one for each number", ensemble.numbers.size()));
    }
  }
  faults.throw_if_any();
  return ensemble;
}

}  // namespace coley
