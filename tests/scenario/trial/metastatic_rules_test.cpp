// SPDX-License-Identifier: Apache-2.0
// What the protocol's rules do to patients of metastatic entry: eligibility, operations and fitness after them, elective
// stops, treatment beyond progression and again, iRECIST, earlier treatment, assignment by indication.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/units.hpp"
#include "observation/tumour_assessment.hpp"
#include "population/prognosis.hpp"
#include "protocol/vocabulary.hpp"
#include "trial/enrol_trial.hpp"
#include "trial/summarise.hpp"

namespace coley {
namespace {

struct Row {
  Patient patient;
  Outcome outcome;
};

Design design_of(const std::string& trial, const std::function<void(Protocol&)>& change = [](Protocol&) {}) {
  TrialInputs inputs = read_trial(trial);
  change(inputs.protocol);
  return make_design(std::move(inputs));
}

std::vector<Row> rows_of(const Design& design, long long patients) {
  std::vector<Row> result;
  const RowSink keep = [&](const std::vector<PatientRow>& rows) {
    for (const PatientRow& row : rows) result.push_back({*row.patient, *row.outcome});
  };
  simulate_trial(design, {.patients = patients}, 0, patients, keep);
  return result;
}

void every_rule(Protocol& protocol, const std::function<void(StopRules&)>& set) {
  for (Arm& arm : protocol.arms) {
    for (Dosing& dosing : arm.drugs) set(dosing.stop);
  }
}

nlohmann::json summary_of(const Design& design, const RunOptions& options) {
  std::ostringstream text;
  report::write_summary_json(text, summarise(design, options, run_trial(design, options), "test"));
  nlohmann::json json = nlohmann::json::parse(text.str());
  json.erase("run");
  return json;
}

TEST(MetastaticRules, ARunDoesNotDependOnThreads) {
  const Design design = design_of("carmena", [](Protocol& p) { p.population.size = 20; });
  EXPECT_EQ(summary_of(design, {.patients = 60, .threads = 1, .twins = true}), summary_of(design, {.patients = 60, .threads = 3, .twins = true}));
}

TEST(MetastaticRules, EnrolsWhomTheProtocolAdmits) {
  const Design design = design_of("carmena");
  for (const auto& [patient, outcome] : rows_of(design, 60)) {
    EXPECT_GT(patient.pathology.metastases, 0);
    EXPECT_FALSE(patient.prior_nephrectomy);
    EXPECT_LT(patient.pathology.t_stage, 4);
    EXPECT_LE(patient.ecog, 1);
    EXPECT_NE(mskcc(patient), MetastaticRisk::favourable);
    EXPECT_GE(metastases_seen(patient), 1);
    EXPECT_LT(patient.since_diagnosis, 60);
    for (const Reading& reading : patient.baseline.lesions) EXPECT_FALSE(reading.organ == Organ::brain && is_disease(reading));
  }
}

TEST(MetastaticRules, MetachronousPatientsComeAfterNephrectomy) {
  const Design design = design_of("metastasectomy");
  for (const auto& [patient, outcome] : rows_of(design, 50)) {
    EXPECT_EQ(patient.pathology.metastases, 0);
    EXPECT_TRUE(patient.prior_nephrectomy);
    EXPECT_GE(patient.disease_free, 180);
    EXPECT_GT(patient.since_diagnosis, patient.disease_free);
    EXPECT_LE(metastases_seen(patient), 3);
  }
}

TEST(MetastaticRules, SharesOfTheMixAreMet) {
  const Design design = design_of("keynote-426");
  std::array<int, 3> groups{};
  const int n = 150;
  for (const Patient& patient : enrol_trial(design, {3, 0}, n, {}).patients) {
    ++groups[static_cast<std::size_t>(imdc(patient))];
    EXPECT_TRUE(TumourAssessment(patient.baseline).measurable());
  }
  const double shares[] = {0.31, 0.56, 0.13};
  for (std::size_t g = 0; g < 3; ++g) EXPECT_NEAR(groups[g] / static_cast<double>(n), shares[g], 4 * std::sqrt(shares[g] * (1 - shares[g]) / n));
}

TEST(MetastaticRules, DrugsWaitForTheOperationAndForFitness) {
  const auto only_operated = [](Protocol& p) { p.arms[0].operations = p.arms[1].operations; };
  int treated = 0;
  for (const auto& [patient, o] : rows_of(design_of("carmena", only_operated), 80)) {
    if (o.operation_day != kNoDay) {
      EXPECT_EQ(o.operation_day, 14);
    }
    if (o.unresectable) {
      EXPECT_EQ(o.operation_day, kNoDay);
    }
    EXPECT_EQ(o.doses > 0, o.first_dose_day != kNoDay);
    EXPECT_EQ(o.doses > 0, o.eligible_after_surgery);
    if (o.unfit != Unfit::none) {
      EXPECT_EQ(o.doses, 0);
    }
    if (o.doses == 0) continue;
    ++treated;
    EXPECT_GE(o.first_dose_day, 14 + 28);
    EXPECT_LE(o.first_dose_day, 14 + 28 + 7 + 14);
  }
  EXPECT_GT(treated, 40);

  const auto nobody_fit = [](Protocol& p) {
    for (Arm& arm : p.arms) {
      arm.operations = p.arms[1].operations;
      arm.operations[0].fitness.exclude_sites = organs();
    }
  };
  for (const auto& [patient, o] : rows_of(design_of("carmena", nobody_fit), 30)) {
    if (o.doses > 0) {
      EXPECT_FALSE(o.unresectable);  // every metastasis was gone by then
    }
  }
}

TEST(MetastaticRules, AnElectiveStopEndsTreatmentAndTheDrugCanBeGivenAgain) {
  const auto half_a_year = [](Protocol& p) { every_rule(p, [](StopRules& s) { s.after_months = 6; s.treat_beyond_progression = false; s.retreat_at_progression = true; }); };
  int stopped = 0, again = 0;
  for (const auto& [patient, o] : rows_of(design_of("checkmate-214", half_a_year), 60)) {
    if (o.treatment_end_day != kNoDay) {
      EXPECT_LE(o.treatment_end_day, 183 + 1);
    }
    EXPECT_FALSE(o.completed);
    stopped += o.stopped_by_plan;
    if (o.retreatment_day == kNoDay) continue;
    ++again;
    EXPECT_TRUE(o.stopped_by_plan);
    EXPECT_EQ(o.retreatment_day, o.progression_day);
    EXPECT_EQ(o.next_line_day, o.retreatment_day);
    EXPECT_GT(o.retreatment_day, o.treatment_end_day);
  }
  EXPECT_GT(stopped, 10);
  EXPECT_GT(again, 5);
}

TEST(MetastaticRules, AStopAfterResponseFollowsItsConfirmation) {
  const auto at_response = [](Protocol& p) { every_rule(p, [](StopRules& s) { s.after_response_months = 3; }); };
  int stopped = 0;
  for (const auto& [patient, o] : rows_of(design_of("keynote-426", at_response), 60)) {
    if (!o.stopped_by_plan) continue;
    ++stopped;
    ASSERT_NE(o.response_day, kNoDay);
    EXPECT_GE(o.treatment_end_day, o.response_day + 28 + 91);
  }
  EXPECT_GT(stopped, 10);
}

TEST(MetastaticRules, BeyondProgressionOnlyWhereTheRuleSaysSo) {
  int beyond = 0;
  for (const auto& [patient, o] : rows_of(design_of("checkmate-214"), 80)) {
    if (o.progression_day == kNoDay || o.treatment_end_day == kNoDay) continue;
    if (o.arm == 1) {
      EXPECT_LE(o.treatment_end_day, o.progression_day);
    }
    beyond += o.treatment_end_day > o.progression_day;
  }
  EXPECT_GT(beyond, 0);
}

TEST(MetastaticRules, ImmuneCriteriaNeverDateProgressionEarlier) {
  const auto rows = rows_of(design_of("checkmate-214", [](Protocol& p) { every_rule(p, [](StopRules& s) { s.treat_beyond_progression = false; s.progression = false; s.after_months = 120; }); }), 50);
  const auto immune = rows_of(design_of("checkmate-214", [](Protocol& p) { p.visits.irecist = true; every_rule(p, [](StopRules& s) { s.treat_beyond_progression = false; s.progression = false; s.after_months = 120; }); }), 50);
  int later = 0;
  ASSERT_EQ(rows.size(), immune.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const int a = rows[i].outcome.progression_day, b = immune[i].outcome.progression_day;
    if (b == kNoDay) {
      later += a != kNoDay;
      continue;
    }
    ASSERT_NE(a, kNoDay);
    EXPECT_GE(b, a);
    later += b > a;
  }
  EXPECT_GT(later, 0);
}

TEST(MetastaticRules, EarlierTreatmentLeavesItsMark) {
  const auto after_sunitinib = [](Protocol& p) {
    p.population.prior = p.arms[1].drugs;
    p.population.mix.clear();
    p.population.mix_by.clear();
  };
  const Design design = design_of("checkmate-214", after_sunitinib);
  const Enrolment enrolment = enrol_trial(design, {1, 0}, 25, {});
  EXPECT_EQ(enrolment.screening.enrolled, 25);
  for (const Patient& patient : enrolment.patients) {
    EXPECT_GT(patient.states[biology::State::W], 0);
    EXPECT_GE(patient.since_diagnosis, 84);
    EXPECT_TRUE(TumourAssessment(patient.baseline).measurable());
  }
  // a place does not hang on the others
  const Enrolment fewer = enrol_trial(design, {1, 0}, 7, {});
  for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(fewer.patients[i].states, enrolment.patients[i].states);
}

TEST(MetastaticRules, TheChosenAreFitter) {
  double chosen = 0, others = 0;
  int n = 0, m = 0;
  for (const auto& [patient, o] : rows_of(design_of("registry-nephrectomy"), 150)) {
    (o.arm == 0 ? chosen : others) += imdc_factors(patient, patient.since_diagnosis);
    ++(o.arm == 0 ? n : m);
  }
  ASSERT_GT(n, 10);
  ASSERT_GT(m, 10);
  EXPECT_LT(chosen / n, others / m);
}

TEST(MetastaticRules, OperationWithoutEffectOnWhomItDoesNotReach) {
  // no kidney in place: an arm with nephrectomy and the same drug is the arm without it, patient for patient
  const auto both = [](Protocol& p) {
    p.population.eligibility = {.prior_nephrectomy = true};
    p.population.mix.clear();
    p.population.mix_by.clear();
    p.arms[1].operations[0].day = 0;
    p.later.clear();
  };
  const Design design = design_of("carmena", both);
  const Tally tally = simulate_trial(design, {.patients = 40, .twins = true}, 0, 40);
  for (const TwinCounts& twins : tally.twins) {
    EXPECT_EQ(twins.histogram[static_cast<std::size_t>(twins.horizon_day)], 40);
  }
}

}  // namespace
}  // namespace coley
