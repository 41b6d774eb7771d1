// SPDX-License-Identifier: Apache-2.0
#include "statistics/covariates.hpp"

#include <cmath>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

void check_finite(const Eigen::MatrixXd& covariates, const std::vector<std::string>& names) {
  if (covariates.allFinite()) return;
  for (Eigen::Index j = 0; j < covariates.cols(); ++j)
    for (Eigen::Index i = 0; i < covariates.rows(); ++i)
      if (!std::isfinite(covariates(i, j)))
        throw InputError(Fault{.key = "row " + std::to_string(i + 1) + ", " + names[static_cast<std::size_t>(j)],
                          .found = std::to_string(covariates(i, j)), .expected = "a finite number"});
}

/// Gram-Schmidt on the correlations: what remains of each column once those before it are taken out.
void check_independent(const Eigen::MatrixXd& standard, const std::vector<std::string>& names) {
  const double n = static_cast<double>(standard.rows());
  Eigen::MatrixXd correlation = standard.transpose() * standard / n;
  for (Eigen::Index j = 0; j < correlation.cols(); ++j) {
    if (correlation(j, j) < 1e-10)
      throw InputError(Fault{.key = names[static_cast<std::size_t>(j)], .found = "a linear combination of the covariates before it",
                        .expected = "covariates that are not collinear; leave it out"});
    for (Eigen::Index k = j + 1; k < correlation.cols(); ++k)
      correlation.row(k).tail(correlation.cols() - j) -=
          correlation(k, j) / correlation(j, j) * correlation.row(j).tail(correlation.cols() - j);
  }
}

}  // namespace

StandardCovariates standardise(const Eigen::MatrixXd& covariates, const std::vector<std::string>& names) {
  if (static_cast<std::size_t>(covariates.cols()) != names.size()) bug("covariates: a name for each column");
  check_finite(covariates, names);
  const double n = static_cast<double>(covariates.rows());
  StandardCovariates standard{covariates, covariates.colwise().sum().transpose() / n, Eigen::VectorXd::Ones(covariates.cols())};
  for (Eigen::Index j = 0; j < covariates.cols(); ++j) {
    const auto column = standard.values.col(j);
    const double first = covariates(0, j);
    if ((covariates.col(j).array() == first).all())
      throw InputError(Fault{.key = names[static_cast<std::size_t>(j)], .found = "the same value in every row",
                        .expected = "a covariate that varies; leave it out"});
    standard.values.col(j).array() -= standard.centre[j];
    standard.scale[j] = std::sqrt(column.squaredNorm() / n);
    standard.values.col(j) /= standard.scale[j];
  }
  check_independent(standard.values, names);
  return standard;
}

}  // namespace coley::statistics
