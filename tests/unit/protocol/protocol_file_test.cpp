// SPDX-License-Identifier: Apache-2.0
#include "protocol/protocol_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/error.hpp"

namespace coley {
namespace {

std::string shipped() {
  std::ifstream stream(COLEY_TEST_DIR "/adjuvant.toml");
  return {std::istreambuf_iterator<char>(stream), {}};
}

const KnownNames kKnown = {{"pembrolizumab", "sunitinib", "axitinib", "placebo"}, {"KN564-20", "KN564-22"}};

std::vector<Fault> faults_of(const std::string& text, const std::vector<std::string>& sets = {}) {
  try {
    read_protocol(text, "t.toml", read_overrides(sets), kKnown);
  } catch (const InputError& error) {
    return error.faults();
  }
  return {};
}

std::string all(const std::vector<Fault>& faults) {
  std::string text;
  for (const Fault& fault : faults) text += to_string(fault) + "\n";
  return text;
}

/// The line on which `part` stands in `text`, from 1.
int line_of(const std::string& text, const std::string& part) {
  const std::size_t at = text.find(part);
  return at == std::string::npos ? -1 : 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

TEST(ProtocolFile, ShippedFileReads) {
  const Protocol p = read_protocol(shipped(), "keynote-564.toml", {}, kKnown);
  EXPECT_EQ(p.name, "keynote-564");
  EXPECT_EQ(p.population.size, 994);
  EXPECT_EQ(p.population.entry, Entry::adjuvant);
  EXPECT_EQ(p.population.eligibility.age.high, 90);
  ASSERT_EQ(p.arms.size(), 2u);
  EXPECT_EQ(p.arms[0].name, "pembrolizumab");
  ASSERT_EQ(p.arms[0].drugs.size(), 1u);
  EXPECT_EQ(p.arms[0].drugs[0].doses, 17);
  EXPECT_EQ(p.population.mix_by, "risk");
  ASSERT_EQ(p.population.mix.size(), 3u);
  ASSERT_EQ(p.later.size(), 3u);
  EXPECT_EQ(p.later[0].operations.at(0).kind, OperationKind::metastasectomy);
  EXPECT_EQ(p.later[1].drugs.at(0).days_on.at(0).high, 27);
  EXPECT_EQ(p.later[1].drugs.at(0).route, Route::po);
  ASSERT_EQ(p.visits.scans.size(), 3u);
  EXPECT_EQ(p.cutoffs.at(2).median_follow_up_months, 69.5);
  EXPECT_EQ(p.analyses.at(0).landmarks_months.size(), 5u);
  EXPECT_EQ(p.evidence.at(1).month, 24);
}

/// One edit of the shipped file, and the fault it must give.
struct Edit {
  const char* name;
  std::string from;
  std::string to;
  std::string key;
  std::string found;     ///< part of what was found
  std::string expected;  ///< part of what was expected
  std::string at{};      ///< text on the line of the fault, where that is not `to`
};

class OneFault : public testing::TestWithParam<Edit> {};

TEST_P(OneFault, HasItsPlaceAndRemedy) {
  const Edit& edit = GetParam();
  std::string text = shipped();
  const std::size_t at = text.find(edit.from);
  ASSERT_NE(at, std::string::npos) << edit.from;
  text.replace(at, edit.from.size(), edit.to);
  const std::vector<Fault> faults = faults_of(text);
  ASSERT_EQ(faults.size(), 1u) << all(faults);
  EXPECT_EQ(faults[0].file, "t.toml");
  EXPECT_EQ(faults[0].key, edit.key);
  EXPECT_EQ(faults[0].line, line_of(text, edit.at.empty() ? edit.to : edit.at)) << all(faults);
  EXPECT_GT(faults[0].column, 0);
  EXPECT_NE(faults[0].found.find(edit.found), std::string::npos) << all(faults);
  EXPECT_NE(faults[0].expected.find(edit.expected), std::string::npos) << all(faults);
}

INSTANTIATE_TEST_SUITE_P(
    Reading, OneFault,
    testing::Values(
        Edit{"misspelt_key", "ecog_max = 1", "ecog_mx = 1", "population.eligibility.ecog_mx", "an unknown key", "did you mean ecog_max?"},
        Edit{"misspelt_required_key", "size = 994", "sise = 994", "population.sise", "an unknown key", "did you mean size?"},
        Edit{"misspelt_table", "[accrual]", "[acrual]", "acrual", "an unknown key", "did you mean accrual?"},
        Edit{"wrong_type", "size = 994", "size = \"many\"", "population.size", "the text \"many\"", "a whole number, 1 to"},
        Edit{"fraction_of_a_patient", "size = 994", "size = 99.4", "population.size", "99.4", "whole number"},
        Edit{"no_patients", "size = 994", "size = 0", "population.size", "0", "1 to"},
        Edit{"too_many_patients", "size = 994", "size = 1000000000000", "population.size", "1000000000000", "to 10000000000"},
        Edit{"negative_dose", "dose = 200", "dose = -3", "arm[0].drug[0].dose", "-3", "at least 0"},
        Edit{"nan_dose", "dose = 200", "dose = nan", "arm[0].drug[0].dose", "nan", "a number"},
        Edit{"infinite_time", "months = 27", "months = inf", "accrual.months", "inf", "a number"},
        Edit{"unknown_word", "entry = \"adjuvant\"", "entry = \"adjuvent\"", "population.entry", "\"adjuvent\"", "did you mean adjuvant?"},
        Edit{"bad_arm_name", "name = \"placebo\"", "name = \"Placebo arm\"", "arm[1].name", "Placebo arm", "lower case"},
        Edit{"weight_zero", "label = \"Placebo\"", "weight = 0", "arm[1].weight", "0", "1 to"},
        Edit{"weight_fraction", "label = \"Placebo\"", "weight = 1.5", "arm[1].weight", "1.5", "whole"},
        Edit{"range_reversed", "age = [18, 90]", "age = [90, 18]", "population.eligibility.age", "[90, 18]", "low not above high"},
        Edit{"range_of_three", "age = [18, 90]", "age = [18, 50, 90]", "population.eligibility.age", "a list of 3", "[low, high]"},
        Edit{"unknown_group", "m1_ned = 0.06", "m1_nod = 0.06", "population.mix.risk.m1_nod", "an unknown group", "did you mean m1_ned?"},
        Edit{"covariate_twice", "[\"risk\", \"ecog\"]", "[\"risk\", \"risk\"]", "randomisation.strata[1]", "a second time", "once"},
        Edit{"scan_interval_zero", "every_weeks = 12", "every_weeks = 0", "visits.scans[0].every_weeks", "0", "above 0"},
        Edit{"table_for_list", "[[analysis]]", "[analysis]", "analysis", "a table", "a list of tables"}),
    [](const auto& edit) { return std::string(edit.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Rules, OneFault,
    testing::Values(
        Edit{"arm_twice", "name = \"placebo\"", "name = \"pembrolizumab\" # 2", "arm[1].name", "a second time", "a name of its own"},
        Edit{"block_size", "block_size = 4", "block_size = 5", "randomisation.block_size", "5 with weights that sum to 2", "a multiple of 2"},
        Edit{"mix_sum", "m1_ned = 0.06", "m1_ned = 0.16", "population.mix.risk", "sum to 1.1", "sum to 1"},
        Edit{"mix_not_eligible", "\"high\", \"m1_ned\"]", "\"high\"] # no M1", "population.mix.risk.m1_ned", "not eligible", "eligibility.risk", "risk = {"},
        Edit{"later_shares", "share = 0.33", "share = 0.93", "later[2].share", "line 1 of arm pembrolizumab that sum to 1.27", "at most 1"},
        Edit{"later_gap", "line = 1\nlabel = \"pembrolizumab", "line = 3\nlabel = \"pembrolizumab", "later[2].line", "line 3 without a line 2", "without a gap"},
        Edit{"unknown_drug", "drug = \"placebo\"", "drug = \"placbo\"", "arm[1].drug[0].drug", "no drug named placbo", "did you mean placebo?"},
        Edit{"never_stopped", "doses = 17", "doses = 0\nstop = { progression = false }", "arm[0].drug[0].doses", "no rule that stops", "stop.progression"},
        Edit{"days_beyond_cycle", "days_on = [[0, 27]]", "days_on = [[0, 42]]", "later[1].drug[0].days_on[0]", "[0, 42]", "days 0 to 41"},
        Edit{"days_without_cycle", "cycle_days = 42, days_on", "days_on", "later[1].drug[0].days_on", "without cycle_days", "cycle_days"},
        Edit{"scan_never_comes", "every_weeks = 16", "every_weeks = 200", "visits.scans[1].every_weeks", "200 weeks in a period of 36", "at least one scan"},
        Edit{"scans_out_of_order", "until_months = 60", "until_months = 20", "visits.scans[1].until_months", "20 after 24", "in order"},
        Edit{"cutoff_two_forms", "median_follow_up_months = 24.1", "median_follow_up_months = 24.1\nmonths_after_first_patient = 30", "cutoff[0]", "two times", "exactly one", "[[cutoff]]"},
        Edit{"cutoff_twice", "name = \"2023-09\"", "name = \"2020-12\" # 2", "cutoff[1].name", "a second time", "of its own"},
        Edit{"unknown_arm", "control = \"placebo\"", "control = \"placbo\"", "analysis[0].control", "no arm named placbo", "did you mean placebo?"},
        Edit{"arm_with_itself", "control = \"placebo\"", "control = \"pembrolizumab\"", "analysis[0].control", "also the experimental arm", "another arm"},
        Edit{"unknown_cutoff", "cutoff = \"2024-09\"\nstratified", "cutoff = \"2024-08\"\nstratified", "analysis[0].cutoff", "no cut-off named", "did you mean 2024-09?"},
        Edit{"unknown_row", "row = \"KN564-20\"", "row = \"KN564-99\"", "evidence[0].row", "KN564-99", "KN564-20"},
        Edit{"unknown_quantity", "quantity = \"hazard_ratio\"", "quantity = \"hazard_ration\"", "evidence[0].quantity", "hazard_ration", "did you mean hazard_ratio?"},
        Edit{"hazard_ratio_not_analysed", "endpoint = \"DFS\"\ncutoff", "endpoint = \"OS\"\ncutoff", "evidence[0]", "hazard ratio of OS", "[[analysis]]", "[[evidence]]"},
        Edit{"survival_without_month", "month = 24\n", "subgroup = \"sex=male\"\n", "evidence[1].month", "none", "month", "[[evidence]]\nrow = \"KN564-22\""},
        Edit{"nephrectomy_again", "kind = \"metastasectomy\"", "kind = \"nephrectomy\"", "later[0].operation[0].kind", "the primary is out", "metastasectomy"},
        Edit{"imdc_at_adjuvant_entry", "ecog_max = 1", "imdc = [\"poor\"]", "population.eligibility.imdc", "adjuvant entry", "metastatic"},
        Edit{"histology_of_another_disease", "[\"clear_cell\"]", "[\"msi_h\"]", "population.eligibility.histology[0]", "msi_h in renal", "clear_cell"},
        Edit{"ramp_longer_than_accrual", "months = 27", "months = 27\nramp_months = 40", "accrual.ramp_months", "40 of 27", "no longer", "ramp_months"}),
    [](const auto& edit) { return std::string(edit.param.name); });

TEST(ProtocolFile, AllFaultsAtOnceInTheOrderOfTheFile) {
  std::string text = shipped();
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"size = 994", "size = -1"}, {"ecog_max = 1", "ecog_mx = 1"}, {"dose = 200", "dose = -3"}, {"months = 27", "monts = 27"}}) {
    text.replace(text.find(from), from.size(), to);
  }
  const auto faults = faults_of(text);
  ASSERT_EQ(faults.size(), 4u) << all(faults);
  EXPECT_TRUE(std::is_sorted(faults.begin(), faults.end(), [](const Fault& a, const Fault& b) { return a.line < b.line; }));
}

TEST(ProtocolFile, MissingTablesAreNamed) {
  const auto faults = faults_of("schema_version = 1\nname = \"x\"\n");
  for (const std::string key : {"population", "arm", "visits", "cutoff"}) {
    EXPECT_TRUE(std::any_of(faults.begin(), faults.end(), [&](const Fault& f) { return f.key == key; })) << key << "\n" << all(faults);
  }
}

TEST(ProtocolFile, OtherSchemasAreRefusedAlone) {
  for (const std::string& text : {std::string("name = \"x\"\nbogus = 1\n"), std::string("schema_version = 2\nbogus = 1\n"),
                                 std::string("schema_version = \"1\"\nbogus = 1\n")}) {
    const auto faults = faults_of(text);
    ASSERT_EQ(faults.size(), 1u) << all(faults);
    EXPECT_EQ(faults[0].key, "schema_version");
    EXPECT_NE(faults[0].expected.find("schema_version = 1"), std::string::npos);
  }
}

TEST(ProtocolFile, TextThatIsNoTomlInUtf8) {
  const auto one = [](const std::string& text) {
    const auto faults = faults_of(text);
    return faults.size() == 1 ? to_string(faults[0]) : "faults: " + std::to_string(faults.size());
  };
  EXPECT_NE(one("").find("an empty file"), std::string::npos);
  EXPECT_NE(one("# only a comment\n\n").find("an empty file"), std::string::npos);
  EXPECT_NE(one("\xFF\xFEn\0a\0").find("UTF-16"), std::string::npos);
  EXPECT_NE(one(std::string("a = 1\nb\0c", 9)).find("t.toml:2"), std::string::npos);
  EXPECT_NE(one("name = \"caf\xE9\"\n").find("t.toml:1"), std::string::npos) << one("name = \"caf\xE9\"\n");
  EXPECT_NE(one("schema_version = 1\nname = \n").find("t.toml:2"), std::string::npos) << one("schema_version = 1\nname = \n");
  EXPECT_NE(one("a = 1\na = 2\n").find("t.toml:2"), std::string::npos) << one("a = 1\na = 2\n");
  EXPECT_NE(one(std::string(5'000'000, '#')).find("5000000 bytes"), std::string::npos);
  std::string deep = "a";
  for (int i = 0; i < 100'000; ++i) deep += ".a";
  EXPECT_NE(one(deep + " = 1").find("dots in a row"), std::string::npos);
}

TEST(ProtocolFile, OneLineAFaultWhateverIsQuoted) {
  for (const Fault& fault : faults_of(shipped() + "\"new\\nline\" = \"a\\u001b[31mb\"\n")) {
    const std::string text = to_string(fault);
    EXPECT_TRUE(std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < ' '; })) << text;
  }
}

TEST(ProtocolFile, ByteOrderMarkOfUtf8IsSkipped) { EXPECT_TRUE(faults_of("\xEF\xBB\xBF" + shipped()).empty()); }

TEST(ProtocolFile, HashDependsOnMeaningOnly) {
  const Protocol p = read_protocol(shipped(), "a", {}, kKnown);
  EXPECT_EQ(sha256_of(p), sha256_of(read_protocol("# comment\n" + shipped(), "b", {}, kKnown)));
  EXPECT_NE(sha256_of(p), sha256_of(read_protocol(shipped(), "a", {{"population.size", "995"}}, kKnown)));
  EXPECT_EQ(sha256_of(p), sha256_of(read_protocol(shipped(), "a", {{"population.size", "994"}}, kKnown)));
}

}  // namespace
}  // namespace coley
