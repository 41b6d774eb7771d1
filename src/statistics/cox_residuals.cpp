// SPDX-License-Identifier: Apache-2.0
#include "statistics/cox_residuals.hpp"

#include <cmath>
#include <unordered_map>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

void refuse_exact(CoxTies ties) {
  if (ties == CoxTies::exact) throw InputError({.key = "ties", .found = "exact", .expected = "efron or breslow: residuals and robust variance are not defined for exact ties"});
}

/// Running integrals at the death times of one stratum: Lambda and the integral of xbar d Lambda (p values).
struct Integral {
  double hazard = 0;
  Eigen::RowVectorXd xbar;
};

/// visit(position, hazard lived through, integral of xbar lived through, mean of the row's own death time or nullptr)
template <class Visit>
void walk_rows(const CoxDesign& design, const CoxHazard& hazard, Visit visit) {
  const auto p = static_cast<Eigen::Index>(design.covariates());
  const auto row = [p](const std::vector<double>& values, std::size_t b) { return Eigen::Map<const Eigen::RowVectorXd>(values.data() + static_cast<Eigen::Index>(b) * p, p); };
  std::vector<Integral> before(design.delayed_entry() ? design.deaths().size() : 0);
  Integral lived;
  for (const CoxDesign::Stratum& stratum : design.strata()) {
    Integral now{0, Eigen::RowVectorXd::Zero(p)};
    std::size_t i = stratum.begin;
    const auto give = [&](std::size_t position, const Integral& until, std::size_t next, const double* mean) {
      lived = until;
      if (design.delayed_entry()) {
        const std::uint32_t first = design.first_death_after_entry(position);
        if (first < next) {
          lived.hazard -= before[first].hazard;
          lived.xbar -= before[first].xbar;
        } else {
          lived = {0, Eigen::RowVectorXd::Zero(p)};
        }
      }
      visit(position, lived.hazard, lived.xbar, mean);
    };
    for (std::size_t b = stratum.first_death; b < stratum.last_death; ++b) {
      const DeathTime& death = design.deaths()[b];
      for (; i < death.begin; ++i) give(i, now, b, nullptr);
      if (design.delayed_entry()) before[b] = now;
      const Integral dying{now.hazard + hazard.death_step[b], now.xbar + row(hazard.death_xbar, b)};
      for (; i < death.begin + death.deaths; ++i) give(i, dying, b + 1, hazard.mean.data() + static_cast<Eigen::Index>(b) * p);
      now.hazard += hazard.step[b];
      now.xbar += row(hazard.xbar, b);
    }
    for (; i < stratum.end; ++i) give(i, now, stratum.last_death, nullptr);
  }
}

}  // namespace

std::vector<double> martingale_residuals(const CoxFit& fit, std::size_t rows) {
  refuse_exact(fit.options.ties);
  const CoxDesign& design = *fit.design;
  std::vector<double> residual(rows), risk;
  design.risk(fit.beta, risk);
  walk_rows(design, cox_hazard(design, fit.beta, fit.options.ties), [&](std::size_t i, double lived, const Eigen::RowVectorXd&, const double*) {
    residual[design.row(i)] = (design.died(i) ? 1 : 0) - risk[i] / design.weight(i) * lived;
  });
  return residual;
}

std::vector<double> deviance_residuals(const CoxFit& fit, std::size_t rows) {
  std::vector<double> residual = martingale_residuals(fit, rows);
  std::vector<double> event(rows);
  for (std::size_t i = 0; i < fit.design->size(); ++i) event[fit.design->row(i)] = fit.design->died(i) ? 1 : 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const double m = residual[i], inside = m + (event[i] > 0 ? std::log(1 - m) : 0);
    residual[i] = std::copysign(std::sqrt(std::max(0.0, -2 * inside)), m);
  }
  return residual;
}

