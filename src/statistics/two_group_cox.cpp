// SPDX-License-Identifier: Apache-2.0
#include "statistics/two_group_cox.hpp"

#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "statistics/p_value.hpp"

namespace coley::statistics {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kFar = 30;  // a log hazard ratio at which the likelihood has reached its limit

constexpr std::pair<CoxTies, std::string_view> kTiesNames[] = {
    {CoxTies::efron, "efron"}, {CoxTies::breslow, "breslow"}, {CoxTies::exact, "exact"}};

/// Sum of logarithms with one logarithm in many factors.
class LogSum {
 public:
  void add(double factor) {
    product_ *= factor;
    if (product_ > 1e200 || product_ < 1e-200) flush();
  }
  double value() {
    flush();
    return sum_;
  }

 private:
  void flush() {
    sum_ += std::log(product_);
    product_ = 1;
  }
  double product_ = 1, sum_ = 0;
};

}  // namespace

std::string_view to_string(CoxTies ties) {
  for (const auto& [candidate, name] : kTiesNames)
    if (candidate == ties) return name;
  bug("a way of ties without a name");
}

CoxTies cox_ties(std::string_view word) {
  for (const auto& [ties, name] : kTiesNames)
    if (name == word) return ties;
  throw InputError({.key = "ties", .found = "'" + std::string(word) + "'", .expected = "efron, breslow or exact"});
}

void TwoGroupCox::add(const RiskSet& set) {
  if (set.events[0] + set.events[1] > 0) sets_.push_back({set.at_risk[0], set.at_risk[1], set.events[0], set.events[1]});
}

TwoGroupCox::Derivatives TwoGroupCox::at(double log_hr, CoxTies ties) const {
  Derivatives sum;
  LogSum denominators;
  const double ratio = std::exp(log_hr);
  for (const Set& set : sets_) {
    const double d = set.events0 + set.events1, all = set.at_risk0 + set.at_risk1 * ratio, treated = set.at_risk1 * ratio;
    sum.loglik += set.events1 * log_hr;
    sum.score += set.events1;
    if (ties == CoxTies::breslow || d == 1) {
      const double share = treated / all;
      sum.loglik -= d * std::log(all);
      sum.score -= d * share;
      sum.information += d * share * (1 - share);
      continue;
    }
    const double dying = (set.events0 + set.events1 * ratio) / d, dying_treated = set.events1 * ratio / d;
    for (double k = 0; k < d; ++k) {
      const double remaining = all - k * dying, share = (treated - k * dying_treated) / remaining;
      denominators.add(remaining);
      sum.score -= share;
      sum.information += share * (1 - share);
    }
  }
  sum.loglik -= denominators.value();
  return sum;
}

/// Newton's method on a concave function, kept inside the bracket that the sign of the score gives.
double TwoGroupCox::maximise(CoxTies ties, int& iterations) const {
  double low = -kFar, high = kFar, b = 0;
  for (iterations = 1; iterations < 100; ++iterations) {
    const Derivatives here = at(b, ties);
    (here.score > 0 ? low : high) = b;
    const double newton = b + here.score / here.information;
    if (std::abs(newton - b) <= 1e-12 * (1 + std::abs(b))) return newton;
    b = newton > low && newton < high ? newton : (low + high) / 2;
  }
  return b;
}

/// Where the log-likelihood has fallen to `target`, on the way from `towards` to the other side.
double TwoGroupCox::profile_limit(double towards, double target, CoxTies ties) const {
  double inside = towards, outside = -towards;
  for (int i = 0; i < 200 && std::abs(outside - inside) > 1e-12; ++i) {
    const double middle = (inside + outside) / 2;
    (at(middle, ties).loglik > target ? inside : outside) = middle;
  }
  return (inside + outside) / 2;
}

HazardRatio TwoGroupCox::fit(CoxTies ties, double level) const {
  if (ties == CoxTies::exact) bug("exact ties need the rows, not the counts of two groups");
  HazardRatio result{ties, level, kNaN, kNaN, {kNaN, kNaN, kNaN}, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, 0, false, ""};
  double informative0 = 0, informative1 = 0;  // events of one group while the other is at risk
  for (const Set& set : sets_) {
    if (set.at_risk1 > 0) informative0 += set.events0;
    if (set.at_risk0 > 0) informative1 += set.events1;
  }
  if (sets_.empty()) result.not_estimable = "no events";
  else if (informative0 + informative1 == 0) result.not_estimable = "no event happens while both groups are at risk";
  if (!result.not_estimable.empty()) return result;
  const double z = two_sided_deviate(level);
  const Derivatives null = at(0, ties);
  result.loglik_null = null.loglik;
  result.score_test = null.score * null.score / null.information;
  result.infinite = informative0 == 0 || informative1 == 0;
  if (result.infinite) {
    const double far = informative1 == 0 ? -kFar : kFar;
    result.loglik = at(far, ties).loglik;
    result.log_hr = std::copysign(kInfinity, far);
    const double limit = std::exp(profile_limit(far, result.loglik - z * z / 2, ties));
    result.hazard_ratio = far < 0 ? Estimate{0, 0, limit} : Estimate{kInfinity, limit, kInfinity};
  } else {
    result.log_hr = maximise(ties, result.iterations);
    const Derivatives best = at(result.log_hr, ties);
    result.loglik = best.loglik;
    result.se = 1 / std::sqrt(best.information);
    result.hazard_ratio = {std::exp(result.log_hr), std::exp(result.log_hr - z * result.se), std::exp(result.log_hr + z * result.se)};
  }
  result.lr_test = 2 * (result.loglik - result.loglik_null);
  const PValue tail = result.infinite ? chi_square_tail(result.lr_test, 1) : two_sided_normal_tail(result.log_hr / result.se);
  result.p = tail.p;
  result.log10_p = tail.log10_p;
  return result;
}

HazardRatio two_group_hazard_ratio(const SortedRows& rows, CoxTies ties, double level) {
  if (rows.groups() != 2) bug("a hazard ratio of other than two groups");
  TwoGroupCox cox;
  rows.walk([&cox](const RiskSet& set) { cox.add(set); });
  return cox.fit(ties, level);
}

}  // namespace coley::statistics
