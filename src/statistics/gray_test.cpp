// SPDX-License-Identifier: Apache-2.0
#include "statistics/gray_test.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "core/error.hpp"
#include "statistics/p_value.hpp"

namespace coley::statistics {
namespace {

using Eigen::ArrayXd;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct Score {
  VectorXd sum;
  MatrixXd variance;
};

/// Deaths by group at one time: of the cause tested, and of any other.
struct Events {
  ArrayXd own, other;
};

/// One stratum of the test, moved over the event times in order. Notation of Gray (1988): R = Y S(t-)^-1 stands for
/// the subdistribution risk set divided by the censoring survival, F the pooled incidence of the cause. Under the
/// hypothesis a death in group k at t changes score i by weight_ik - (1-F)/S_k c_i, where c_i, what the score loses
/// to come, is known only at the end; so its square is kept as a polynomial of c: a0 + a1 c + a2 c^2.
class GrayStratum {
 public:
  GrayStratum(ArrayXd n_risk, double rho)
      : n_risk_(std::move(n_risk)),
        rho_(rho),
        survival_(ArrayXd::Ones(n_risk_.size())),
        incidence_(ArrayXd::Zero(n_risk_.size())),
        score_(VectorXd::Zero(n_risk_.size())),
        future_(MatrixXd::Zero(n_risk_.size(), n_risk_.size())),
        a0_(future_),
        a1_(future_),
        a2_(VectorXd::Zero(n_risk_.size())) {}

  void leave(const ArrayXd& count) { n_risk_ -= count; }

  void advance(const Events& events) {
    const double own = events.own.sum();
    const auto at_risk = (n_risk_ > 0).cast<double>().eval();
    const ArrayXd risk = (n_risk_ > 0).select(n_risk_ / survival_, 0.0);  // 0 also where the group has died out
    const double risk_sum = risk.sum(), sub_risk_sum = (risk * (1 - incidence_)).sum();
    const ArrayXd survival_after =
        (n_risk_ > 0).select(survival_ * (n_risk_ - events.own - events.other) / n_risk_.max(1), survival_);
    const double pooled_after = pooled_ + own / risk_sum;

    const double weight = std::pow(1 - pooled_, rho_);
    const MatrixXd of_rest = MatrixXd::Identity(risk.size(), risk.size()).rowwise() - (risk / risk_sum).matrix().transpose();
    const MatrixXd influence = weight * risk.matrix().asDiagonal() * of_rest;  // exactly 0 when one group alone is left
    future_ += influence * (own / (risk_sum * (1 - pooled_)));
    score_ += (weight * (at_risk * events.own - own * risk * (1 - incidence_) / sub_risk_sum)).matrix();
    for (Eigen::Index k = 0; k < n_risk_.size(); ++k) {
      if (own > 0 && n_risk_[k] > 0) {
        const double share = survival_after[k] > 0 ? 1 - (1 - pooled_after) / survival_after[k] : 1;
        const double ties = own > 1 ? 1 - (own - 1) / (risk_sum * survival_[k] - 1) : 1;
        add(k, influence.col(k) - share * future_.col(k), share, ties * survival_[k] * own / (risk_sum * n_risk_[k]));
      }
      if (events.other[k] > 0 && survival_after[k] > 0) {
        const double share = (1 - pooled_after) / survival_after[k], deaths = events.other[k];
        const double ties = deaths > 1 ? 1 - (deaths - 1) / (n_risk_[k] - 1) : 1;
        const double rate = survival_[k] / n_risk_[k];
        add(k, share * future_.col(k), -share, ties * rate * rate * deaths);
      }
    }
    incidence_ += (n_risk_ > 0).select(survival_ * events.own / n_risk_.max(1), 0.0);
    survival_ = survival_after;
    pooled_ = pooled_after;
  }

  Score score() const {
    const MatrixXd cross = future_ * a1_.transpose();
    return {score_, a0_ + future_ * a2_.asDiagonal() * future_.transpose() + cross + cross.transpose()};
  }

 private:
  /// A death in group k that changes the scores by `change` + share * (what future_ column k will gain).
  void add(Eigen::Index k, const VectorXd& change, double share, double amount) {
    a0_ += amount * change * change.transpose();
    a1_.col(k) += amount * share * change;
    a2_[k] += amount * share * share;
  }

  ArrayXd n_risk_;
  double rho_;
  ArrayXd survival_;   // free of any event, left-continuous, by group
  ArrayXd incidence_;  // of the cause, left-continuous, by group
  double pooled_ = 0;  // F under the hypothesis
  VectorXd score_;
  MatrixXd future_;
  MatrixXd a0_, a1_;
  VectorXd a2_;
};

Score score_of(const CompetingTimes& data, std::span<const int> group, int groups, int cause, double rho,
               std::vector<std::size_t> rows) {
  std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return data.time[a] < data.time[b]; });
  ArrayXd n_risk = ArrayXd::Zero(groups);
  for (const std::size_t i : rows) n_risk[group[i]] += 1;
  GrayStratum stratum(n_risk, rho);
  for (std::size_t from = 0, to; from < rows.size(); from = to) {
    Events events{ArrayXd::Zero(groups), ArrayXd::Zero(groups)};
    ArrayXd leaving = ArrayXd::Zero(groups);
    for (to = from; to < rows.size() && data.time[rows[to]] == data.time[rows[from]]; ++to) {
      const int g = group[rows[to]], c = data.cause[rows[to]];
      leaving[g] += 1;
      if (c != 0) (c == cause ? events.own : events.other)[g] += 1;
    }
    if (events.own.sum() + events.other.sum() > 0) stratum.advance(events);
    stratum.leave(leaving);
  }
  return stratum.score();
}

}  // namespace

std::optional<GrayTest> gray_test(const CompetingTimes& data, std::span<const int> group, int groups, int cause,
                                  double rho, std::span<const int> stratum) {
  check_competing_times(data);
  if (!data.entry.empty()) throw InputError(Fault{.key = "entry", .found = "delayed entry", .expected = "subjects observed from 0 for Gray's test"});
  if (!data.weight.empty()) throw InputError(Fault{.key = "weight", .found = "weights", .expected = "unweighted subjects for Gray's test"});
  if (group.size() != data.time.size() || (!stratum.empty() && stratum.size() != data.time.size()))
    bug("gray_test: arrays of different length");
  std::map<int, std::vector<std::size_t>> strata;
  for (std::size_t i = 0; i < data.time.size(); ++i) strata[stratum.empty() ? 0 : stratum[i]].push_back(i);

  Score total{VectorXd::Zero(groups), MatrixXd::Zero(groups, groups)};
  for (auto& [code, rows] : strata) {
    const Score one = score_of(data, group, groups, cause, rho, std::move(rows));
    total.sum += one.sum;
    total.variance += one.variance;
  }
  const Eigen::Index df = groups - 1;
  if (df < 1) return std::nullopt;
  const Eigen::FullPivLU<MatrixXd> variance(total.variance.topLeftCorner(df, df));
  if (!total.variance.allFinite() || !variance.isInvertible()) return std::nullopt;
  const VectorXd free = total.sum.head(df);
  const double chi_square = free.dot(variance.solve(free));
  const PValue tail = chi_square_tail(chi_square, static_cast<double>(df));
  return GrayTest{.chi_square = chi_square, .df = static_cast<int>(df), .p = tail.p, .log10_p = tail.log10_p};
}

}  // namespace coley::statistics
