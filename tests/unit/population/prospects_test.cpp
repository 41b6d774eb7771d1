// SPDX-License-Identifier: Apache-2.0
// Nobody who can take part is barred beforehand: people are followed as if places of every group were open, and whoever turns
// out to be of a group must not be barred when that group alone is. And of the others many are.
#include "population/prospects.hpp"

#include <gtest/gtest.h>

#include "core/units.hpp"
#include "population/candidate.hpp"
#include "population/screening.hpp"
#include "protocol/trial_inputs.hpp"

namespace coley {
namespace {

struct Asked {
  std::string trial, covariate, group;
  double least_barred;  ///< share of the people of other groups, or of none, of whom it is known beforehand
};

class Barred : public testing::TestWithParam<Asked> {};

TEST_P(Barred, NobodyWhoWouldTakePart) {
  constexpr std::uint64_t kPeople = 20000;
  const DrawKey key{5, 0};
  const auto [trial, covariate, group, least_barred] = GetParam();
  const TrialInputs inputs = read_trial(trial);
  const Disease disease = read_disease(inputs.parameters);
  Population all = inputs.protocol.population;
  all.mix.clear();
  all.mix_by.clear();
  Population only = all;
  only.mix_by = covariate;
  only.mix = {{group, 1.0}};

  Population whoever = all;  // bars nobody: without rules there is no group to be out of
  whoever.eligibility = {};
  const Places any(all, key, kPeople);
  const ScreenedPeople screened = screen(all, disease, key, 0, kPeople, any, Prospects(whoever, disease, any, kLongestNaturalHistory), {});
  const Places places(only, key, 1);
  const Prospects prospects(only, disease, places, kLongestNaturalHistory);
  const ClassReader class_of(only);
  int of_group = 0, others = 0, barred = 0;
  for (std::uint64_t n = 0; n < kPeople; ++n) {
    const Screened& person = screened.people[n];
    if (person.excluded == Exclusion::histology || person.excluded == Exclusion::age) continue;
    Patient drawn;
    drawn.draws = {key, n};
    draw_person(disease, drawn);
    TraitDraws(disease, drawn).draw_growth();
    const auto reason = prospects.barred(drawn);
    if (person.patient && places.open(class_of(*person.patient))) {
      ++of_group;
      EXPECT_FALSE(reason) << "person " << n;
    } else {
      ++others;
      barred += reason.has_value();
    }
  }
  EXPECT_GT(of_group, 10);
  EXPECT_GT(barred, least_barred * others);
}

INSTANTIATE_TEST_SUITE_P(OfEveryCovariate, Barred,
                         testing::Values(Asked{"keynote-564", "risk", "intermediate_high", 0.4}, Asked{"keynote-564", "risk", "high", 0.2},
                                         Asked{"keynote-564", "risk", "m1_ned", 0.1}, Asked{"keynote-426", "imdc", "favourable", 0.1},
                                         Asked{"keynote-426", "imdc", "poor", 0.2}, Asked{"checkmate-025", "mskcc", "favourable", 0.1},
                                         Asked{"mrc-re01", "ecog", "0", 0.1}),
                         [](const auto& test) { return test.param.covariate + "_" + test.param.group; });

TEST(Prospects, TellWhetherAGroupIsFullOrNotAdmitted) {
  const TrialInputs inputs = read_trial("keynote-564");
  const Disease disease = read_disease(inputs.parameters);
  Population population = inputs.protocol.population;
  population.mix = {{"high", 1.0}};
  const Places high(population, {1, 0}, 1);
  Patient patient;
  do {
    ++patient.draws.patient;
    draw_person(disease, patient);
    TraitDraws(disease, patient).draw_growth();
  } while (grade_primary(disease, patient, 90).t_stage > 2);
  // of grade 4 and 9 cm, and sheds nothing: intermediate-high if found at that size, never N+ or M1
  patient.person.sarcomatoid = true;
  patient.traits.found_at = volume_cm3(90);
  patient.traits.mu = 0;
  const auto barred = [&] { return Prospects(population, disease, high, kLongestNaturalHistory).barred(patient); };
  EXPECT_EQ(barred(), Exclusion::group_full);
  population.eligibility.risk = {"high"};
  EXPECT_EQ(barred(), Exclusion::risk_low);
  population.eligibility.risk = {"high", "low"};
  population.mix_by.clear();
  EXPECT_FALSE(barred());
}

}  // namespace
}  // namespace coley
