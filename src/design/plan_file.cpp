// SPDX-License-Identifier: Apache-2.0
#include "design/plan_file.hpp"

#include "design/look_tests.hpp"
#include "design/plan_check.hpp"
#include "design/plan_definition.hpp"
#include "protocol/definition_text.hpp"
#include "protocol/override_tree.hpp"
#include "protocol/table_reader.hpp"
#include "protocol/toml_text.hpp"

namespace coley::design {

namespace {

/// Overrides that begin with `prefix`, as --set texts of the trial: with `keep` in front.
void pass_on(std::vector<Override>& overrides, const std::string& prefix, const std::string& keep, std::vector<std::string>& sets) {
  for (const Override& override : take_overrides(overrides, prefix)) sets.push_back(keep + override.path + "=" + override.value);
}

}  // namespace

Plan read_plan(const NamedText& file, const std::vector<std::string>& sets) {
  std::vector<Override> overrides = read_overrides(sets);
  std::vector<std::string> of_trial;
  pass_on(overrides, "trial.", "", of_trial);
  pass_on(overrides, "parameters.", "parameters.", of_trial);
  pass_on(overrides, "drugs.", "drugs.", of_trial);
  pass_on(overrides, "ensemble", "ensemble", of_trial);
  toml::table tree = parse_toml(file.text, file.file_name);
  FaultList faults(file.file_name);
  Plan scratch;
  apply_overrides(tree, define(scratch), overrides, faults);
  require_schema(tree, kDesignSchema, faults);
  Plan plan;
  read_table(tree, define(plan), "", faults);
  check_plan(plan, faults);
  if (plan.trial.empty() && !of_trial.empty()) faults.add("trial", "no trial", "a trial, whose " + of_trial[0] + " is to be set");
  faults.throw_if_any();
  plan.sets = std::move(of_trial);
  if (plan.tests.empty()) plan.tests.push_back({});
  if (plan.single_arm && plan.single_arm->prior.empty()) plan.single_arm->prior = {0.5, 0.5};
  for (Test& test : plan.tests)
    if (test.name.empty()) test.name = name_of(test);
  for (Arm& arm : plan.arms)
    if (arm.label.empty()) arm.label = arm.name;
  return plan;
}

bool is_design(const NamedText& file) {
  const toml::table tree = parse_toml(file.text, file.file_name);
  return tree.contains("look") || tree.contains("single_arm");
}

std::string design_keys() {
  Plan scratch;
  return key_tables(define(scratch));
}

}  // namespace coley::design
