// SPDX-License-Identifier: Apache-2.0
#include "protocol/drug_file.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "protocol/shipped.hpp"
#include "protocol/trial_inputs.hpp"

namespace coley {
namespace {

std::string text_of(const std::string& name) { return std::string(shipped_text("drugs/" + name + ".toml").value()); }

std::vector<Fault> faults_of(const std::string& text, const std::string& name, const std::vector<Override>& overrides = {}) {
  try {
    read_drug(text, "drugs/" + name + ".toml", overrides);
  } catch (const InputError& error) {
    return error.faults();
  }
  return {};
}

TEST(DrugFile, ShippedDrugsReadAndEveryNumberHasASource) {
  ASSERT_GE(shipped_drugs().size(), 17u);
  for (const std::string& name : shipped_drugs()) {
    const Drug drug = read_drug(text_of(name), "drugs/" + name + ".toml");
    EXPECT_EQ(drug.name, name);
    const auto numbers = numbers_of(drug);
    EXPECT_GE(numbers.size(), 3u);
    for (const DrugNumber& number : numbers) EXPECT_FALSE(number.number.source.empty()) << name << " " << number.key;
  }
}

TEST(DrugFile, Pembrolizumab) {
  const Drug drug = read_drug(text_of("pembrolizumab"), "pembrolizumab.toml");
  EXPECT_EQ(drug.drug_class, DrugClass::pd1);
  ASSERT_TRUE(drug.two_compartment_iv);
  EXPECT_EQ(drug.two_compartment_iv->clearance_l_per_day, 0.22);
  EXPECT_FALSE(drug.two_compartment_iv->time_varying);
  EXPECT_FALSE(drug.one_compartment);
  ASSERT_TRUE(drug.effect.ec50_mg_per_l);
  EXPECT_EQ(*drug.effect.ec50_mg_per_l, 2.0);
  EXPECT_FALSE(drug.effect.kill_per_day);
  const auto numbers = numbers_of(drug);
  ASSERT_EQ(numbers.size(), 10u);
  EXPECT_EQ(numbers[0].key, "two_compartment_iv.clearance_l_per_day");
  EXPECT_EQ(numbers[0].unit, "L/d");
}

TEST(DrugFile, PlaceboDoesNothing) {
  const Drug drug = read_drug(text_of("placebo"), "placebo.toml");
  EXPECT_EQ(numbers_of(drug).size(), 3u);
  EXPECT_EQ(drug.toxicity.grade3plus_per_day, 0.0);
}

TEST(DrugFile, Overrides) {
  const std::vector<Override> doubled = {{"two_compartment_iv.clearance_l_per_day.value", "0.44"}};
  const Drug plain = read_drug(text_of("pembrolizumab"), "pembrolizumab.toml");
  const Drug drug = read_drug(text_of("pembrolizumab"), "pembrolizumab.toml", doubled);
  EXPECT_EQ(drug.two_compartment_iv->clearance_l_per_day, 0.44);
  EXPECT_NE(sha256_of(drug), sha256_of(plain));
  const auto faults = faults_of(text_of("pembrolizumab"), "pembrolizumab", {{"two_compartment_iv.clearence_l_per_day.value", "1"}});
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].file, "--set drugs.pembrolizumab.two_compartment_iv.clearence_l_per_day.value=1");
  EXPECT_NE(faults[0].expected.find("did you mean clearance_l_per_day?"), std::string::npos);
}

struct Edit {
  std::string from, to, key, found;
};
class WrongDrug : public testing::TestWithParam<Edit> {};

TEST_P(WrongDrug, HasItsPlace) {
  std::string text = text_of("pembrolizumab");
  const std::size_t at = text.find(GetParam().from);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, GetParam().from.size(), GetParam().to);
  const auto faults = faults_of(text, "pembrolizumab");
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].key, GetParam().key);
  EXPECT_NE(faults[0].found.find(GetParam().found), std::string::npos) << to_string(faults[0]);
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongDrug,
    testing::Values(Edit{"value = 0.22, source = \"10.1002/psp4.12139 (Ahamadi 2017)\"", "value = 0.22", "two_compartment_iv.clearance_l_per_day.source", "no such key"},
                    Edit{"value = 0.22", "value = -0.22", "two_compartment_iv.clearance_l_per_day.value", "-0.22"},
                    Edit{"{ value = 0.22, source = \"10.1002/psp4.12139 (Ahamadi 2017)\", status = \"sourced\" }", "0.22", "two_compartment_iv.clearance_l_per_day", "0.22"},
                    Edit{"class = \"pd1\"", "class = \"pd2\"", "class", "\"pd2\""},
                    Edit{"name = \"pembrolizumab\"", "name = \"pembro\"", "name", "pembro in pembrolizumab.toml"},
                    Edit{"[effect]\nec50_mg_per_l", "[effect]\nkill_per_day", "effect.ec50_mg_per_l", "no such key"},
                    Edit{"value = 0.6", "value = 1.6", "toxicity.stop_share.value", "1.6"}));

TEST(DrugFile, ModelAndItsTableGoTogether) {
  std::string text = text_of("pembrolizumab");
  const std::string model = "pharmacokinetics = \"two_compartment_iv\"";
  text.replace(text.find(model), model.size(), "pharmacokinetics = \"one_compartment\"");
  const auto faults = faults_of(text, "pembrolizumab");
  ASSERT_EQ(faults.size(), 2u);
}

TEST(TrialInputs, ReadsWhatTheProtocolNames) {
  const TrialInputs inputs = read_trial("keynote-564");
  EXPECT_EQ(inputs.drugs.size(), 5u);
  EXPECT_TRUE(inputs.drugs.contains("axitinib"));
  EXPECT_EQ(inputs.protocol_sha256.size(), 64u);
  const TrialInputs other = read_trial("keynote-564", {"parameters.gamma=0.002"});
  EXPECT_EQ(other.protocol_sha256, inputs.protocol_sha256);
  EXPECT_NE(other.parameters_sha256, inputs.parameters_sha256);
  EXPECT_NE(read_trial("keynote-564", {"drugs.sunitinib.effect.kill_per_day.value=0.02"}).parameters_sha256, inputs.parameters_sha256);
}

TEST(TrialInputs, FaultsOfAllFilesAtOnce) {
  try {
    read_trial("keynote-564", {"population.size=0", "parameters.gama=1", "drugs.sunitinib.effect.kill_per_dy.value=1", "drugs.aspirin.x=1"});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.faults().size(), 4u) << error.what();
  }
}

TEST(TrialInputs, UnknownTrialNamesTheNearest) {
  try {
    read_trial("keynote-654");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean keynote-564?"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace coley
