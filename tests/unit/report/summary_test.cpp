// SPDX-License-Identifier: Apache-2.0
#include "report/summary.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "invented_summary.hpp"
#include "schema_check.hpp"

namespace coley::report {
namespace {

using Json = nlohmann::ordered_json;

SchemaCheck schema() {
  std::ifstream file(COLEY_SOURCE_DIR "/docs/summary.schema.json");
  return SchemaCheck(nlohmann::json::parse(file));
}

std::string written(const Summary& summary) {
  std::ostringstream out;
  write_summary_json(out, summary);
  return out.str();
}

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> all;
  for (const auto& [key, entry] : object.items()) all.push_back(key);
  return all;
}

TEST(Summary, obeys_its_schema) {
  EXPECT_EQ(schema().faults(nlohmann::json::parse(written(invented_summary()))), std::vector<std::string>{});
  EXPECT_EQ(schema().faults(nlohmann::json::parse(written(Summary{}))), std::vector<std::string>{});
}

TEST(Summary, schema_notices_what_is_wrong) {
  auto value = nlohmann::json::parse(written(invented_summary()));
  value["arms"][0]["n"] = "many";
  value["arms"][1]["surplus"] = 1;
  value["evidence"][0].erase("role");
  value["figures"]["survival"][0]["points"][3]["survival"] = 1.5;
  EXPECT_EQ(schema().faults(value).size(), 4u);
}

TEST(Summary, keys_stand_in_the_documented_order) {
  const Json json = Json::parse(written(invented_summary()));
  EXPECT_EQ(keys(json), (std::vector<std::string>{"schema_version", "coley", "run", "trial", "screening", "baseline", "arms",
                                                  "comparisons", "twins", "evidence", "evidence_rule", "failures",
                                                  "parameters", "limits", "figures"}));
  EXPECT_EQ(keys(json["arms"][0]),
            (std::vector<std::string>{"name", "label", "treatment", "n", "flow", "endpoints", "response", "quality_adjusted", "safety"}));
}

TEST(Summary, comes_back_from_its_file) {
  const Summary s = invented_summary();
  const Json json = Json::parse(written(s));
  EXPECT_EQ(json, summary_json(s));
  const Json& dfs = json["arms"][0]["endpoints"]["DFS"];
  EXPECT_EQ(dfs["events"], s.arms[0].endpoints[0].events);
  EXPECT_EQ(dfs["median_months"]["estimate"].get<double>(), *s.arms[0].endpoints[0].median_months.estimate);
  EXPECT_EQ(dfs["at"][1]["low"].get<double>(), *s.arms[0].endpoints[0].at[1].survival.low);
  EXPECT_EQ(dfs["rmst"]["month"], 60);
  EXPECT_EQ(json["comparisons"][0]["hazard_ratio"]["estimate"], 0.71);
  EXPECT_EQ(json["comparisons"][2]["subgroup"], "risk=intermediate_high");
  EXPECT_EQ(json["arms"][0]["safety"]["grade3plus"]["patients"], s.arms[0].safety[0].patients);
  EXPECT_EQ(json["twins"]["DFS"]["benefit_days"]["quantiles"].size(), 201u);
}

TEST(Summary, absent_is_null) {
  Summary s = invented_summary();
  s.screening.reset();
  s.twins.clear();
  s.arms[0].response.reset();
  s.arms[0].safety.clear();
  s.arms[0].endpoints[0].median_months = {};
  s.comparisons[0].hazard_ratio.reset();
  const Json json = Json::parse(written(s));
  for (const Json& absent :
       {json["screening"], json["twins"], json["arms"][0]["response"], json["arms"][0]["safety"],
        json["arms"][0]["endpoints"]["DFS"]["median_months"]["estimate"], json["comparisons"][0]["hazard_ratio"]}) {
    EXPECT_TRUE(absent.is_null());
  }
}

TEST(Summary, refuses_a_number_that_is_not_finite_by_its_place) {
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    Summary s = invented_summary();
    s.comparisons[1].hazard_ratio->ratio.high = bad;
    try {
      written(s);
      FAIL() << "written";
    } catch (const std::logic_error& e) {
      EXPECT_NE(std::string(e.what()).find("/comparisons/1/hazard_ratio/high"), std::string::npos) << e.what();
    }
  }
  EXPECT_FALSE(finite(std::nan("")));
  EXPECT_EQ(finite(2.5), 2.5);
}

TEST(Summary, only_run_differs_between_runs) {
  Summary s = invented_summary();
  const Json one = summary_json(s);
  s.run = {16, 4, 0.5, 40000};
  Json other = summary_json(s);
  EXPECT_NE(one, other);
  other["run"] = one["run"];
  EXPECT_EQ(one.dump(), other.dump());
}

TEST(Summary, later_cutoffs_and_pairs_have_keys_of_their_own) {
  Summary s = invented_summary();
  s.arms[0].endpoints.push_back(s.arms[0].endpoints[0]);
  s.arms[0].endpoints.back().cutoff = "earlier";
  s.twins.push_back(s.twins[0]);
  s.twins.back().control = "other";
  const Json json = summary_json(s);
  EXPECT_EQ(keys(json["arms"][0]["endpoints"]), (std::vector<std::string>{"DFS", "OS", "DFS@earlier"}));
  EXPECT_EQ(keys(json["twins"]), (std::vector<std::string>{"DFS", "DFS/inventimab/other"}));
}

TEST(Summary, flow_words_are_those_of_the_documentation) {
  EXPECT_TRUE(flow_step("unresectable", 3).leaves);
  EXPECT_FALSE(flow_step("operated", 3).leaves);
  EXPECT_EQ(flow_step("had_a_rest", 3).label, "Had a rest");
  EXPECT_FALSE(flow_step("had_a_rest", 3).leaves);
}

TEST(Summary, a_stream_that_fails_is_an_error) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  EXPECT_THROW(write_summary_json(out, invented_summary()), std::runtime_error);
}

}  // namespace
}  // namespace coley::report
