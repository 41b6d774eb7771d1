// SPDX-License-Identifier: Apache-2.0
#pragma once
// Times to the first of several events that exclude each other, and the Aalen-Johansen estimate of how many have had
// each. Times equal bit for bit are ties; a subject censored at t is still at risk at t; with delayed entry a subject
// is at risk in (entry, time].

#include <span>
#include <vector>

#include "statistics/survival_curve.hpp"

namespace coley::statistics {

/// One element a subject; views, so the caller keeps the arrays alive during a call.
struct CompetingTimes {
  std::span<const double> time;   ///< of the event or the last observation; finite, 0 or more
  std::span<const int> cause;     ///< 0: censored; 1, 2, ...: which event
  std::span<const double> entry;  ///< empty: observed from 0; otherwise 0 <= entry < time
  std::span<const double> weight = {};  ///< sampling weights, above 0; empty: 1 each. Aalen-Johansen only.
};

/// Throws InputError, naming the row, for what the fields of CompetingTimes do not allow, and without subjects.
void check_competing_times(const CompetingTimes& data);

/// The curves at each distinct time. Arrays are [state][row]: state 0 is free of any event, state k has had cause k.
/// Beyond the last row nothing is known unless probability[0] is 0 there.
struct CumulativeIncidence {
  std::vector<double> time;
  std::vector<double> n_risk;                    ///< just before the time, weighted
  std::vector<std::vector<double>> n_event;      ///< weighted; [0]: censored at the time
  std::vector<std::vector<double>> probability;  ///< sums to 1 over the states
  /// Standard error by the infinitesimal jackknife (survival::survfit); without delayed entry that is Greenwood's
  /// formula carried over to several causes, and for state 0 exactly Greenwood's.
  std::vector<std::vector<double>> se;
  /// Variance of Aalen type as Gray (Ann Stat 1988) and cmprsk::cuminc give it; it moves only at events of its own
  /// cause. [0] is empty, and with weights all are.
  std::vector<std::vector<double>> aalen_variance;

  int causes() const { return static_cast<int>(probability.size()) - 1; }
  /// The last row with time <= t; -1 before the first.
  std::ptrdiff_t row_at(double t) const;
  /// Probability of a state at time t: 1 or 0 before the first row.
  double probability_at(int state, double t) const;
  /// The same with its interval, on the log scale as survfit's default unless told otherwise; limits are NaN where
  /// the scale has none (probability 0) and before the first row.
  Estimate interval_at(int state, double t, const CurveOptions& options = {.interval = IntervalType::log}) const;
};

/// Aalen-Johansen estimate for causes 1..causes (at least those that occur). Linear in subjects once sorted.
/// Throws InputError as check_competing_times, and for a cause above `causes`.
CumulativeIncidence aalen_johansen(const CompetingTimes& data, int causes);

}  // namespace coley::statistics
