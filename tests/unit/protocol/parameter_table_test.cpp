// SPDX-License-Identifier: Apache-2.0
#include "protocol/parameter_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/error.hpp"
#include "protocol/shipped.hpp"

namespace coley {
namespace {

const std::string kTable = R"(schema_version = 1
[[parameter]]
symbol = "gamma"
meaning = "Gompertz rate"
unit = "1/d"
value = 0.002
distribution = "lognormal"
sd = 0.6
low = 1e-5
high = 0.1
source = "10.1000/example"
status = "calibrated"
[[parameter]]
symbol = "K_rho"
meaning = "Half saturation"
unit = "1"
value = 1.2
source = "assumed"
[[parameter]]
symbol = "age"
meaning = "Age"
unit = "year"
value = 61
distribution = "normal"
sd = 11
source = "assumed"
[[correlation]]
a = "gamma"
b = "age"
value = -0.3
source = "assumed"
)";

std::vector<Fault> faults_of(const std::string& text, const std::vector<std::string>& sets = {}) {
  auto overrides = read_overrides(sets);
  try {
    read_parameters(text, "p.toml", take_overrides(overrides, "parameters."));
  } catch (const InputError& error) {
    return error.faults();
  }
  return {};
}

TEST(ParameterTable, ReadsRowsInOrder) {
  const ParameterTable table = read_parameters(kTable, "p.toml");
  ASSERT_EQ(table.rows().size(), 3u);
  EXPECT_EQ(table.value("gamma"), 0.002);
  EXPECT_EQ(table.sd("gamma"), 0.6);
  EXPECT_EQ(table.row("gamma").distribution, Distribution::lognormal);
  EXPECT_EQ(table.row("K_rho").distribution, Distribution::fixed);
  EXPECT_EQ(table.rows()[2].unit, "year");
  EXPECT_EQ(table.correlations().at(0).value, -0.3);
  EXPECT_FALSE(table.has("delta"));
}

TEST(ParameterTable, UnknownSymbolNamesTheNearest) {
  const ParameterTable table = read_parameters(kTable, "p.toml");
  try {
    table.value("gama");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("no parameter named gama; expected gamma?"), std::string::npos) << error.what();
  }
}

TEST(ParameterTable, SetChecksTheDomain) {
  ParameterTable table = read_parameters(kTable, "p.toml");
  const std::string before = table.sha256();
  table.set("gamma", 0.003);
  EXPECT_EQ(table.value("gamma"), 0.003);
  EXPECT_NE(table.sha256(), before);
  table.set("gamma", 0.002);
  EXPECT_EQ(table.sha256(), before);
  EXPECT_THROW(table.set("gamma", 0.2), InputError);
  EXPECT_THROW(table.set("gamma", std::numeric_limits<double>::quiet_NaN()), InputError);
  EXPECT_THROW(table.set("K_rho", std::numeric_limits<double>::infinity()), InputError);
  EXPECT_THROW(table.set_sd("gamma", 0), InputError);
  EXPECT_THROW(table.set_sd("K_rho", 0.1), InputError);
  EXPECT_EQ(table.sha256(), before);
}

TEST(ParameterTable, OverridesAreNamedInFaults) {
  EXPECT_TRUE(faults_of(kTable, {"parameters.gamma=0.05", "parameters.age.sd=3"}).empty());
  const auto faults = faults_of(kTable, {"parameters.gamma=1", "parameters.gama=1", "parameters.K_rho=x", "parameters.age.sd=-1"});
  ASSERT_EQ(faults.size(), 4u);
  EXPECT_EQ(faults[0].file, "--set parameters.gamma=1");
  EXPECT_EQ(faults[0].expected, "a number from 1e-05 to 0.1 (1/d)");
  EXPECT_EQ(faults[1].expected, "gamma?");
  EXPECT_EQ(faults[2].found, "\"x\"");
  EXPECT_EQ(faults[3].key, "parameters.age.sd");
}

struct Edit {
  std::string from, to, key, found;
};
class WrongTable : public testing::TestWithParam<Edit> {};

TEST_P(WrongTable, HasItsPlace) {
  std::string text = kTable;
  const std::size_t at = text.find(GetParam().from);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, GetParam().from.size(), GetParam().to);
  const auto faults = faults_of(text);
  ASSERT_EQ(faults.size(), 1u) << (faults.empty() ? "" : to_string(faults[0]) + to_string(faults.back()));
  EXPECT_EQ(faults[0].key, GetParam().key);
  EXPECT_GT(faults[0].line, 1);
  EXPECT_NE(faults[0].found.find(GetParam().found), std::string::npos) << to_string(faults[0]);
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongTable,
    testing::Values(Edit{"source = \"10.1000/example\"", "", "parameter[0].source", "no such key"},
                    Edit{"source = \"assumed\"", "source = \"\"", "parameter[1].source", "\"\""},
                    Edit{"\"K_rho\"", "\"gamma\"", "parameter[1].symbol", "gamma a second time"},
                    Edit{"0.002", "0.2", "parameter[0].value", "0.2 for gamma"},
                    Edit{"0.002", "nan", "parameter[0].value", "nan"},
                    Edit{"low = 1e-5", "low = 1", "parameter[0].low", "1 above high = 0.1"},
                    Edit{"low = 1e-5", "lo = 1e-5", "parameter[0].lo", "unknown key"},
                    Edit{"sd = 0.6", "", "parameter[0].sd", "0 for gamma"},
                    Edit{"value = 1.2", "value = 1.2\nsd = 1", "parameter[1].sd", "1 for K_rho"},
                    Edit{"b = \"age\"", "b = \"ago\"", "correlation[0].b", "no parameter named ago"},
                    Edit{"b = \"age\"", "b = \"K_rho\"", "correlation[0].b", "which is fixed"},
                    Edit{"b = \"age\"", "b = \"gamma\"", "correlation[0].b", "with itself"},
                    Edit{"value = -0.3", "value = -1", "correlation[0].value", "-1"}));

