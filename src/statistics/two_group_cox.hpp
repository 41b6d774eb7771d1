// SPDX-License-Identifier: Apache-2.0
#pragma once
// Hazard ratio of group 1 to group 0 from the Cox model with that one covariate, stratified or not: only the counts of
// each risk set are needed, so it costs the number of event times, not of patients. Cox 1972; Efron 1977.

#include <string>
#include <vector>

#include "statistics/risk_sets.hpp"
#include "statistics/survival_curve.hpp"

namespace coley::statistics {

/// Tied events: Efron (R's default), Breslow (SAS's default), or the exact partial likelihood.
enum class CoxTies { efron, breslow, exact };
std::string_view to_string(CoxTies ties);
/// Throws InputError for another word.
CoxTies cox_ties(std::string_view word);

struct HazardRatio {
  CoxTies ties;
  double level;
  double log_hr, se;           ///< +-infinity and NaN when all events lie in one arm
  Estimate hazard_ratio;       ///< Wald; when infinite, the finite limit is the profile likelihood's
  double p, log10_p;           ///< Wald, two-sided; of the likelihood ratio when infinite
  double score_test, lr_test;  ///< chi-square with 1 df
  double loglik_null, loglik;
  int iterations;
  bool infinite;               ///< the likelihood is monotone: no finite maximum
  std::string not_estimable;   ///< why there is no ratio; empty when there is one
};

/// Collects the risk sets with events, then fits.
class TwoGroupCox {
 public:
  void add(const RiskSet& set);
  /// Efron or Breslow. Throws std::logic_error for exact ties.
  HazardRatio fit(CoxTies ties = CoxTies::efron, double level = 0.95) const;

 private:
  struct Set {
    double at_risk0, at_risk1, events0, events1;
  };
  struct Derivatives {
    double loglik = 0, score = 0, information = 0;
  };
  Derivatives at(double log_hr, CoxTies ties) const;
  double maximise(CoxTies ties, int& iterations) const;
  double profile_limit(double towards, double target, CoxTies ties) const;

  std::vector<Set> sets_;
};

/// Groups 0 and 1 of sorted rows; strata as they were sorted.
HazardRatio two_group_hazard_ratio(const SortedRows& rows, CoxTies ties = CoxTies::efron, double level = 0.95);

}  // namespace coley::statistics
