// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a table of replicate trials says of each test: power, type-I error, where it stops, how long and how large the trial
// becomes, and how far the estimate is off for having stopped. Every figure with its Monte-Carlo error.

#include <optional>
#include <string>
#include <vector>

#include "design/replicates.hpp"

namespace coley::design {

/// A mean over replicates and its standard error.
struct Measured {
  double value = 0;
  double error = 0;
};

struct LookShare {
  Measured efficacy, futility;  ///< share of trials that stop here
};

struct TestCharacteristics {
  std::string name;
  Measured power;
  std::vector<LookShare> looks;
  Measured events, months, recruited;            ///< when the trial ends
  double months_low = 0, months_median = 0, months_high = 0;  ///< 10 %, 50 % and 90 % of trials
  std::vector<double> month_shares;              ///< share of trials that have ended by month 0, 1, 2, ...
  double hazard_ratio = 0;                       ///< geometric mean of the estimates with which trials end; NaN without any
  Measured log_bias;                             ///< mean of the log estimate minus that of trials that never stop early
  long long infinite = 0;                        ///< trials without a finite estimate, left out of the two above
  long long not_available = 0;                   ///< last looks at which the test could not be had: not significant
};

struct LookMeans {
  double months = 0, events = 0, recruited = 0;  ///< of the trials that come to it
  double reached = 0;                            ///< share of the trials
};

/// `true_log_ratio` is known for proportional hazards; without it, the estimate at the last look of the same trials stands
/// in for it, and the table must hold every look.
TestCharacteristics characterise(const TrialTable& table, std::size_t test, const std::string& name, std::optional<double> true_log_ratio);

/// P(rejection) with futility that does not bind overruled.
Measured rejection_overruled(const TrialTable& table, std::size_t test);

std::vector<LookMeans> look_means(const TrialTable& table);

/// A share of so many trials, and its standard error.
Measured share_of(double count, std::size_t trials);

}  // namespace coley::design
