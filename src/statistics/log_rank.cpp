// SPDX-License-Identifier: Apache-2.0
#include "statistics/log_rank.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <sstream>

#include "statistics/p_value.hpp"

namespace coley::statistics {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// (O - E)' V^- (O - E) over the groups in `used` but the first; NaN when V is singular.
double quadratic_form(const LogRankTest& test, const std::vector<std::size_t>& used) {
  const auto k = static_cast<Eigen::Index>(used.size()) - 1;
  const std::size_t groups = test.observed.size();
  Eigen::MatrixXd v(k, k);
  Eigen::VectorXd difference(k);
  for (Eigen::Index i = 0; i < k; ++i) {
    const std::size_t g = used[static_cast<std::size_t>(i) + 1];
    difference[i] = test.observed[g] - test.expected[g];
    for (Eigen::Index j = 0; j < k; ++j) v(i, j) = test.variance[g * groups + used[static_cast<std::size_t>(j) + 1]];
  }
  const Eigen::LDLT<Eigen::MatrixXd> factor(v);
  const double largest = v.diagonal().maxCoeff();
  if (!(largest > 0) || !(factor.vectorD().minCoeff() > 1e-12 * largest)) return kNaN;
  return difference.dot(factor.solve(difference));
}

void conclude(LogRankTest& test) {
  std::vector<std::size_t> used;
  for (std::size_t g = 0; g < test.expected.size(); ++g)
    if (test.expected[g] > 0) used.push_back(g);
  test.df = static_cast<int>(used.size()) - 1;
  test.chi_square = test.p = test.log10_p = kNaN;
  const auto present = std::count_if(test.subjects.begin(), test.subjects.end(), [](double n) { return n > 0; });
  if (present < 2) {
    test.not_estimable = "only one group has subjects";
  } else if (used.empty()) {
    test.not_estimable = "no events";
  } else if (used.size() < 2) {
    test.not_estimable = "only one group is at risk when events happen";
  } else {
    test.chi_square = quadratic_form(test, used);
    if (std::isnan(test.chi_square)) {
      test.not_estimable = "the variance is singular: no event time leaves the groups comparable";
    } else {
      const PValue tail = chi_square_tail(test.chi_square, test.df);
      test.p = tail.p;
      test.log10_p = tail.log10_p;
    }
  }
  test.df = std::max(test.df, 0);
}

}  // namespace

std::string LogRankWeight::name() const {
  std::ostringstream text;
  switch (kind) {
    case Kind::fleming_harrington:
      if (rho == 0 && gamma == 0) return "log-rank";
      text << "Fleming-Harrington(" << rho << ", " << gamma << ")";
      break;
    case Kind::gehan: return "Gehan";
    case Kind::tarone_ware: return "Tarone-Ware";
    case Kind::peto_peto: return "Peto-Peto";
    case Kind::modestly_weighted: text << "modestly weighted, t* = " << at; break;
    case Kind::early_zero: text << "log-rank from " << at; break;
  }
  return text.str();
}

double LogRankTest::u() const { return observed.size() == 2 ? observed[1] - expected[1] : kNaN; }
double LogRankTest::v() const { return observed.size() == 2 ? variance[3] : kNaN; }
double LogRankTest::z() const { return v() > 0 ? u() / std::sqrt(v()) : kNaN; }

LogRankSums::LogRankSums(int groups, std::vector<LogRankWeight> weights)
    : groups_(static_cast<std::size_t>(groups)),
      weights_(std::move(weights)),
      observed_(weights_.size() * groups_),
      expected_(weights_.size() * groups_),
      variance_(weights_.size() * groups_ * groups_),
      cross_(weights_.size() * weights_.size()),
      value_(weights_.size()),
      survival_at_star_(weights_.size(), 1.0) {}

double LogRankSums::weight_value(std::size_t i, double time, double total) const {
  const LogRankWeight& w = weights_[i];
  switch (w.kind) {
    case LogRankWeight::Kind::fleming_harrington:
      return (w.rho == 0 ? 1.0 : std::pow(survival_, w.rho)) * (w.gamma == 0 ? 1.0 : std::pow(1 - survival_, w.gamma));
    case LogRankWeight::Kind::gehan: return total;
    case LogRankWeight::Kind::tarone_ware: return std::sqrt(total);
    case LogRankWeight::Kind::peto_peto: return peto_;
    case LogRankWeight::Kind::modestly_weighted: return 1 / std::max(survival_, survival_at_star_[i]);
    case LogRankWeight::Kind::early_zero: return time >= w.at ? 1.0 : 0.0;
  }
  return kNaN;
}

void LogRankSums::add(const RiskSet& set) {
  if (set.opens_stratum) {
    survival_ = peto_ = 1;
    std::fill(survival_at_star_.begin(), survival_at_star_.end(), 1.0);
  }
  const double d = std::accumulate(set.events.begin(), set.events.end(), 0.0);
  if (d == 0) return;
  const double n = std::accumulate(set.at_risk.begin(), set.at_risk.end(), 0.0);
  peto_ *= 1 - d / (n + 1);
  const double spread = n > 1 ? d * (n - d) / (n - 1) : 0;
  for (std::size_t w = 0; w < weights_.size(); ++w) {
    const double value = value_[w] = weight_value(w, set.time, n);
    double* observed = &observed_[w * groups_];
    double* expected = &expected_[w * groups_];
    double* variance = &variance_[w * groups_ * groups_];
    for (std::size_t g = 0; g < groups_; ++g) {
      const double share = set.at_risk[g] / n;
      observed[g] += value * set.events[g];
      expected[g] += value * d * share;
      if (share == 0) continue;
      const double factor = value * value * spread * share;
      for (std::size_t h = 0; h < groups_; ++h) variance[g * groups_ + h] -= factor * set.at_risk[h] / n;
      variance[g * groups_ + g] += factor;
    }
  }
  if (groups_ == 2 && weights_.size() > 1) {
    const double v = spread * (set.at_risk[0] / n) * (set.at_risk[1] / n);
    for (std::size_t i = 0; i < weights_.size(); ++i)
      for (std::size_t j = 0; j < weights_.size(); ++j) cross_[i * weights_.size() + j] += value_[i] * value_[j] * v;
  }
  survival_ *= 1 - d / n;
  for (std::size_t w = 0; w < weights_.size(); ++w)
    if (set.time < weights_[w].at) survival_at_star_[w] = survival_;
}

LogRankTest LogRankSums::test(std::size_t w, const std::vector<double>& subjects) const {
  const auto part = [](const std::vector<double>& all, std::size_t at, std::size_t size) {
    return std::vector<double>(all.begin() + static_cast<std::ptrdiff_t>(at * size), all.begin() + static_cast<std::ptrdiff_t>((at + 1) * size));
  };
  LogRankTest test{weights_[w], subjects, part(observed_, w, groups_), part(expected_, w, groups_), part(variance_, w, groups_ * groups_),
                   kNaN, kNaN, kNaN, 0, ""};
  conclude(test);
  return test;
}

LogRankTest log_rank(const SortedRows& rows, const LogRankWeight& weight) {
  LogRankSums sums(rows.groups(), {weight});
  rows.walk([&sums](const RiskSet& set) { sums.add(set); });
  return sums.test(0, rows.subjects());
}

LogRankTest log_rank(const SurvivalRows& rows, const LogRankWeight& weight) { return log_rank(SortedRows(rows), weight); }

}  // namespace coley::statistics
