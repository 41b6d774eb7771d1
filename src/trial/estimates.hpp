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

/// Views of all patients, among those the last cut-off of each endpoint first.
std::vector<std::size_t> overall_views(const Design& design);
/// Those whose curves are drawn: the first of each endpoint.
std::vector<std::size_t> drawn_views(const Design& design);
/// Whole months at which the curves of single trials are kept, for the envelope of a drawn view.
std::vector<double> grid_months(const View& view);

/// What is kept of every single trial: the values of evidence_of, then for each drawn view, arm and month of its grid the
/// survival, NaN after the last time.
std::vector<double> kept_estimates(const Design& design, const Tally& tally);

/// Fewer trials than these say nothing of a range.
constexpr std::size_t kLeastTrials = 20;

/// Central range over trials of the k-th kept estimate, and its middle; nothing with fewer than kLeastTrials.
std::optional<report::Estimate> range_over_trials(const TrialResult& result, std::size_t k, double level);

/// How an estimate scatters over the whole trials of a run, on the scale on which it is roughly normal (log of a ratio).
struct TrialSpread {
  std::vector<double> values;  ///< ascending; trials in which it is not estimable are left out
  double mean = 0, sd = 0;     ///< sd 0 with fewer than two values
  bool unbounded = false;      ///< in some trials a median was not reached
};
TrialSpread spread_over_trials(const TrialResult& result, std::size_t k, report::Scale scale);

/// The evidence rows of the summary: published beside simulated, and the central 90 % of trials of the published size.
std::vector<report::EvidenceRow> evidence_rows(const Design& design, const TrialResult& result);

}  // namespace coley
