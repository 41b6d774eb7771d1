// SPDX-License-Identifier: Apache-2.0
// The shipped trial with 400 patients: its summary is whole and adds up. Agreement with what was published is not asked
// here: it needs trials of the published size.
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "../../unit/report/schema_check.hpp"
#include "trial/summarise.hpp"

namespace coley {
namespace {

class Keynote564 : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    design_ = std::make_unique<Design>(make_design(read_trial("keynote-564")));
    const RunOptions options{.patients = 400, .threads = 2, .twins = true};
    summary_ = summarise(*design_, options, run_trial(*design_, options), "test");
  }
  static void TearDownTestSuite() { design_.reset(); }
  static inline std::unique_ptr<Design> design_;
  static inline report::Summary summary_;
};

TEST_F(Keynote564, ObeysTheSchema) {
  std::ostringstream text;
  report::write_summary_json(text, summary_);
  std::ifstream file(COLEY_SOURCE_DIR "/docs/summary.schema.json");
  EXPECT_EQ(report::SchemaCheck(nlohmann::json::parse(file)).faults(nlohmann::json::parse(text.str())), std::vector<std::string>{});
}

TEST_F(Keynote564, ShowsEveryEvidenceRow) {
  std::set<std::string> shown;  // a row with a value for each arm is shown as two, a and b
  for (const report::EvidenceRow& row : summary_.evidence) shown.insert(row.id);
  for (const EvidenceLink& link : design_->protocol().evidence) {
    EXPECT_TRUE(shown.count(link.row) || shown.count(link.row + "a") || shown.count(link.row + "b")) << link.row;
  }
  for (const report::EvidenceRow& row : summary_.evidence) EXPECT_TRUE(row.simulated.estimate.has_value()) << row.id;
}

TEST_F(Keynote564, ScreeningAndArmsAddUp) {
  ASSERT_TRUE(summary_.screening.has_value());
  report::Count excluded = 0, randomised = 0;
  for (const auto& reason : summary_.screening->excluded) excluded += reason.patients;
  for (const auto& arm : summary_.arms) randomised += arm.n;
  EXPECT_EQ(summary_.screening->enrolled, 400);
  EXPECT_EQ(summary_.screening->screened, 400 + excluded);
  EXPECT_EQ(randomised + summary_.failures.integration, 400);
  EXPECT_EQ(summary_.failures.integration, 0);
}

TEST_F(Keynote564, TablesOfPatientsAtRiskAddUp) {
  EXPECT_FALSE(summary_.survival.empty());
  for (const report::SurvivalCurve& curve : summary_.survival) {
    ASSERT_FALSE(curve.at_risk.empty());
    const report::Count n = curve.at_risk.front().at_risk;
    EXPECT_GT(n, 150);
    for (const report::RiskRow& row : curve.at_risk) EXPECT_EQ(row.at_risk + row.events + row.censored, n) << curve.endpoint << " month " << row.month;
    double before = 1;
    for (const auto& point : curve.points) {
      EXPECT_LE(point.survival, before);
      EXPECT_GE(point.survival, 0);
      before = point.survival;
    }
  }
}

}  // namespace
}  // namespace coley
