// SPDX-License-Identifier: Apache-2.0
// Every shipped trial of metastatic disease at small size: it runs, its summary is whole and adds up, and what the
// mechanism must show lies within wide Monte-Carlo bounds. Agreement with what was published is not asked here.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "../../unit/report/schema_check.hpp"
#include "protocol/shipped.hpp"
#include "trial/summarise.hpp"

namespace coley {
namespace {

/// A share of all simulated patients of the arm, of those measurable or of lesions, and where it must lie.
struct Bound {
  std::string arm, what;
  double low, high;
};

struct Shipped {
  std::string name;
  long long patients;
  std::vector<Bound> bounds;
  friend void PrintTo(const Shipped& trial, std::ostream* out) { *out << trial.name; }
};

/// With n patients an arm, a share of p has a standard error of at most 0.5 / sqrt(n): bounds are three of them or more away
/// from what long runs give.
const Shipped kTrials[] = {
    {"carmena", 100, {{"sunitinib", "started_systemic", 1, 1}, {"nephrectomy_sunitinib", "started_systemic", 0.6, 0.98},
                      {"nephrectomy_sunitinib", "operated", 0.8, 1}, {"sunitinib", "orr", 0.1, 0.65}, {"sunitinib", "cr_rate", 0, 0.15}}},
    {"checkmate-214", 80, {{"nivolumab_ipilimumab", "orr", 0.15, 0.75}, {"nivolumab_ipilimumab", "cr_rate", 0, 0.5}, {"sunitinib", "orr", 0.02, 0.6}}},
    {"keynote-426", 80, {{"pembrolizumab_axitinib", "orr", 0.35, 0.95}, {"sunitinib", "orr", 0.02, 0.6}}},
    {"checkmate-025", 50, {{"nivolumab", "orr", 0.05, 0.8}, {"everolimus", "orr", 0, 0.2}, {"everolimus", "started_systemic", 1, 1}}},
    {"sunitinib-interferon", 150, {{"sunitinib", "orr", 0.08, 0.65}, {"interferon", "orr", 0.01, 0.4}, {"interferon", "started_systemic", 1, 1}}},
    {"swog-8949", 150, {{"nephrectomy_interferon", "operated", 0.8, 1}, {"nephrectomy_interferon", "started_systemic", 0.6, 0.98},
                        {"nephrectomy_interferon", "orr", 0, 0.3}, {"interferon", "orr", 0, 0.3}}},
    {"walther-1997", 150, {{"nephrectomy_interleukin", "eligible_after_surgery", 0.2, 0.75}, {"nephrectomy_interleukin", "unresectable", 0, 0.12},
                           {"nephrectomy_interleukin", "perioperative_death", 0, 0.08}, {"nephrectomy_interleukin", "orr", 0, 0.3}}},
    {"nordic-sun", 100, {{"deferred_nephrectomy", "operated", 0.15, 0.98}, {"deferred_nephrectomy", "started_systemic", 0.7, 1}, {"drugs_alone", "operated", 0, 0}, {"drugs_alone", "orr", 0.05, 0.75}}},
    {"probe", 100, {{"deferred_nephrectomy", "operated", 0.3, 1}, {"drugs_alone", "operated", 0, 0}, {"drugs_alone", "orr", 0.25, 0.95}}},
    {"mrc-re01", 150, {{"interferon", "orr", 0, 0.4}, {"medroxyprogesterone", "orr", 0, 0.15}}},
    {"registry-nephrectomy", 150, {{"chosen", "started_systemic", 1, 1}, {"not_chosen", "started_systemic", 1, 1}}},
    {"keynote-177", 150, {{"pembrolizumab", "orr", 0.2, 0.75}, {"pembrolizumab", "cr_rate", 0.02, 0.55}, {"chemotherapy", "orr", 0.12, 0.7}, {"chemotherapy", "cr_rate", 0, 0.25}}},
    {"checkmate-142", 150, {{"nivolumab", "orr", 0.15, 0.75}, {"nivolumab_ipilimumab", "orr", 0.2, 0.8}, {"nivolumab_ipilimumab", "started_systemic", 1, 1}}},
    {"simmons-2023", 100, {{"stopped", "started_systemic", 0, 0}, {"stopped", "next_line", 0.05, 0.75}}},
    {"metastasectomy", 100, {{"metastasectomy", "operated", 0.95, 1}, {"metastasectomy", "complete_resection", 0.3, 0.9},
                             {"no_operation", "operated", 0, 0}}},
    {"fyfe-1995", 120, {{"high_dose", "started_systemic", 1, 1}, {"high_dose", "orr", 0.01, 0.35}, {"high_dose", "cr_rate", 0, 0.3}}},
    {"yang-2003", 180, {{"high_dose", "orr", 0.005, 0.4}, {"low_dose", "orr", 0, 0.3}, {"subcutaneous", "orr", 0, 0.3}}},
    {"crecy", 150, {{"interleukin", "orr", 0, 0.35}, {"interferon", "orr", 0, 0.4}, {"both", "orr", 0.01, 0.6}}},
    {"interferon-dose", 160, {{"three", "orr", 0, 0.3}, {"twenty", "orr", 0, 0.5}, {"twenty", "started_systemic", 1, 1}}},
    {"targeted-sequence", 80, {{"mtor_last", "orr", 0.02, 0.65}, {"mtor_between", "orr", 0.02, 0.65}, {"mtor_last", "next_line", 0.3, 1}}},
    {"sbrt-immunotherapy", 80, {{"nivolumab_sbrt", "orr", 0.05, 0.95}, {"nivolumab", "orr", 0.02, 0.8}}},
    {"sbrt-fractionation", 106, {{"sbrt", "lc", 0.75, 1}, {"conventional", "lc", 0.05, 0.95}, {"sbrt", "started_systemic", 0, 0}}},
    {"options", 540, {{"supportive_care", "orr", 0, 0.2}, {"supportive_care", "started_systemic", 0, 0}, {"targeted", "orr", 0.02, 0.75},
                      {"sbrt", "operated", 0, 0}, {"nephrectomy_targeted", "operated", 0.02, 0.6}}},
};

class MetastaticTrial : public testing::TestWithParam<Shipped> {
 protected:
  void SetUp() override {
    design_ = std::make_unique<Design>(make_design(read_trial(GetParam().name)));
    const RunOptions options{.patients = GetParam().patients, .threads = 2};
    result_ = run_trial(*design_, options);
    summary_ = summarise(*design_, options, result_, "test");
  }
  double share(const Bound& bound) const {
    for (const report::ArmSummary& arm : summary_.arms) {
      if (arm.name != bound.arm) continue;
      if (bound.what == "orr") return arm.response->orr.estimate.value();
      if (bound.what == "cr_rate") return arm.response->cr_rate.estimate.value();
      if (bound.what == "lc") return arm.endpoints.front().at.front().survival.estimate.value();  // local control comes first
      for (const report::FlowStep& step : arm.flow) {
        if (step.name == bound.what) return static_cast<double>(step.patients) / static_cast<double>(arm.n);
      }
      return 0;
    }
    ADD_FAILURE() << bound.arm;
    return 0;
  }
  std::unique_ptr<Design> design_;
  TrialResult result_;
  report::Summary summary_;
};

/// Each who began study drugs is in one of the steps at which patients leave them.
void expect_treatment_ends_add_up(const report::ArmSummary& arm) {
  auto step = std::find_if(arm.flow.begin(), arm.flow.end(), [](const report::FlowStep& s) { return s.name == "started_systemic"; });
  ASSERT_NE(step, arm.flow.end());
  const report::Count started = step->patients;
  report::Count ended = 0;
  while (++step != arm.flow.end() && step->leaves) ended += step->patients;
  EXPECT_EQ(ended, started) << arm.name;
}

TEST_P(MetastaticTrial, RunsAddsUpAndLiesWithinBounds) {
  std::ostringstream text;
  report::write_summary_json(text, summary_);
  std::ifstream file(COLEY_SOURCE_DIR "/docs/summary.schema.json");
  EXPECT_EQ(report::SchemaCheck(nlohmann::json::parse(file)).faults(nlohmann::json::parse(text.str())), std::vector<std::string>{});

  report::Count excluded = 0, randomised = 0;
  for (const auto& reason : summary_.screening->excluded) excluded += reason.patients;
  EXPECT_EQ(summary_.screening->screened, summary_.screening->enrolled + excluded);
  EXPECT_EQ(summary_.screening->enrolled, GetParam().patients);
  for (const report::ArmSummary& arm : summary_.arms) {
    randomised += arm.n;
    ASSERT_TRUE(arm.response.has_value());
    const report::Response& r = *arm.response;
    EXPECT_EQ(r.cr + r.pr + r.sd + r.pd + r.ne, r.n);
    EXPECT_LE(r.n, arm.n);
    expect_treatment_ends_add_up(arm);
  }
  EXPECT_EQ(randomised + summary_.failures.integration, GetParam().patients);
  EXPECT_EQ(summary_.failures.integration, 0);

  std::map<std::string, report::Count> by_covariate;
  for (const report::BaselineRow& row : summary_.baseline) by_covariate[row.covariate] += row.patients;
  for (const auto& [covariate, n] : by_covariate) {
    if (covariate != "site") {
      EXPECT_EQ(n, GetParam().patients) << covariate;
    }
  }

  std::set<std::string> shown;
  for (const report::EvidenceRow& row : summary_.evidence) shown.insert(row.id);
  for (const EvidenceLink& link : design_->protocol().evidence) {
    EXPECT_TRUE(shown.count(link.row) || shown.count(link.row + "a") || shown.count(link.row + "b")) << link.row;
  }
  for (const Bound& bound : GetParam().bounds) {
    EXPECT_GE(share(bound), bound.low) << bound.arm << ' ' << bound.what;
    EXPECT_LE(share(bound), bound.high) << bound.arm << ' ' << bound.what;
  }
}

INSTANTIATE_TEST_SUITE_P(Shipped, MetastaticTrial, testing::ValuesIn(kTrials), [](const auto& trial) {
  std::string name = trial.param.name;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

/// A trial of metastatic entry that ships without a line above would go untested.
TEST(MetastaticTrials, AreAllTested) {
  std::set<std::string> tested;
  for (const Shipped& trial : kTrials) tested.insert(trial.name);
  for (const std::string& name : shipped_trials()) {
    if (read_trial(name).protocol.population.entry == Entry::metastatic) {
      EXPECT_TRUE(tested.count(name)) << name;
    }
  }
}

}  // namespace
}  // namespace coley
