// SPDX-License-Identifier: Apache-2.0
#include "protocol/calibration_file.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"
#include "protocol/ensemble.hpp"
#include "protocol/notes_file.hpp"
#include "protocol/shipped.hpp"

namespace coley {
namespace {

std::string plan_text(const std::string& number, const std::string& trial) {
  return "schema_version = 1\nname = \"p\"\n[[number]]\n" + number + "why = \"w\"\n[[trial]]\n" + trial;
}

const std::string kNumber = "set = \"parameters.iota\"\nscale = \"log\"\nlow = 1\nhigh = 9\nstart = 3\n";
const std::string kTrial = "name = \"mrc-re01\"\nrows = [\"MRC-01\"]\n";

std::string role(const std::string& row) { return row == "MRC-01" ? "calibration" : row == "SIMM-01" ? "validation" : ""; }

std::string faults_of(const std::string& text) {
  try {
    read_calibration(text, "p.toml", role);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(CalibrationFile, IsRead) {
  const CalibrationPlan plan = read_calibration(plan_text(kNumber, kTrial), "p.toml", role);
  ASSERT_EQ(plan.numbers.size(), 1u);
  EXPECT_EQ(plan.numbers[0].set, "parameters.iota");
  EXPECT_EQ(plan.numbers[0].scale, PriorScale::log);
  EXPECT_EQ(plan.trials[0].rows, std::vector<std::string>{"MRC-01"});
  EXPECT_EQ(sha256_of(plan), sha256_of(read_calibration("# a comment\n" + plan_text(kNumber, kTrial), "q.toml", role)));
}

TEST(CalibrationFile, RefusesRowsThatMayNotBeFitted) {
  const std::string faults = faults_of(plan_text(kNumber, "name = \"mrc-re01\"\nrows = [\"SIMM-01\", \"MRC-99\"]\n"));
  EXPECT_NE(faults.find("p.toml:"), std::string::npos) << faults;
  EXPECT_NE(faults.find("SIMM-01, whose role is validation"), std::string::npos) << faults;
}

TEST(CalibrationFile, RefusesWhatIsNotThere) {
  EXPECT_NE(faults_of(plan_text("set = \"parameters.iotta\"\nlow = 1\nhigh = 9\nstart = 3\n", kTrial)).find("did you mean iota"), std::string::npos);
  EXPECT_NE(faults_of(plan_text("set = \"parameters.gamma\"\nlow = 1e-4\nhigh = 9e-3\nstart = 1e-3\n", kTrial)).find("renal or colorectal"), std::string::npos);
  EXPECT_NE(faults_of(plan_text("set = \"parameters.iota\"\nlow = 5\nhigh = 4\nstart = 3\n", kTrial)).find("more than low"), std::string::npos);
  EXPECT_NE(faults_of(plan_text("set = \"parameters.iota\"\nscale = \"log\"\nlow = 0\nhigh = 4\nstart = 3\n", kTrial)).find("more than 0"), std::string::npos);
  EXPECT_NE(faults_of(plan_text(kNumber, "name = \"mrc-re02\"\nrows = [\"MRC-01\"]\n")).find("did you mean mrc-re01"), std::string::npos);
  EXPECT_NE(faults_of(plan_text(kNumber, kTrial + "[[trial]]\n" + kTrial)).find("each trial once"), std::string::npos);
}

Ensemble two_members() {
  Ensemble ensemble;
  ensemble.plan = "p";
  ensemble.numbers = {{"parameters.iota", ""}, {"parameters.gamma", "renal"}, {"drugs.sunitinib.effect.kill_per_day.value", ""}};
  ensemble.members = {{{2.0, 1.0 / 3000, 0.03}}, {{4.25, 0.001, 0.05}}};
  return ensemble;
}

TEST(EnsembleFile, ReadsBackToTheSameBits) {
  const Ensemble ensemble = two_members(), again = read_ensemble(to_text(ensemble), "e.toml");
  ASSERT_EQ(again.members.size(), 2u);
  for (std::size_t m = 0; m < 2; ++m) EXPECT_EQ(again.members[m].values, ensemble.members[m].values);
  EXPECT_EQ(sha256_of(again), sha256_of(ensemble));
  Ensemble other = ensemble;
  other.members[1].values[0] = std::nextafter(4.25, 5);
  EXPECT_NE(sha256_of(other), sha256_of(ensemble));
  other = ensemble;
  other.members[0].values.pop_back();
  EXPECT_THROW(read_ensemble(to_text(other), "e.toml"), InputError);
}

TEST(EnsembleFile, AMembersNumbersGoIntoTheInputs) {
  const Ensemble ensemble = two_members();
  const TrialInputs renal = with_member(read_trial("sunitinib-interferon"), ensemble, 1);
  EXPECT_EQ(renal.parameters.value("iota"), 4.25);
  EXPECT_EQ(renal.parameters.value("gamma"), 0.001);
  EXPECT_EQ(renal.drugs.at("sunitinib").effect.kill_per_day->value, 0.05);
  const TrialInputs base = read_trial("keynote-177");
  const TrialInputs colorectal = with_member(base, ensemble, 1);  // has neither that growth nor that drug
  EXPECT_EQ(colorectal.parameters.value("iota"), 4.25);
  EXPECT_EQ(colorectal.parameters.value("gamma"), base.parameters.value("gamma"));
  EXPECT_NE(colorectal.parameters_sha256, base.parameters_sha256);
}

TEST(EnsembleFile, WhatIsSetGoesBeforeTheMember) {
  const std::vector<std::string> sets{"parameters.iota=7", "drugs.sunitinib.effect.capacity_loss.value=3"};
  const TrialInputs inputs = with_member(read_trial("sunitinib-interferon", sets), two_members(), 0, sets);
  EXPECT_EQ(inputs.parameters.value("iota"), 7);
  EXPECT_EQ(inputs.drugs.at("sunitinib").effect.capacity_loss->value, 3);
  EXPECT_EQ(inputs.drugs.at("sunitinib").effect.kill_per_day->value, 0.03);
}

TEST(EnsembleFile, IsChosenByASet) {
  std::vector<std::string> sets{"arm.placebo.weight=2", "ensemble=none"};
  EXPECT_FALSE(take_ensemble(sets));
  EXPECT_EQ(sets, std::vector<std::string>{"arm.placebo.weight=2"});
  EXPECT_TRUE(take_ensemble(sets));
  sets = {"ensemble=no-such.toml"};
  EXPECT_THROW(take_ensemble(sets), InputError);
}

TEST(NotesFile, ShipsAndIsRead) {
  EXPECT_FALSE(read_notes(*shipped_text("evidence/disagreements.toml"), "evidence/disagreements.toml").empty());
  EXPECT_THROW(read_notes("schema_version = 1\n[[note]]\nrows = [\"MRC-9\"]\ntext = \"t\"\n", "n.toml"), InputError);
}

}  // namespace
}  // namespace coley
