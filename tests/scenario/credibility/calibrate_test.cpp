// SPDX-License-Identifier: Apache-2.0
// A fit of a few numbers to figures whose truth is known, at small size.

#include "credibility/calibrate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "credibility/roles.hpp"
#include "credibility/sensitivity.hpp"
#include "credibility/validation_text.hpp"

namespace coley::credibility {
namespace {

/// Lethality of burden, which survival without drug tells, and dissemination, which recurrence tells.
CalibrationPlan small_plan() {
  return read_calibration(R"(
schema_version = 1
name = "small"
seed = 5
patients = 150
rows_worth = 4
generations = 1
population = 8
sets = 8
rounds = 3
members = 12
[[number]]
set = "parameters.B_L"
disease = "renal"
scale = "log"
low = 20
high = 1000
start = 150
why = "survival"
[[number]]
set = "parameters.mu"
disease = "renal"
scale = "log"
low = 2e-11
high = 5e-9
start = 3e-10
why = "recurrence"
[[trial]]
name = "mrc-re01"
rows = ["MRC-03", "MRC-04"]
[[trial]]
name = "recurrence-after-nephrectomy"
rows = ["RECUR-01", "RECUR-02", "RECUR-03"]
)", "small.toml", role_of_row);
}

/// The same without a search, as quick as it gets.
CalibrationPlan quick_plan() {
  CalibrationPlan plan = small_plan();
  plan.generations = 0;
  plan.population = 5;
  plan.sets = 6;
  plan.rounds = 1;
  plan.members = 4;
  plan.patients = 60;
  return plan;
}

Eigen::VectorXd at(double a, double b) { return Eigen::Vector2d(a, b); }

TEST(Calibrate, FindsTheTruthThatItsFiguresComeFrom) {
  const Evaluator published(small_plan(), 2);
  const Eigen::VectorXd truth = at(0.8, -0.6), far = at(-1.5, 1.5);
  const Evaluator evaluator = published.pretending(truth, Stream({9, 0}, 0, 0));
  EvaluationLog log;
  const CalibrationResult fit = calibrate(evaluator, log, {});
  ASSERT_EQ(fit.members.size(), 12u);
  for (int k = 0; k < 2; ++k) {
    const FreeNumber& number = fit.numbers[static_cast<std::size_t>(k)];
    double mean = 0, squares = 0;
    for (const EnsembleMember& member : fit.ensemble.members) {
      const double z = deviate_of(number, member.values[static_cast<std::size_t>(k)]);
      mean += z / 12;
      squares += z * z / 12;
    }
    const double sd = std::sqrt(std::max(0.0, squares - mean * mean));
    EXPECT_LT(sd, 0.8) << number.set << ": the figures should narrow the prior";
    EXPECT_LT(std::abs(mean - truth[k]), 3 * sd) << number.set;
  }
  EXPECT_LT(fit.middle_loss, 0.5 * evaluator.loss(evaluator(far), far));
}

TEST(Calibrate, GivesTheSameEnsembleOnAnyThreadsAndAfterAnInterruption) {
  const CalibrationPlan plan = quick_plan();
  EvaluationLog whole, half;
  const Ensemble first = calibrate(Evaluator(plan, 1), whole, {}).ensemble;
  std::size_t kept = 0;
  for (const auto& [key, evaluation] : whole.known) {
    if (++kept % 2 == 0) half.known.insert(read_line(to_line(key, evaluation), "log", 1));
  }
  long simulated = 0;
  half.keep = [&](const std::string&, const Evaluation&) { ++simulated; };
  const Ensemble second = calibrate(Evaluator(plan, 2), half, {}).ensemble;
  EXPECT_EQ(sha256_of(first), sha256_of(second));
  EXPECT_EQ(simulated, static_cast<long>((kept + 1) / 2));
  EXPECT_THROW(read_line("{\"key\":", "log", 3), InputError);
}

TEST(Calibrate, CorrelationsThatContradictEachOtherAreNotPossible) {
  CalibrationPlan plan = quick_plan();
  for (const char* with : {"iota", "tki_scale"}) {
    FreeNumber& number = plan.numbers.emplace_back(plan.numbers[0]);
    number.set = std::string("parameters.gamma.correlation.") + with;
    number.scale = PriorScale::linear;
    number.low = -0.9, number.high = 0.9, number.start = 0;
  }
  const Evaluator evaluator(plan, 1);
  EXPECT_TRUE(evaluator.possible(Eigen::Vector4d(0, 0, 2, 0)));
  EXPECT_FALSE(evaluator.possible(Eigen::Vector4d(0, 0, 2, 2))) << "iota and tki_scale are independent, and cannot both go with gamma";
}

/// A figure that only one trial shows: fitted with it the number is known, and without it as open as its prior.
TEST(Calibrate, PredictsEachTrialFromTheOthers) {
  CalibrationPlan plan = quick_plan();
  plan.sets = 12;
  const Evaluator evaluator(plan, 2);
  const Evaluator pretending = evaluator.pretending(at(1, -1), Stream({9, 0}, 0, 0));
  EvaluationLog log;
  const CalibrationResult fit = calibrate(pretending, log, {});
  ASSERT_EQ(fit.ensemble.omitted.size(), 2u);
  const OmittedTrial &survival = fit.ensemble.omitted[0], &recurrence = fit.ensemble.omitted[1];
  EXPECT_EQ(survival.trial, "mrc-re01");
  EXPECT_EQ(survival.rows, 4);
  EXPECT_EQ(recurrence.rows, 3);
  EXPECT_GT(survival.square_without, 2 * survival.square) << "nothing but mrc-re01 says how lethal a burden is";
  EXPECT_LE(survival.met_without, survival.rows);
  EXPECT_EQ(fit.ensemble.evaluations, 5 + 12 + 1 + 2 * 4);
  const Ensemble back = read_ensemble(to_text(fit.ensemble), "ensemble.toml");
  EXPECT_EQ(back.omitted.size(), 2u);
  EXPECT_EQ(sha256_of(back), sha256_of(fit.ensemble)) << "the digest is of numbers and members";
}

TEST(Validate, ScoresFittedRowsApartFromOthers) {
  const CalibrationPlan plan = small_plan();
  Ensemble ensemble = single(plan.numbers, {150, 3e-10});
  for (int m = 0; m < 20; ++m) ensemble.members.push_back({{100.0 + 5 * m, 3e-10}});
  const Validation validation = validate({"mrc-re01"}, {}, plan, ensemble, 1, 2);
  const Score fitted = score(validation, Use::fitted), left = score(validation, Use::left_out);
  EXPECT_EQ(fitted.rows, 4);  // two medians and two shares
  EXPECT_EQ(left.rows, 1);    // the hazard ratio
  EXPECT_EQ(score(validation, Use::validation).rows, 0);
  const auto json = validation_json(validation);
  EXPECT_EQ(json["evidence"].size(), validation.rows.size());
  const std::string report = credibility_report(validation, plan, ensemble, {{{"MRC-03"}, "A reason."}}, {}, "2026-01-01");
  EXPECT_NE(report.find("## Validation"), std::string::npos);
  for (const ScoredRow& row : validation.rows) EXPECT_EQ(report.find(row.row.id) == std::string::npos, row.use == Use::context) << row.row.id;  // context is not scored
  EXPECT_EQ(sha256_of(ensemble), validation.ensemble_sha256);
}

TEST(Sensitivity, LethalityDecidesSurvivalAndAUselessNumberDoesNot) {
  const TrialInputs trial = read_trial("mrc-re01");
  CalibrationPlan plan = small_plan();
  FreeNumber useless = plan.numbers[0];
  useless.set = "drugs.interferon-alfa.effect.ec50_mg_per_l.value";
  useless.low = 1e-9, useless.high = 1.001e-9;
  plan.numbers.push_back(useless);
  SensitivityOptions options{.method = SensitivityMethod::morris, .points = 2, .patients = 120, .seed = 1, .threads = 2};
  const Sensitivity result = sensitivity(trial, {}, numbers_of_trial(plan, trial, {}), options);
  const auto survival = std::find_if(result.outputs.begin(), result.outputs.end(), [](const SensitivityOutput& o) { return o.name.starts_with("OS at 12 months"); });
  ASSERT_NE(survival, result.outputs.end());
  ASSERT_EQ(survival->not_done, "");
  EXPECT_GT(survival->effects[0].mean_absolute.estimate, 0.1);
  EXPECT_GT(survival->effects[0].mean, 0);  // a larger burden at half the hazard is longer life
  EXPECT_LT(survival->effects[2].mean_absolute.estimate, 0.05);
  EXPECT_THROW(numbers_of_trial(plan, trial, {"parameters.nothing"}), InputError);
}

}  // namespace
}  // namespace coley::credibility
