// SPDX-License-Identifier: Apache-2.0
#include "statistics/cox_profile.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "statistics/reference_distribution.hpp"
#include "statistics/root.hpp"

namespace coley::statistics {
namespace {

/// The log-likelihood at its best over the other coefficients, this one held at a value through the offset.
class Profile {
 public:
  Profile(const CoxData& data, const CoxOptions& options, std::size_t coefficient) : data_(data), options_(options) {
    const std::size_t n = data.rows.size(), p = data.names.size();
    const auto column = data.covariates.subspan(coefficient * n, n);
    held_.assign(column.begin(), column.end());
    offset_.resize(n);
    for (std::size_t j = 0; j < p; ++j) {
      if (j == coefficient) continue;
      const auto other = data.covariates.subspan(j * n, n);
      others_.insert(others_.end(), other.begin(), other.end());
      names_.push_back(data.names[j]);
    }
    options_.robust = false;
  }

  double operator()(double value) {
    for (std::size_t i = 0; i < offset_.size(); ++i) offset_[i] = (data_.offset.empty() ? 0 : data_.offset[i]) + value * (held_[i] - held_[0]);
    return fit_cox({data_.rows, others_, names_, offset_, {}}, options_).loglik;
  }

 private:
  const CoxData& data_;
  CoxOptions options_;
  std::vector<double> held_, offset_, others_;
  std::vector<std::string> names_;
};

}  // namespace

Estimate profile_interval(const CoxFit& fit, const CoxData& data, std::size_t coefficient) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto at = static_cast<Eigen::Index>(coefficient);
  const double estimate = fit.coef[at];
  if (fit.state[coefficient] == CoefficientState::not_estimable) return {estimate, estimate, estimate};
  const double unit = 1 / fit.design->scale(coefficient), centre = fit.beta[at] * unit;  // where the fit stands, even on its way to infinity
  const double allowed = 0.5 * chi_squared_upper_quantile(1 - fit.options.level, 1);
  Profile profile(data, fit.options, coefficient);
  const auto fall = [&](double value) { return fit.loglik - profile(value) - allowed; };
  const auto limit = [&](double direction) {
    if (std::isinf(estimate) && (estimate > 0) == (direction > 0)) return estimate;
    double inside = centre, step = direction * unit;
    for (int doubling = 0; doubling < 12; ++doubling, step *= 2) {
      const double outside = inside + step;
      if (fall(outside) > 0) return bracketed_root(fall, std::min(inside, outside), std::max(inside, outside));
      inside = outside;
    }
    return direction * infinity;
  };
  return {estimate, limit(-1), limit(1)};
}

}  // namespace coley::statistics
