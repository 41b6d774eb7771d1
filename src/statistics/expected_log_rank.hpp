// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a weighted log-rank test is expected to show when hazards need not be proportional: a delayed effect, a cured
// share, drop-out, staggered entry. The score is integrated over time on trial with the hazards, so the answer is that of
// Lakatos (Biometrics 1988;44:229) in the limit of short intervals.
// With the weights of log_rank.hpp; their number at risk and survival are those of the pooled arms.

#include "statistics/event_prediction.hpp"
#include "statistics/log_rank.hpp"

namespace coley::statistics {

/// Per patient ever accrued, at calendar `time`.
struct ExpectedLogRank {
  double score = 0;          ///< observed minus expected events on treatment, weighted; below 0 favours treatment
  double variance = 0;       ///< of the score
  double event_share = 0;    ///< share of the patients with an event
  /// exp of the mean log hazard ratio over event times, weighted by the information of each: 1 / (1 / d1 + 1 / d2) for
  /// d1, d2 events in a short interval. 1 when an arm has none.
  double average_hazard_ratio = 1;
  /// Mean of the test statistic with this many patients; above 0 favours treatment.
  double drift(double patients) const;
};

ExpectedLogRank expected_log_rank(const TwoArmAccrual& trial, double time, const LogRankWeight& weight = {});

/// Power of the test with one look at calendar `time`, one-sided alpha, and those patients.
double log_rank_power(const TwoArmAccrual& trial, double time, double patients, double alpha,
                      const LogRankWeight& weight = {});

/// Patients for a power. Throws InputError when the expected effect is not in favour of treatment.
double log_rank_patients(const TwoArmAccrual& trial, double time, double alpha, double power,
                         const LogRankWeight& weight = {});

}  // namespace coley::statistics
