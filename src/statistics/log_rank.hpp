// SPDX-License-Identifier: Apache-2.0
#pragma once
// The log-rank family: weighted sums of observed minus expected events with the hypergeometric variance, over the risk
// sets of every stratum. All weights use the pooled survival of the stratum just before the event, S(t-).
// Mantel 1966; Harrington & Fleming 1982; Magirr & Burman 2019; MaxCombo: Lin et al. 2020.

#include <string>
#include <vector>

#include "statistics/risk_sets.hpp"

namespace coley::statistics {

/// Weight of an event time in the log-rank sum.
struct LogRankWeight {
  enum class Kind {
    fleming_harrington,  ///< S(t-)^rho (1 - S(t-))^gamma; rho = gamma = 0 is the log-rank test
    gehan,               ///< number at risk
    tarone_ware,         ///< its square root
    peto_peto,           ///< Peto's survival estimate, product of 1 - d/(n + 1), at t
    modestly_weighted,   ///< 1 / max(S(t-), S(t*-)) with t* = `at` (Magirr & Burman)
    early_zero           ///< 0 before `at`, 1 from then on
  };
  Kind kind = Kind::fleming_harrington;
  double rho = 0, gamma = 0;
  double at = 0;

  static LogRankWeight fh(double rho, double gamma) { return {Kind::fleming_harrington, rho, gamma, 0}; }
  /// "Fleming-Harrington(0, 1)", "modestly weighted, t* = 180"
  std::string name() const;
};

/// Vectors by group; `variance` is groups x groups, row by row. Sums over strata.
struct LogRankTest {
  LogRankWeight weight;
  std::vector<double> subjects, observed, expected, variance;
  double chi_square, p, log10_p;  ///< NaN when not estimable
  int df;                         ///< groups with expected > 0, minus 1
  std::string not_estimable;      ///< why there is no test; empty when there is one

  /// Two groups only: U = observed - expected of group 1 and U / sqrt(V), below 0 when group 1 does better. NaN otherwise.
  double u() const;
  double v() const;
  double z() const;
};

/// MaxCombo: the largest of several Fleming-Harrington statistics, two groups, with the joint p-value of the normal
/// vector they form. z below 0 favours group 1.
struct MaxCombo {
  std::vector<LogRankWeight> weights;
  std::vector<double> z, correlation;  ///< correlation: weights x weights
  double z_min, p_one_sided;           ///< 1 - P(all Z >= z_min)
  double z_max_abs, p_two_sided;       ///< 1 - P(all |Z| <= z_max_abs)
  std::string not_estimable;
};

/// Sums over risk sets for several weights at once.
class LogRankSums {
 public:
  LogRankSums(int groups, std::vector<LogRankWeight> weights);
  void add(const RiskSet& set);
  LogRankTest test(std::size_t weight, const std::vector<double>& subjects) const;
  /// Two groups: covariance of U of weights i and j.
  double covariance(std::size_t i, std::size_t j) const { return cross_[i * weights_.size() + j]; }

 private:
  double weight_value(std::size_t i, double time, double total) const;

  std::size_t groups_;
  std::vector<LogRankWeight> weights_;
  std::vector<double> observed_, expected_, variance_, cross_, value_;
  double survival_ = 1, peto_ = 1;         // of the stratum: S just before the set, Peto's estimate at it
  std::vector<double> survival_at_star_;   // by weight: S just before t*
};

LogRankTest log_rank(const SortedRows& rows, const LogRankWeight& weight = {});
LogRankTest log_rank(const SurvivalRows& rows, const LogRankWeight& weight = {});
MaxCombo max_combo(const SortedRows& rows, const std::vector<LogRankWeight>& weights);
/// From sums over the risk sets of two groups with several weights.
MaxCombo max_combo(const LogRankSums& sums, const std::vector<LogRankWeight>& weights, const std::vector<double>& subjects);

}  // namespace coley::statistics