Eigen::MatrixXd weighted_score_residuals(const CoxDesign& design, const Eigen::VectorXd& beta, CoxTies ties) {
  refuse_exact(ties);
  const auto p = static_cast<Eigen::Index>(design.covariates());
  Eigen::MatrixXd residual(static_cast<Eigen::Index>(design.size()), p);
  std::vector<double> risk;
  design.risk(beta, risk);
  walk_rows(design, cox_hazard(design, beta, ties), [&](std::size_t i, double lived, const Eigen::RowVectorXd& xbar, const double* mean) {
    for (Eigen::Index j = 0; j < p; ++j) {
      const double x = design.column(static_cast<std::size_t>(j))[i];
      residual(static_cast<Eigen::Index>(i), j) = (mean != nullptr ? design.weight(i) * (x - mean[j]) : 0) - risk[i] * (x * lived - xbar[j]);
    }
  });
  return residual;
}

Eigen::MatrixXd score_residuals(const CoxFit& fit, std::size_t rows) {
  const CoxDesign& design = *fit.design;
  const Eigen::MatrixXd weighted = weighted_score_residuals(design, fit.beta, fit.options.ties);
  Eigen::MatrixXd residual = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(rows), weighted.cols());
  for (std::size_t i = 0; i < design.size(); ++i)
    for (Eigen::Index j = 0; j < weighted.cols(); ++j)
      residual(static_cast<Eigen::Index>(design.row(i)), j) = weighted(static_cast<Eigen::Index>(i), j) / design.weight(i) * design.scale(static_cast<std::size_t>(j));
  return residual;
}

Eigen::MatrixXd dfbeta_residuals(const CoxFit& fit, std::size_t rows) {
  const CoxDesign& design = *fit.design;
  Eigen::MatrixXd residual = score_residuals(fit, rows);
  for (std::size_t i = 0; i < design.size(); ++i) residual.row(static_cast<Eigen::Index>(design.row(i))) *= design.weight(i);
  return residual * fit.model_variance;
}

SchoenfeldResiduals schoenfeld_residuals(const CoxFit& fit) {
  refuse_exact(fit.options.ties);
  const CoxDesign& design = *fit.design;
  const CoxHazard hazard = cox_hazard(design, fit.beta, fit.options.ties);
  const std::size_t p = design.covariates();
  SchoenfeldResiduals residual;
  for (const CoxDesign::Stratum& stratum : design.strata())
    for (std::size_t b = stratum.first_death; b < stratum.last_death; ++b)
      for (std::size_t k = 0; k < design.deaths()[b].deaths; ++k) {
        residual.time.push_back(design.deaths()[b].time);
        residual.stratum.push_back(stratum.label);
        residual.row.push_back(design.row(design.deaths()[b].begin + k));
      }
  residual.value.resize(static_cast<Eigen::Index>(residual.time.size()), static_cast<Eigen::Index>(p));
  Eigen::Index at = 0;
  for (std::size_t b = 0; b < design.deaths().size(); ++b)
    for (std::size_t k = 0; k < design.deaths()[b].deaths; ++k, ++at)
      for (std::size_t j = 0; j < p; ++j)
        residual.value(at, static_cast<Eigen::Index>(j)) = (design.column(j)[design.deaths()[b].begin + k] - hazard.mean[b * p + j]) * design.scale(j);
  return residual;
}

Eigen::MatrixXd clustered_cross_product(const Eigen::MatrixXd& by_position, const CoxDesign& design, std::span<const int> cluster) {
  if (cluster.empty()) return by_position.transpose() * by_position;
  std::unordered_map<int, Eigen::Index> index;
  for (std::size_t i = 0; i < design.size(); ++i) index.try_emplace(cluster[design.row(i)], static_cast<Eigen::Index>(index.size()));
  Eigen::MatrixXd sums = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(index.size()), by_position.cols());
  for (std::size_t i = 0; i < design.size(); ++i) sums.row(index.at(cluster[design.row(i)])) += by_position.row(static_cast<Eigen::Index>(i));
  return sums.transpose() * sums;
}

}  // namespace coley::statistics