TEST(ParameterTable, CorrelationsMustBeJointlyPossible) {
  std::string text = "schema_version = 1\n";
  for (const char* symbol : {"a", "b", "c"}) {
    text += std::string("[[parameter]]\nsymbol = \"") + symbol + "\"\nmeaning = \"x\"\nunit = \"1\"\nvalue = 1\nsd = 1\ndistribution = \"normal\"\nsource = \"assumed\"\n";
  }
  const auto correlated = [](const char* a, const char* b, const char* value) {
    return std::string("[[correlation]]\na = \"") + a + "\"\nb = \"" + b + "\"\nvalue = " + value + "\nsource = \"assumed\"\n";
  };
  EXPECT_TRUE(faults_of(text + correlated("a", "b", "0.9") + correlated("b", "c", "0.9") + correlated("a", "c", "0.9")).empty());
  EXPECT_EQ(faults_of(text + correlated("a", "b", "0.9") + correlated("b", "c", "0.9") + correlated("a", "c", "-0.9")).size(), 1u);
  EXPECT_EQ(faults_of(text + correlated("a", "b", "0.1") + correlated("b", "a", "0.1")).size(), 1u);
}

TEST(ParameterTable, ACorrelationOfTheTableIsSetInEitherOrder) {
  for (const char* path : {"gamma.correlation.iota", "iota.correlation.gamma"}) {
    ParameterTable table = read_parameters(*shipped_text("evidence/parameters.toml"), "evidence/parameters.toml");
    const std::string before = table.sha256();
    table.apply({{path, "-0.4"}});
    const auto& rows = table.correlations();
    const auto found = std::find_if(rows.begin(), rows.end(), [](const Correlation& c) { return c.a == "gamma" && c.b == "iota"; });
    ASSERT_NE(found, rows.end());
    EXPECT_EQ(found->value, -0.4);
    EXPECT_NE(table.sha256(), before);
  }
}

TEST(ParameterTable, ACorrelationThatCannotBeSetSaysWhy) {
  ParameterTable table = read_parameters(*shipped_text("evidence/parameters.toml"), "evidence/parameters.toml");
  const auto fault = [&](const char* path, const char* value) {
    try {
      table.apply({{path, value}});
    } catch (const InputError& error) {
      return error.faults().front();
    }
    return Fault{};
  };
  EXPECT_NE(fault("gamma.correlation.mu", "0.1").expected.find("gamma and iota"), std::string::npos);
  EXPECT_EQ(fault("gamma.correlation.iota", "1").expected, "strictly between -1 and 1");
  EXPECT_EQ(fault("gamma.correlation.iot", "0.1").expected, "iota?");
}

TEST(ParameterTable, ShippedTableReads) {
  const ParameterTable table = read_parameters(*shipped_text("evidence/parameters.toml"), "evidence/parameters.toml");
  EXPECT_GT(table.rows().size(), 100u);
  for (const Parameter& row : table.rows()) EXPECT_FALSE(row.source.empty()) << row.symbol;
}

TEST(ParameterTable, OneIsLaidOverAnother) {
  ParameterTable table = read_parameters(*shipped_text("evidence/parameters.toml"), "evidence/parameters.toml");
  const std::string before = table.sha256();
  const double shared = table.value("k_c"), kidney = table.value("gamma");
  const ParameterTable over = read_parameters(*shipped_text("evidence/parameters_colorectal.toml"), "evidence/parameters_colorectal.toml");
  table.lay_over(over);
  EXPECT_EQ(table.value("k_c"), shared);
  EXPECT_NE(table.value("gamma"), kidney);
  for (const Parameter& row : over.rows()) EXPECT_EQ(table.value(row.symbol), row.value) << row.symbol;
  EXPECT_NE(table.sha256(), before);
  table.apply({{"msi_h_iota", "3"}, {"gamma.sd", "0.5"}});
  EXPECT_EQ(table.value("msi_h_iota"), 3);
  EXPECT_EQ(table.sd("gamma"), 0.5);
  EXPECT_THROW(table.apply({{"h_kidneys", "3"}}), InputError);
}

}  // namespace
}  // namespace coley
