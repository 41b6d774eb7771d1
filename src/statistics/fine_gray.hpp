// SPDX-License-Identifier: Apache-2.0
#pragma once
// Proportional subdistribution hazards of one cause (Fine and Gray, JASA 1999). A subject who has had another event
// stays in the risk set with weight G(t-)/G(T-), G the censoring survival; a subject's hazard ratio is therefore one
// of cumulative incidence, not of a rate. Models of several causes on the same data may add up to more than 1.
// Cost: one sort, then linear in subjects, sandwich included.

#include <Eigen/Dense>
#include <span>
#include <string>
#include <vector>

#include "statistics/competing_risks.hpp"

namespace coley::statistics {

/// Who is at risk of being censored at t when events happen at t too.
enum class CensoringTies {
  events_at_risk,  ///< those who have their event at t as well (cmprsk::crr)
  events_first,    ///< only those left after the events (survival::finegray)
};

struct FineGrayOptions {
  CensoringTies ties = CensoringTies::events_at_risk;
  std::span<const int> censoring_group = {};  ///< codes from 0: G, and its part of the sandwich, by group; empty: one group
};

struct FineGrayFit {
  std::vector<std::string> names;
  Eigen::VectorXd coef;                 ///< log subdistribution hazard ratios
  Eigen::MatrixXd variance;             ///< sandwich that accounts for G being estimated
  Eigen::MatrixXd inverse_information;  ///< as if G were known
  double loglik = 0;
  double loglik_null = 0;  ///< at coef 0
  bool converged = false;
  std::string problem;  ///< why not converged: the covariate and the reason; "" when converged
  std::vector<double> time;                ///< event times of the cause
  std::vector<double> cumulative_hazard;   ///< subdistribution hazard (Breslow) at `reference`
  Eigen::VectorXd reference;               ///< the covariates' means

  /// Cumulative incidence of the cause by time t for a subject with these covariates.
  double cumulative_incidence(double t, const Eigen::VectorXd& covariates) const;
};

/// Fits the model for `cause`. `covariates` has a row a subject, a column a name. Ties by Breslow. Throws InputError as
/// check_competing_times, for delayed entry, a value that is not finite, a covariate that does not vary or is a linear
/// combination of others (named), and without events of the cause.
FineGrayFit fine_gray(const CompetingTimes& data, int cause, const Eigen::MatrixXd& covariates,
                      const std::vector<std::string>& names, const FineGrayOptions& options = {});

}  // namespace coley::statistics
