// SPDX-License-Identifier: Apache-2.0
#include "design/default_design.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/units.hpp"
#include "design/plan_file.hpp"
#include "trial/design.hpp"

namespace coley::design {

namespace {

double months_of(const Protocol& protocol, const Cutoff& cutoff) {
  if (cutoff.months_after_first_patient) return *cutoff.months_after_first_patient;
  return *cutoff.median_follow_up_months + enrolment_day(protocol.accrual, 0.5) / kDaysPerMonth;
}

/// The text as a basic string of TOML, whose escapes are those of JSON.
std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

/// A design file as somebody would write it for this protocol.
std::string implied_by(const std::string& name, const Protocol& protocol) {
  double last = 0;
  for (const Cutoff& cutoff : protocol.cutoffs) last = std::max(last, months_of(protocol, cutoff));
  std::string weights;
  if (!protocol.analyses.empty()) {
    for (const coley::Arm& arm : protocol.arms) {
      if (arm.name == protocol.analyses[0].control) weights += fmt::format("control_weight = {}\n", arm.weight);
      if (arm.name == protocol.analyses[0].experimental) weights += fmt::format("experimental_weight = {}\n", arm.weight);
    }
  }
  return fmt::format(
      "schema_version = 1\nname = \"{0}\"\ntitle = {1}\ntrial = {2}\npatients = {3}\nreplicates = 1000\n"
      "dropout_per_year = {4}\n[accrual]\nmonths = {5}\nramp_months = {7}\n[pool]\npatients = {8}\nmonths = {9}\n{10}"
      "[[look]]\nmonths = {6:.4f}\n[[test]]\nkind = \"log_rank\"\n[[test]]\nkind = \"fleming_harrington\"\ngamma = 1\n[[test]]\nkind = \"max_combo\"\n",
      protocol.name, quoted(fmt::format("{}: one analysis after {:.1f} months", protocol.title, last)), quoted(name), protocol.population.size, protocol.visits.withdrawal_per_year, protocol.accrual.months, last,
      protocol.accrual.ramp_months, std::max(2000L, 2 * protocol.population.size), std::ceil(last), weights);
}

}  // namespace

NamedText design_text(const std::string& name) {
  if (const auto text = shipped_text("designs/" + name + ".toml")) return {"designs/" + name + ".toml", std::string(*text)};
  NamedText file = trial_text(name);
  if (is_design(file)) return file;
  const Protocol protocol = read_trial(file, {}).protocol;
  return {file.file_name, implied_by(name, protocol)};
}

}  // namespace coley::design
