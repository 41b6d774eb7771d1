// SPDX-License-Identifier: Apache-2.0
#pragma once
// The log partial likelihood of Cox's model with its derivatives, at one beta.
//
// One sweep backwards in time sums risks, S0, and risk-weighted covariates, S1, over each risk set. The information needs
// no sums of squares per risk set: it is sum_i q_i x_i x_i' - sum_t m xbar xbar', where q_i is the hazard that row i has
// lived through times its risk, so a second sweep forwards and one weighted cross-product give it.

#include <Eigen/Core>
#include <vector>

#include "statistics/cox_design.hpp"
#include "statistics/two_group_cox.hpp"

namespace coley::statistics {

/// Derivatives with respect to beta on the scale of the design.
struct CoxDerivatives {
  double loglik = 0;
  Eigen::VectorXd score;
  Eigen::MatrixXd information;  ///< minus the second derivative
};

/// Hazard at each death time, at one beta.
struct CoxHazard {
  std::vector<double> step;        ///< d Lambda, for those who live through the death time
  std::vector<double> death_step;  ///< for those who die in it: less under Efron, since each may be the first to go
  std::vector<double> square;      ///< increment of the variance of Lambda
  std::vector<double> xbar;        ///< [death time * p + j]: integral of xbar d Lambda over the step
  std::vector<double> death_xbar;  ///< the same with the dying ones' smaller share
  std::vector<double> mean;        ///< [death time * p + j]: mean covariate of the risk set, averaged over Efron's steps
};

/// The likelihood of one design. Its columns of work are kept from one beta to the next; one thread at a time.
class CoxLikelihood {
 public:
  CoxLikelihood(const CoxDesign& design, CoxTies ties);

  /// With `time_weight`, one value a death time, score and information are sums of each death time's share times its
  /// weight (for the test of proportional hazards; Breslow or Efron). Throws InputError for exact ties with weights.
  CoxDerivatives at(const Eigen::VectorXd& beta, std::span<const double> time_weight = {});

 private:
  Eigen::VectorXd sum_over_deaths(std::span<const double> time_weight) const;

  const CoxDesign& design_;
  CoxTies ties_;
  std::vector<const double*> columns_;
  Eigen::VectorXd of_deaths_;  // sum over the deaths of weight times x: their part of the linear predictor
  double offset_of_deaths_ = 0;
  std::vector<std::uint32_t> tied_;  // death times of more than one death
  std::vector<double> risk_, step_, death_step_;
};

/// Exact partial likelihood (Cox 1972, discrete). Unweighted. Throws InputError for weighted rows.
CoxDerivatives cox_exact_derivatives(const CoxDesign& design, const Eigen::VectorXd& beta);

/// The hazard and the means of the risk sets. Breslow or Efron.
CoxHazard cox_hazard(const CoxDesign& design, const Eigen::VectorXd& beta, CoxTies ties);

/// visit(b, S0, S1, D0, D1) at each death time, latest first in each stratum: sums of risk and of risk times x over the
/// risk set and over the deaths. Pointers hold covariates() values.
template <class Visit>
void sweep_risk_sets(const CoxDesign& design, const std::vector<double>& risk, Visit visit) {
  const std::size_t p = design.covariates();
  std::vector<double> s1(p), d1(p);
  const auto add = [&](std::size_t i, double sign, double& s0) {
    const double r = sign * risk[i];
    s0 += r;
    for (std::size_t j = 0; j < p; ++j) s1[j] += r * design.column(j)[i];
  };
  for (const CoxDesign::Stratum& stratum : design.strata()) {
    double s0 = 0;
    std::fill(s1.begin(), s1.end(), 0.0);
    std::size_t i = stratum.end, at_risk = 0;
    const auto leave = [&](std::size_t b) {  // those who enter after death time b - 1 were not at risk before
      for (const std::uint32_t late : design.entering(b))
        if (late >= i) {
          add(late, -1, s0);
          --at_risk;
        }
      if (at_risk == 0) {  // nobody left: no rounding is carried over
        s0 = 0;
        std::fill(s1.begin(), s1.end(), 0.0);
      }
    };
    for (std::size_t b = stratum.last_death; b-- > stratum.first_death;) {
      const DeathTime& death = design.deaths()[b];
      for (; i > death.begin; --i) {
        // A row that enters after the last death time before its own end is never at risk.
        if (design.delayed_entry() && design.first_death_after_entry(i - 1) > b) continue;
        add(i - 1, 1, s0);
        ++at_risk;
      }
      double d0 = 0;
      std::fill(d1.begin(), d1.end(), 0.0);
      for (std::size_t k = death.begin; k < death.begin + death.deaths; ++k) {
        d0 += risk[k];
        for (std::size_t j = 0; j < p; ++j) d1[j] += risk[k] * design.column(j)[k];
      }
      visit(b, s0, s1.data(), d0, d1.data());
      if (design.delayed_entry() && b > stratum.first_death) leave(b);
    }
  }
}

}  // namespace coley::statistics
