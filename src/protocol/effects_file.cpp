// SPDX-License-Identifier: Apache-2.0
#include "protocol/effects_file.hpp"

#include "protocol/shipped.hpp"
#include "protocol/table_reader.hpp"

namespace coley {

namespace {

constexpr int kEffectsSchema = 1;

struct EffectsFile {
  int schema_version = 0;
  std::vector<Effect> effects;
};

}  // namespace

// clang-format off
static Table define(Effect& e) {
  return {"effect", "An effect that a document claims", {
    required({"document", &e.document, one_of({"000", "001", "002", "003", "004"}), "which"}),
    required({"claim", &e.claim, filled(), "what it says"}),
    required({"mechanism", &e.mechanism, filled(), "what makes it in the model"}),
    {"off", &e.off, filled(), "--set that switches the mechanism off"},
    required({"trial", &e.trial, filled(), "that shows it"}),
    {"patients", &e.patients, between(1, 1e6), "of each run"},
    required({"figure", &e.figure, filled(), "which figure"}),
    {"endpoint", &e.endpoint, any(), "of gain, hazard_ratio, survival and median"},
    {"arm", &e.arm, any(), "arm"},
    {"against", &e.against, any(), "the arm it is compared with"},
    {"subgroup", &e.subgroup, any(), "covariate=level, of gain and hazard_ratio"},
    {"month", &e.month, at_least(0).in("months"), "of survival and local_control"},
    {"sets", &e.sets, filled(), "--set of both runs"},
    {"published", &e.published, any(), "what was published"},
    {"note", &e.note, any(), "what to know"},
  }};
}

static Table define(EffectsFile& f) {
  return {"effects", "Effects that the documents claim", {
    required({"schema_version", &f.schema_version, any(), "version of this definition"}),
    required(list("effect", f.effects, "", "the effects")),
  }};
}
// clang-format on

std::vector<Effect> read_effects(std::string_view text, const std::string& file_name) {
  EffectsFile file;
  FaultList faults = read_file(text, file_name, kEffectsSchema, define(file));
  const std::vector<std::string> trials = shipped_trials();
  for (std::size_t i = 0; i < file.effects.size(); ++i) {
    check_known(element("effect", i) + ".trial", file.effects[i].trial, trials, "a trial that ships", faults);
  }
  faults.throw_if_any();
  return std::move(file.effects);
}

}  // namespace coley
