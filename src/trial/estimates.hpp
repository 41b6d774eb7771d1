// SPDX-License-Identifier: Apache-2.0
#pragma once
// Estimates from a tally: what a published row is compared with, and how far trials of the published size scatter.

#include "report/summary.hpp"
#include "trial/run_trial.hpp"

namespace coley {

/// One number that an evidence link asks for, with its standard error on the scale on which it is roughly normal.
struct EvidenceEstimate {
  std::string name;        ///< for people
  report::Scale scale;
  int which = 0;           ///< 0 the row's estimate, 1 value_a, 2 value_b
  double value = 0;        ///< NaN where it cannot be estimated
  double low = 0, high = 0;  ///< 95 % Monte-Carlo interval
  /// Of a median: the simulated curve at the published median, where it is one half if they agree. It is known also where
  /// the simulated median is not reached.
  std::optional<report::Estimate> at_published_median;
  std::string row;         ///< of evidence/published.csv
};

/// Every number of every evidence link, in order; a link without an arm gives one a side.
std::vector<EvidenceEstimate> evidence_of(const Design& design, const Tally& tally);

/// The values alone.
std::vector<double> evidence_estimates(const Design& design, const Tally& tally);

/// The evidence rows of the summary: published beside simulated, and the central 90 % of trials of the published size.
std::vector<report::EvidenceRow> evidence_rows(const Design& design, const TrialResult& result);

}  // namespace coley
