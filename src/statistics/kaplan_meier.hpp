// SPDX-License-Identifier: Apache-2.0
#pragma once
// Kaplan-Meier and Nelson-Aalen curves with Greenwood's variance, from rows (delayed entry, weights) or from risk sets.
// Kaplan & Meier 1958; Aalen 1978; Fleming & Harrington 1984 for the tie-corrected hazard.

#include <vector>

#include "statistics/risk_sets.hpp"
#include "statistics/survival_curve.hpp"

namespace coley::statistics {

/// Builds one curve from its distinct times in ascending order.
class CurveBuilder {
 public:
  explicit CurveBuilder(const CurveOptions& options) { curve_.options = options; }
  void reserve(std::size_t rows);
  /// `events` and `censored` are weighted, `deaths` counts the events.
  void add(double time, double at_risk, double events, double deaths, double censored);
  /// Replaces the standard errors of log S and H at the time added last.
  void set_se(double se_log_survival, double se_cumulative_hazard);
  /// Fills in the limits and hands the curve over.
  SurvivalCurve finish(double subjects);

 private:
  SurvivalCurve curve_;
  double survival_ = 1, greenwood_ = 0, hazard_ = 0, hazard_variance_ = 0;
};

/// One curve a group, in the order of groups; strata are ignored. Weights, where given, enter as replications
/// unless the variance is robust. Throws InputError (check(), and a robust variance with Fleming-Harrington ties).
std::vector<SurvivalCurve> kaplan_meier(const SurvivalRows& rows, const CurveOptions& options = {});

/// The same from rows already sorted, without strata.
std::vector<SurvivalCurve> kaplan_meier(const SortedRows& rows, const CurveOptions& options = {});

}  // namespace coley::statistics
