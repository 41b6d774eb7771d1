// SPDX-License-Identifier: Apache-2.0
// An effect comes from its mechanism: with the mechanism switched off (as --set does) it is gone. The same patients are on both
// arms (twins), so that few are enough; bounds lie three standard errors or more from what long runs give (docs/effects.md).
#include <gtest/gtest.h>

#include "trial/summarise.hpp"

namespace coley {
namespace {

using Sets = std::vector<std::string>;

report::Summary summary_of(const std::string& trial, long long patients, const Sets& sets) {
  const Design design = make_design(read_trial(trial, sets));
  const RunOptions options{.patients = patients, .threads = 2, .twins = true};
  return summarise(design, options, run_trial(design, options), "test");
}

/// Mean days gained with `experimental` by the endpoint, and its 95 % interval; "" is the trial's first comparison.
report::Estimate benefit(const report::Summary& summary, const std::string& endpoint, const std::string& experimental = "") {
  for (const report::TwinSummary& twins : summary.twins) {
    if (twins.endpoint == endpoint && (experimental.empty() || twins.experimental == experimental)) return twins.mean_benefit_days;
  }
  ADD_FAILURE() << endpoint << ' ' << experimental;
  return {};
}

double response(const report::Summary& summary, const std::string& arm) {
  for (const report::ArmSummary& a : summary.arms) {
    if (a.name == arm) return a.response->orr.estimate.value();
  }
  ADD_FAILURE() << arm;
  return 0;
}

TEST(Ablation, AdjuvantBenefitNeedsTheBrakeThatPembrolizumabReleases) {
  EXPECT_GT(benefit(summary_of("keynote-564", 150, {}), "DFS").low, 30);
  const Sets off{"parameters.pi=0.000001", "parameters.e_P=0", "parameters.eta_x=0", "parameters.k_rev=0"};
  EXPECT_NEAR(benefit(summary_of("keynote-564", 150, off), "DFS").estimate.value(), 0, 1);
}

TEST(Ablation, InterferonActsOnTumourAndImmuneSystemAndNothingElse) {
  EXPECT_GT(benefit(summary_of("mrc-re01", 800, {}), "PFS").low, 10);
  const Sets off{"parameters.e_F=0", "parameters.p_F=0", "parameters.g_F=0"};
  EXPECT_LT(benefit(summary_of("mrc-re01", 800, off), "PFS").high, 10);  // what is left is harm
}

TEST(Ablation, HighDoseInterleukinIsMoreActiveBecauseEffectorsBindItLess) {
  const report::Estimate with = benefit(summary_of("yang-2003", 200, {}), "PFS");
  // effector cells that bind interleukin-2 as well as regulatory cells do: the low dose is nearly enough
  const report::Estimate off = benefit(summary_of("yang-2003", 200, {"drugs.aldesleukin.il2.effector_nmol_per_l.value=0.01"}), "PFS");
  EXPECT_GT(with.low, 0);
  EXPECT_LT(off.high, with.estimate.value());
}

TEST(Ablation, InterferonHasADoseResponseUntilItsReceptorsAreFull) {
  const report::Summary with = summary_of("interferon-dose", 150, {});
  EXPECT_GT(benefit(with, "PFS", "twenty").low, 0);
  EXPECT_GT(benefit(with, "PFS", "twenty").estimate, benefit(with, "PFS", "six").estimate);
  const report::Summary full = summary_of("interferon-dose", 150, {"drugs.interferon-alfa.effect.ec50_mg_per_l.value=0.0000001"});
  EXPECT_NEAR(benefit(full, "PFS", "twenty").estimate.value(), 0, 3);
}

TEST(Ablation, ResponsesToInterleukinNeedItsExpansionOfEffectors) {
  EXPECT_GT(response(summary_of("fyfe-1995", 200, {}), "high_dose"), 0.06);
  const Sets off{"parameters.r_CI=0", "parameters.e_I=0", "parameters.r_EI=0"};
  EXPECT_LT(response(summary_of("fyfe-1995", 200, off), "high_dose"), 0.03);
}

TEST(Ablation, SupportiveCareSparesOnlyDeathsOfTreatment) {
  const auto deaths = [](const Sets& sets) {
    const report::Summary summary = summary_of("options", 18, sets);
    long long n = 0;
    for (const report::ArmSummary& arm : summary.arms) {
      for (const report::FlowStep& step : arm.flow) n += step.name == "perioperative_death" ? step.patients : 0;
    }
    return n;
  };
  const Sets risky{"parameters.perioperative_0=3", "parameters.supportive_fatal=1"};
  const Sets spared{"parameters.perioperative_0=3", "parameters.supportive_fatal=0"};
  EXPECT_GT(deaths(risky), 0);
  EXPECT_EQ(deaths(spared), 0);
}

}  // namespace
}  // namespace coley
