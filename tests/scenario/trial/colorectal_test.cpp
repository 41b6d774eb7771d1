// SPDX-License-Identifier: Apache-2.0
// Colorectal cancer: what sets it apart from kidney cancer, and MSI-H from mismatch-proficient disease. Bounds are three
// Monte-Carlo standard errors or more away from what long runs give.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "core/error.hpp"
#include "core/units.hpp"
#include "population/covariates.hpp"
#include "protocol/shipped.hpp"
#include "trial/enrol_trial.hpp"
#include "trial/run_trial.hpp"

namespace coley {
namespace {

Design design_of(const std::string& name, const std::function<void(Protocol&)>& change = {}, const std::vector<std::string>& sets = {}) {
  TrialInputs inputs = read_trial(name, sets);
  if (change) change(inputs.protocol);
  return make_design(std::move(inputs));
}

void proficient(Protocol& p) { p.population.eligibility.histology = {"mss"}; }

TEST(Colorectal, GrowsInTheBowelAndSpreadsToItsOwnSites) {
  std::array<int, kOrgans> with{};
  const int n = 120;
  for (const Patient& patient : enrol_trial(design_of("keynote-177"), {5, 0}, n, {}).patients) {
    EXPECT_EQ(patient.lesions[0].organ, Organ::colon);
    EXPECT_EQ(patient.person.histology, Histology::msi_h);
    EXPECT_FALSE(patient.person.sarcomatoid);
    std::array<bool, kOrgans> here{};
    for (const Reading& reading : patient.baseline.lesions) here[static_cast<std::size_t>(reading.organ)] |= is_disease(reading);
    for (std::size_t o = 0; o < kOrgans; ++o) with[o] += here[o];
  }
  EXPECT_EQ(with[static_cast<std::size_t>(Organ::kidney)], 0);
  EXPECT_GT(with[static_cast<std::size_t>(Organ::liver)], n / 3);
  EXPECT_GT(with[static_cast<std::size_t>(Organ::peritoneum)], n / 12);
  EXPECT_GT(with[static_cast<std::size_t>(Organ::liver)], with[static_cast<std::size_t>(Organ::lung)]);
  EXPECT_GT(with[static_cast<std::size_t>(Organ::lung)], with[static_cast<std::size_t>(Organ::bone)]);
}

TEST(Colorectal, ProficientDiseaseDoesNotRespondToPd1Blockade) {
  const RunOptions options{.patients = 120, .threads = 2};
  const ArmCounts pembrolizumab = run_trial(design_of("keynote-177", proficient), options).tally.arms[0];
  EXPECT_EQ(pembrolizumab.best[0], 0);
  EXPECT_EQ(pembrolizumab.best[1], 0);
  EXPECT_GT(pembrolizumab.best[3], 10);  // three of ten of some sixty, at the ensemble that ships: two standard errors below
  // the one thing that tells them apart
  const Design as_msi = design_of("keynote-177", proficient, {"parameters.mss_iota=8"});
  const ArmCounts visible = run_trial(as_msi, options).tally.arms[0];
  EXPECT_GT(visible.best[0] + visible.best[1], 10);
}

TEST(Colorectal, MismatchRepairDeficiencyIsRarerInMetastaticDisease) {
  const auto metastatic_at_diagnosis = [](const std::string& kind) {
    const Design design = design_of("keynote-177", [&](Protocol& p) {
      p.population.synchronous_share = -1;
      p.population.mix_by.clear();
      p.population.mix.clear();
      p.population.eligibility = {};
      p.population.eligibility.histology = {kind};
      p.population.eligibility.synchronous = true;
    });
    const ScreeningCount count = enrol_trial(design, {2, 0}, 80, {}).screening;
    const auto none = static_cast<double>(count.excluded[static_cast<std::size_t>(Exclusion::no_metastases)]);
    return 80 / (80 + none);
  };
  const double msi_h = metastatic_at_diagnosis("msi_h"), mss = metastatic_at_diagnosis("mss");
  EXPECT_NEAR(mss, 0.23, 0.08);
  EXPECT_LT(msi_h, mss / 1.8);
}

TEST(Colorectal, ATrialAfterAStopEnrolsWhoStoppedWithoutProgression) {
  const Design design = design_of("simmons-2023");
  const int n = 120;
  int toxicity = 0, clear = 0;
  for (const Patient& patient : enrol_trial(design, {5, 0}, n, {}).patients) {
    toxicity += patient.stopped_for_toxicity;
    clear += metastases_seen(patient) == 0;
    const double longest = 17.6 * kDaysPerMonth + 5 * kDaysPerYear;
    EXPECT_LT(patient.since_diagnosis - patient.disease_free, longest);
    // what is left of the antibody goes on to decay from a dose in the past
    EXPECT_GT(patient.inputs[static_cast<std::size_t>(biology::input_index(&biology::Inputs<double>::pd1_slow))], 0);
    EXPECT_LE(patient.inputs[static_cast<std::size_t>(biology::input_index(&biology::Inputs<double>::epoch))], 0);
  }
  EXPECT_GT(toxicity, 0);
  EXPECT_LT(toxicity, n / 2);
  EXPECT_GT(clear, 0);
}

TEST(Colorectal, KidneyScoresAndOperationsAreRefused) {
  const auto refused = [](const std::function<void(Protocol&)>& change) { EXPECT_THROW(design_of("keynote-177", change), InputError); };
  refused([](Protocol& p) { p.randomisation.strata = {"imdc"}; });
  refused([](Protocol& p) { p.population.eligibility.mskcc = {"poor"}; });
  refused([](Protocol& p) { p.arms[0].operations = {Operation{}}; });
  refused([](Protocol& p) { p.randomisation.strata = {"stopped_for"}; });
}

}  // namespace
}  // namespace coley
