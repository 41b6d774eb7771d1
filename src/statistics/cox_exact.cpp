// SPDX-License-Identifier: Apache-2.0
// Exact partial likelihood of tied deaths: the deaths are one of all sets of their number in the risk set, so the
// denominator is an elementary symmetric polynomial of the risks. It grows by one recursion a row (Gail et al. 1981),
// carried with its first and second derivatives, in the wide exponents of long double.
#include <cmath>
#include <string>

#include "core/error.hpp"
#include "statistics/cox_likelihood.hpp"

namespace coley::statistics {
namespace {

using Wide = long double;

/// e[k] with derivatives, for subsets of 0..largest rows.
class SubsetSums {
 public:
  SubsetSums(std::size_t p, std::size_t largest) : p_(p), stride_(1 + p + p * (p + 1) / 2), terms_((largest + 1) * stride_), x_(p) {}

  void clear() {
    std::fill(terms_.begin(), terms_.end(), Wide{0});
    terms_[0] = 1;
    rows_ = 0;
  }

  void add(const CoxDesign& design, std::size_t position, double risk) {
    for (std::size_t j = 0; j < p_; ++j) x_[j] = design.column(j)[position];
    ++rows_;
    const std::size_t largest = std::min(terms_.size() / stride_ - 1, rows_);
    for (std::size_t k = largest; k > 0; --k) {
      Wide* to = &terms_[k * stride_];
      const Wide* from = to - stride_;
      to[0] += risk * from[0];
      std::size_t second = 1 + p_;
      for (std::size_t a = 0; a < p_; ++a) {
        to[1 + a] += risk * (from[1 + a] + x_[a] * from[0]);
        for (std::size_t b = 0; b <= a; ++b, ++second)
          to[second] += risk * (from[second] + x_[a] * from[1 + b] + x_[b] * from[1 + a] + x_[a] * x_[b] * from[0]);
      }
    }
  }

  /// Takes the log of e[k] and its derivatives out of the sums.
  void subtract_from(CoxDerivatives& sums, std::size_t k) const {
    const Wide* term = &terms_[k * stride_];
    sums.loglik -= static_cast<double>(std::log(term[0]));
    std::size_t second = 1 + p_;
    for (std::size_t a = 0; a < p_; ++a) {
      const Wide mean_a = term[1 + a] / term[0];
      const auto row = static_cast<Eigen::Index>(a);
      sums.score[row] -= static_cast<double>(mean_a);
      for (std::size_t b = 0; b <= a; ++b, ++second) {
        const auto value = static_cast<double>(term[second] / term[0] - mean_a * (term[1 + b] / term[0]));
        const auto column = static_cast<Eigen::Index>(b);
        sums.information(row, column) += value;
        if (a != b) sums.information(column, row) += value;
      }
    }
  }

 private:
  std::size_t p_, stride_, rows_ = 0;
  std::vector<Wide> terms_;
  std::vector<double> x_;
};

}  // namespace

CoxDerivatives cox_exact_derivatives(const CoxDesign& design, const Eigen::VectorXd& beta) {
  if (design.weighted()) throw InputError({.key = "ties", .found = "exact, with weights", .expected = "efron or breslow when rows are weighted"});
  const auto p = static_cast<Eigen::Index>(design.covariates());
  CoxDerivatives sums{0, Eigen::VectorXd::Zero(p), Eigen::MatrixXd::Zero(p, p)};
  std::vector<double> risk;
  design.risk(beta, risk);
  for (const CoxDesign::Stratum& stratum : design.strata()) {
    std::uint32_t largest = 0;
    for (std::size_t b = stratum.first_death; b < stratum.last_death; ++b) largest = std::max(largest, design.deaths()[b].deaths);
    SubsetSums subsets(design.covariates(), largest);
    subsets.clear();
    std::size_t i = stratum.end;
    for (std::size_t b = stratum.last_death; b-- > stratum.first_death;) {
      const DeathTime& death = design.deaths()[b];
      if (design.delayed_entry()) {  // rows leave as well as join: start again
        subsets.clear();
        for (i = death.begin; i < stratum.end; ++i)
          if (design.first_death_after_entry(i) <= b) subsets.add(design, i, risk[i]);
      } else {
        for (; i > death.begin; --i) subsets.add(design, i - 1, risk[i - 1]);
      }
      for (std::size_t k = death.begin; k < death.begin + death.deaths; ++k) {
        sums.loglik += std::log(risk[k]);
        for (Eigen::Index j = 0; j < p; ++j) sums.score[j] += design.column(static_cast<std::size_t>(j))[k];
      }
      subsets.subtract_from(sums, death.deaths);
    }
  }
  return sums;
}

}  // namespace coley::statistics
