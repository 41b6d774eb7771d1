// SPDX-License-Identifier: Apache-2.0
// Laws of Cox regression under random data: equivariance, invariance, replication, agreement of independent routes.
#include "statistics/cox.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "statistics/cox_residuals.hpp"

namespace coley::statistics {
namespace {

/// Uniform on [low, high) from the first test on; rapidcheck's own ranges begin at a single value and grow.
template <class T>
T pick(T low, T high) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<T>(low, high));
}

struct Study {
  std::vector<double> time, x, entry, weight;
  std::vector<std::uint8_t> event;
  std::vector<int> stratum;

  CoxData data() const { return {{time, event, entry, weight, {}, stratum, 1}, x, {"a", "b"}}; }
};

Study any_study(bool delayed = false) {
  Study study;
  const auto n = pick<std::size_t>(30, 80);
  for (std::size_t i = 0; i < n; ++i) {
    study.time.push_back(pick(2, 20));
    study.event.push_back(static_cast<std::uint8_t>(pick(0, 3) > 0));
    study.stratum.push_back(pick(0, 2));
    if (delayed) study.entry.push_back(pick(0, static_cast<int>(study.time.back())));
  }
  for (std::size_t i = 0; i < n; ++i) study.x.push_back(pick(0, 2));
  for (std::size_t i = 0; i < n; ++i) study.x.push_back(0.1 * pick(-30, 30));
  return study;
}

bool usable(const CoxFit& fit) { return fit.converged && fit.df == 2; }
bool near(double a, double b) { return std::abs(a - b) <= 1e-7 * (1 + std::abs(b)); }

CoxOptions any_ties() { return {*rc::gen::element(CoxTies::efron, CoxTies::breslow, CoxTies::exact)}; }

RC_GTEST_PROP(Cox, FollowsTheUnitAndOriginOfACovariate, ()) {
  const Study study = any_study();
  const CoxOptions options = any_ties();
  const CoxFit fit = fit_cox(study.data(), options);
  RC_PRE(usable(fit));
  Study moved = study;
  for (std::size_t i = 0; i < study.time.size(); ++i) moved.x[study.time.size() + i] = 1e6 + 1000 * study.x[study.time.size() + i];
  const CoxFit other = fit_cox(moved.data(), options);
  RC_ASSERT(near(other.coef[0], fit.coef[0]) && near(other.coef[1] * 1000, fit.coef[1]) && near(other.loglik, fit.loglik));
}

RC_GTEST_PROP(Cox, DoesNotDependOnTheOrderOfRows, ()) {
  const Study study = any_study(true);
  const CoxFit fit = fit_cox(study.data());
  RC_PRE(usable(fit));
  Study turned = study;
  const auto half = static_cast<std::ptrdiff_t>(study.time.size());
  for (auto* column : {&turned.time, &turned.entry}) std::reverse(column->begin(), column->end());
  std::reverse(turned.event.begin(), turned.event.end());
  std::reverse(turned.stratum.begin(), turned.stratum.end());
  std::reverse(turned.x.begin(), turned.x.begin() + half);
  std::reverse(turned.x.begin() + half, turned.x.end());
  const CoxFit other = fit_cox(turned.data());
  RC_ASSERT(near(other.coef[0], fit.coef[0]) && near(other.coef[1], fit.coef[1]) && near(other.se[1], fit.se[1]));
}

RC_GTEST_PROP(Cox, SplitFollowUpIsTheSameFollowUp, ()) {
  const Study study = any_study();
  const CoxFit fit = fit_cox(study.data());
  RC_PRE(usable(fit));
  Study split;  // every row cut at time 1.5 into (0, 1.5] and (1.5, t]
  const std::size_t n = study.time.size();
  std::vector<double> a, b;
  for (std::size_t i = 0; i < n; ++i)
    for (const bool later : {false, true}) {
      split.entry.push_back(later ? 1.5 : 0);
      split.time.push_back(later ? study.time[i] : 1.5);
      split.event.push_back(later ? study.event[i] : std::uint8_t{0});
      split.stratum.push_back(study.stratum[i]);
      a.push_back(study.x[i]);
      b.push_back(study.x[n + i]);
    }
  split.x = a;
  split.x.insert(split.x.end(), b.begin(), b.end());
  const CoxFit other = fit_cox(split.data());
  RC_ASSERT(near(other.coef[0], fit.coef[0]) && near(other.se[1], fit.se[1]) && near(other.loglik, fit.loglik));
}

RC_GTEST_PROP(Cox, ResidualsSumToNothing, ()) {
  const Study study = any_study(*rc::gen::arbitrary<bool>());
  const CoxFit fit = fit_cox(study.data(), {*rc::gen::element(CoxTies::efron, CoxTies::breslow)});
  RC_PRE(usable(fit));
  const auto martingale = martingale_residuals(fit, study.time.size());
  RC_ASSERT(std::abs(std::accumulate(martingale.begin(), martingale.end(), 0.0)) < 1e-8);
  RC_ASSERT(score_residuals(fit, study.time.size()).colwise().sum().cwiseAbs().maxCoeff() < 1e-6);
  RC_ASSERT(schoenfeld_residuals(fit).value.colwise().sum().cwiseAbs().maxCoeff() < 1e-6);
}

RC_GTEST_PROP(Cox, AgreesWithTheTwoGroupRoute, ()) {
  Study study = any_study();
  std::vector<int> group;
  for (std::size_t i = 0; i < study.time.size(); ++i) group.push_back(static_cast<int>(study.x[i]));
  const CoxTies ties = *rc::gen::element(CoxTies::efron, CoxTies::breslow);
  CoxData data = study.data();
  data.names = {"a"};
  data.covariates = data.covariates.first(study.time.size());
  const CoxFit fit = fit_cox(data, {ties});
  RC_PRE(fit.converged && fit.df == 1);
  SurvivalRows rows = study.data().rows;
  rows.group = group;
  rows.groups = 2;
  const HazardRatio ratio = two_group_hazard_ratio(SortedRows(rows), ties);
  RC_ASSERT(near(ratio.log_hr, fit.coef[0]) && near(ratio.se, fit.se[0]) && near(ratio.loglik, fit.loglik) && near(ratio.score_test, fit.score_test));
}

}  // namespace
}  // namespace coley::statistics
