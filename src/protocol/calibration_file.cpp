// SPDX-License-Identifier: Apache-2.0
#include "protocol/calibration_file.hpp"

#include <cmath>
#include <set>

#include "core/sha256.hpp"
#include "protocol/definition_text.hpp"
#include "protocol/parameter_table.hpp"
#include "protocol/shipped.hpp"
#include "protocol/table_reader.hpp"

namespace coley {

namespace {

constexpr int kCalibrationSchema = 1;

}  // namespace

// clang-format off
static Table define(FreeNumber& n) {
  return {"number", "A number that the fit may move", {
    required({"set", &n.set, filled(), "its path, as in --set"}),
    {"disease", &n.disease, one_of({"renal", "colorectal"}), "only in trials of this disease; without it in all"},
    choice("scale", n.scale, {"linear", "log", "logit"}, "scale on which its prior is normal"),
    required({"low", &n.low, any(), "lower bound; the prior is normal, and the bounds are two standard deviations from its middle"}),
    required({"high", &n.high, any(), "upper bound"}),
    required({"start", &n.start, any(), "where the search begins"}),
    required({"why", &n.why, filled(), "why it is free, and why within these bounds"}),
  }};
}

static Table define(FittedTrial& t) {
  return {"trial", "A trial to simulate, and the rows of it to fit", {
    required({"name", &t.name, filled(), "of a trial that ships"}),
    required({"rows", &t.rows, filled(), "published rows, all of one data cut"}),
    {"weight", &t.weight, above(0), "against other trials"},
    {"patients", &t.patients, between(20, 1e6).in("patients"), "simulated of this trial, in place of the plan's number: where few have an event"},
  }};
}

static Table define(LeftOut& l) {
  return {"left_out", "Calibration rows that a trial can produce and that are not fitted", {
    required({"rows", &l.rows, filled(), "published rows"}),
    required({"why", &l.why, filled(), "the reason"}),
  }};
}

static Table define(CalibrationPlan& p) {
  return {"calibration", "A joint fit to published results", {
    required({"schema_version", &p.schema_version, any(), "version of this definition"}),
    required({"name", &p.name, identifier(kSlug), "of the plan"}),
    {"seed", &p.seed, between(0, 9e15), "of every random number: virtual patients, search and sample"},
    {"patients", &p.patients, between(20, 1e6).in("patients"), "simulated for each trial and parameter set, with the same draws every time"},
    {"rows_worth", &p.rows_worth, above(0), "a trial counts as this many independent rows, however many it has"},
    {"outlier", &p.outlier, above(0).in("standard errors"), "misfit beyond which a row counts linearly"},
    {"generations", &p.generations, between(0, 10000), "of the search"},
    {"population", &p.population, between(5, 1000), "parameter sets in a generation"},
    {"sets", &p.sets, between(2, 10000), "parameter sets in a round, from which the posterior is learnt"},
    {"rounds", &p.rounds, between(1, 100), "of such sets, each drawn from the posterior that was learnt before"},
    {"members", &p.members, between(2, 10000), "parameter sets of the ensemble, drawn from the last posterior"},
    list("number", p.numbers, "set", "a number that the fit may move"),
    list("trial", p.trials, "name", "a trial to simulate"),
    list("left_out", p.left_out, "", "rows that are not fitted"),
  }};
}
// clang-format on

namespace {

void check_number(const FreeNumber& number, const std::string& path, FaultList& faults) {
  const bool of_table = number.set.starts_with("parameters."), of_drug = number.set.starts_with("drugs.");
  if (!of_table && !of_drug) faults.add(path + ".set", number.set, "a path that begins with parameters. or drugs.");
  if (!(number.low < number.high)) faults.add(path + ".high", std::to_string(number.high), "more than low");
  if (number.scale != PriorScale::linear && !(number.low > 0)) faults.add(path + ".low", std::to_string(number.low), "more than 0 on this scale");
  if (number.scale == PriorScale::logit && !(number.high < 1)) faults.add(path + ".high", std::to_string(number.high), "less than 1 on this scale");
  if (!(number.start >= number.low && number.start <= number.high)) faults.add(path + ".start", std::to_string(number.start), "a value from low to high");
  if (!of_table) return;
  const std::string rest = number.set.substr(std::string("parameters.").size());
  const std::string symbol = rest.substr(0, rest.find('.'));
  const auto table = [](const std::string& file) { return read_parameters(*shipped_text(file), file); };
  static const ParameterTable renal = table("evidence/parameters.toml"), colorectal = table("evidence/parameters_colorectal.toml");
  if (!renal.has(symbol) && !colorectal.has(symbol)) {
    std::vector<std::string> symbols;
    for (const Parameter& row : renal.rows()) symbols.push_back(row.symbol);
    faults.add(path + ".set", number.set, "a parameter of the table; " + suggestion(symbol, symbols));
  } else if (number.disease.empty() && colorectal.has(symbol)) {
    faults.add(path + ".disease", "none", "renal or colorectal, since each has its own " + symbol);
  }
}

}  // namespace

CalibrationPlan read_calibration(std::string_view text, const std::string& file_name, const RoleOf& role_of) {
  CalibrationPlan plan;
  FaultList faults = read_file(text, file_name, kCalibrationSchema, define(plan));
  for (std::size_t i = 0; i < plan.numbers.size(); ++i) check_number(plan.numbers[i], element("number", i), faults);
  if (plan.numbers.empty()) faults.add("number", "none", "at least one number to move");
  if (plan.trials.empty()) faults.add("trial", "none", "at least one trial to simulate");
  const std::vector<std::string> trials = shipped_trials();
  std::set<std::string> seen;
  const auto check_rows = [&](const std::vector<std::string>& rows, const std::string& path) {
    for (const std::string& row : rows) {
      const std::string role = role_of(row);
      if (role.empty()) faults.add(path + ".rows", row, "the id of a row of evidence/published.csv");
      else if (role != "calibration") faults.add(path + ".rows", row + ", whose role is " + role, "rows whose role is calibration: no other may be fitted");
    }
  };
  for (std::size_t i = 0; i < plan.trials.size(); ++i) {
    const FittedTrial& trial = plan.trials[i];
    const std::string path = element("trial", i);
    check_known(path + ".name", trial.name, trials, "a trial that ships", faults);
    if (!seen.insert(trial.name).second) faults.add(path + ".name", trial.name + " a second time", "each trial once");
    check_rows(trial.rows, path);
  }
  for (std::size_t i = 0; i < plan.left_out.size(); ++i) check_rows(plan.left_out[i].rows, element("left_out", i));
  faults.throw_if_any();
  return plan;
}

std::string sha256_of(const CalibrationPlan& plan) {
  CalibrationPlan copy = plan;
  return sha256(canonical_text(define(copy)));
}

}  // namespace coley
