// SPDX-License-Identifier: Apache-2.0
// Trials of one arm by their bounds: Simon's by his own formula, Bayesian monitoring by figures of Lee and Liu 2008.

#include "statistics/response_design.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

TEST(ResponseDesign, OfSimonDoesWhatHisFormulaSays) {
  const TwoStageDesign simon = simon_two_stage(0.2, 0.4, 0.05, 0.8);
  const ResponseDesign design = as_looks(simon);
  for (const double p : {0.1, 0.2, 0.4, 0.7}) EXPECT_NEAR(response_characteristics(design, p).promising, promising_probability(simon, p), 1e-12);
  const ResponseCharacteristics null = response_characteristics(design, 0.2);
  EXPECT_NEAR(null.futility[0], simon.early_stop, 1e-12);
  EXPECT_NEAR(null.patients, simon.expected_patients, 1e-10);
}

TEST(PredictiveProbability, IsThatOfLeeAndLiu) {
  // their example: of 40 patients 23 are seen with 16 responses, prior beta(0.6, 0.4), success when P(p > 0.6) exceeds 0.90: 0.5656
  const PredictiveMonitoring monitoring{.patients = {23, 40}, .null = 0.6, .prior_responses = 0.6, .prior_failures = 0.4, .success = 0.90};
  EXPECT_NEAR(predictive_probability(monitoring, 23, 16), 0.5656, 5e-5);
}

TEST(PredictiveProbability, BoundsStopWhereItCrossesThem) {
  const PredictiveMonitoring m{.patients = {10, 20, 30, 40}, .null = 0.2, .prior_responses = 0.2, .prior_failures = 0.8, .success = 0.95, .efficacy = 0.99, .futility = 0.05};
  const ResponseDesign design = predictive_design(m);
  for (const ResponseLook& look : design.looks) {
    if (look.patients == 40) continue;
    if (look.futile_at_most >= 0) {
      EXPECT_LT(predictive_probability(m, look.patients, look.futile_at_most), 0.05);
    }
    EXPECT_GE(predictive_probability(m, look.patients, look.futile_at_most + 1), 0.05);
    if (look.success_from <= look.patients) {
      EXPECT_GT(predictive_probability(m, look.patients, look.success_from), 0.99);
    }
    EXPECT_LE(predictive_probability(m, look.patients, look.success_from - 1), 0.99);
  }
  const ResponseLook& last = design.looks.back();
  EXPECT_GT(beta_upper(0.2, 0.2 + last.success_from, 0.8 + 40 - last.success_from), 0.95);
  EXPECT_LE(beta_upper(0.2, 0.2 + last.futile_at_most, 0.8 + 40 - last.futile_at_most), 0.95);
  for (const double p : {0.1, 0.3, 0.6}) {
    const ResponseCharacteristics c = response_characteristics(design, p);
    double all = 0;
    for (std::size_t k = 0; k < 4; ++k) all += c.success[k] + c.futility[k];
    EXPECT_NEAR(all, 1, 1e-12);
  }
}

TEST(PredictiveProbability, RefusesWhatNothingCanConvince) {
  EXPECT_THROW(predictive_design({.patients = {5}, .null = 0.9, .success = 0.999}), InputError);
}

}  // namespace
}  // namespace coley::statistics
