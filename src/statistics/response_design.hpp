// SPDX-License-Identifier: Apache-2.0
#pragma once
// Trials of one arm with a yes-no outcome that look at their data as patients accumulate, as bounds on the number of
// responses: Simon's two stages, or Bayesian monitoring by the predictive probability that the posterior will be convincing
// at the end (Lee and Liu, Clin Trials 2008;5:93). What such a trial does at a response probability is exact.

#include <vector>

#include "statistics/simon_two_stage.hpp"

namespace coley::statistics {

struct ResponseLook {
  int patients = 0;
  int futile_at_most = -1;   ///< stop for futility with so many responses or fewer; -1: never
  int success_from = 0;      ///< stop for success with so many or more; patients + 1: never. At the last look the complement of futility
};

struct ResponseDesign {
  std::vector<ResponseLook> looks;
};

ResponseDesign as_looks(const TwoStageDesign& design);

struct PredictiveMonitoring {
  std::vector<int> patients;            ///< at each look, rising, the last being all
  double null = 0.2;                    ///< response probability to be exceeded
  double prior_responses = 0.5, prior_failures = 0.5;  ///< of the beta prior
  double success = 0.95;                ///< posterior probability of exceeding `null` that convinces at the end
  double efficacy = 1, futility = 0.05; ///< stop when the predictive probability of that is above, or below
};

/// P(a beta variable with these parameters exceeds p).
double beta_upper(double p, double a, double b);
/// The predictive probability of convincing at the end, with `responses` of `patients` so far.
double predictive_probability(const PredictiveMonitoring& monitoring, int patients, int responses);
/// Throws InputError when no number of responses convinces at the end.
ResponseDesign predictive_design(const PredictiveMonitoring& monitoring);

struct ResponseCharacteristics {
  std::vector<double> success, futility;  ///< by look
  double promising = 0;                   ///< sum of `success`
  double patients = 0;                    ///< expected
};

/// At response probability p.
ResponseCharacteristics response_characteristics(const ResponseDesign& design, double p);

}  // namespace coley::statistics
