// SPDX-License-Identifier: Apache-2.0
#include "statistics/cox_likelihood.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "statistics/cox_kernels.hpp"

namespace coley::statistics {
namespace {

constexpr std::size_t kBlock = 256;  // terms gathered before they are worked on

/// Sums of w x and w x x' over many x that stand in columns.
class Moments {
 public:
  explicit Moments(std::size_t p) : p_(p), first_(p * kSumLanes), second_(p * (p + 1) / 2 * kSumLanes) {}

  /// Weight w[i], x_j[i] = columns[j][from + i].
  void add(const double* w, const std::vector<const double*>& columns, std::size_t from, std::size_t count) {
    add_moments(w, columns.data(), p_, from, count, first_.data(), second_.data());
  }
  void add_first(const double* w, const std::vector<const double*>& columns, std::size_t from, std::size_t count) {
    add_moments(w, columns.data(), p_, from, count, first_.data(), nullptr);
  }
  Eigen::VectorXd first() const { return Eigen::Map<const Eigen::MatrixXd>(first_.data(), kSumLanes, static_cast<Eigen::Index>(p_)).colwise().sum(); }
  Eigen::MatrixXd second() const {
    const auto p = static_cast<Eigen::Index>(p_);
    Eigen::MatrixXd matrix(p, p);
    const double* lanes = second_.data();
    for (Eigen::Index a = 0; a < p; ++a)
      for (Eigen::Index b = 0; b <= a; ++b, lanes += kSumLanes) matrix(a, b) = matrix(b, a) = std::accumulate(lanes, lanes + kSumLanes, 0.0);
    return matrix;
  }

 private:
  std::size_t p_;
  std::vector<double> first_, second_;
};

/// Tied deaths take part in `steps` risk sets; in step k the dying count for 1 - k/steps of themselves.
std::uint32_t steps_of(const DeathTime& death, CoxTies ties) { return ties == CoxTies::efron ? death.deaths : 1; }

/// The terms of the likelihood, one for each risk set: `each` log S0 with the mean S1 / S0. They are gathered in blocks so
/// that what is done to each runs over contiguous lanes.
class RiskSetTerms {
 public:
  RiskSetTerms(const CoxDesign& design, CoxTies ties, std::span<const double> time_weight, std::vector<double>& step, std::vector<double>& death_step)
      : deaths_(design.deaths()), ties_(ties), p_(design.covariates()), time_weight_(time_weight), step_(step), death_step_(death_step), moments_(p_), mean_(p_ * kBlock), columns_(p_) {
    for (std::size_t j = 0; j < p_; ++j) columns_[j] = mean_.data() + j * kBlock;
    step_.assign(deaths_.size() + 1, 0);  // one more, so that a walk may read on after the last death
    death_step_.assign(deaths_.size(), 0);
  }

  /// Death time b, whose risk set has the sums s0, s1 and its deaths d0, d1.
  void add(std::size_t b, double s0, const double* s1, double d0, const double* d1) {
    const DeathTime& death = deaths_[b];
    const std::uint32_t steps = steps_of(death, ties_);
    for (std::uint32_t k = 0; k < steps; ++k) {
      if (filled_ == kBlock) flush();
      at_[filled_] = static_cast<std::uint32_t>(b);
      each_[filled_] = death.weight / steps;
      share_[filled_] = static_cast<double>(k) / steps;
      s0_[filled_] = s0 - share_[filled_] * d0;
      for (std::size_t j = 0; j < p_; ++j) mean_[j * kBlock + filled_] = s1[j] - share_[filled_] * d1[j];
      ++filled_;
    }
  }
  /// Terms that fit in before the next flush; 1 or more.
  std::size_t room() {
    if (filled_ + kBlock / 8 > kBlock) flush();
    return kBlock - filled_;
  }
  /// Writes the term of a single death into the next place, which is taken where `died` is 1 and left free where it is 0:
  /// a row without death costs no branch. There must be room.
  template <std::size_t P>
  void put_single(std::size_t b, double weight, double s0, const std::array<double, P>& s1, std::size_t died) {
    at_[filled_] = static_cast<std::uint32_t>(b);
    each_[filled_] = weight;
    share_[filled_] = 0;
    s0_[filled_] = s0;
    for (std::size_t j = 0; j < P; ++j) mean_[j * kBlock + filled_] = s1[j];
    filled_ += died;
  }
  /// Takes the last terms in; then the sums are complete.
  void flush() {
    const std::size_t count = std::exchange(filled_, 0);
    add_logarithms(count);
    double inverse[kBlock];
    for (std::size_t i = 0; i < count; ++i) inverse[i] = 1 / s0_[i];
    for (std::size_t j = 0; j < p_; ++j)
      for (std::size_t i = 0; i < count; ++i) mean_[j * kBlock + i] *= inverse[i];
    if (!time_weight_.empty())
      for (std::size_t i = 0; i < count; ++i) each_[i] *= time_weight_[at_[i]];
    moments_.add(each_, columns_, 0, count);
    for (std::size_t i = 0; i < count; ++i) {
      const double hazard = each_[i] * inverse[i];
      step_[at_[i]] += hazard;
      death_step_[at_[i]] += hazard * (1 - share_[i]);
    }
  }
  double log_sum() const { return log_sum_; }
  const Moments& moments() const { return moments_; }

 private:
  /// Sum of `each` log S0: one logarithm for eight terms where they weigh 1 and their product cannot leave the range.
  void add_logarithms(std::size_t count) {
    constexpr double kSmall = 1e-38, kGreat = 1e38;
    const auto plain = [&](std::size_t i) { return each_[i] == 1 && s0_[i] > kSmall && s0_[i] < kGreat; };
    for (std::size_t from = 0; from < count; from += 8) {
      const std::size_t to = std::min<std::size_t>(from + 8, count);
      double product = 1;
      for (std::size_t i = from; i < to; ++i) {
        if (plain(i))
          product *= s0_[i];
        else
          log_sum_ += each_[i] * std::log(s0_[i]);
      }
      log_sum_ += std::log(product);
    }
  }

  const std::vector<DeathTime>& deaths_;
  CoxTies ties_;
  std::size_t p_, filled_ = 0;
  std::span<const double> time_weight_;
  std::vector<double>&step_, &death_step_;
  Moments moments_;
  double log_sum_ = 0;
  std::uint32_t at_[kBlock];
  double each_[kBlock], share_[kBlock], s0_[kBlock];
  std::vector<double> mean_;  // S1 until the block is full
  std::vector<const double*> columns_;
};

/// The sweep for P covariates and no delayed entry, with the sums in registers and, between ties, without branches on who
/// died. The same additions in the same order as sweep_risk_sets. Finds the risks on its way, while the covariates are
/// at hand.
template <std::size_t P>
class FixedSweep {
 public:
  FixedSweep(const CoxDesign& design, const Eigen::VectorXd& beta, std::vector<double>& risk, RiskSetTerms& terms) : design_(design), beta_(beta), risk_(risk), terms_(terms), known_(design.size()) {
    for (std::size_t j = 0; j < P; ++j) x_[j] = design.column(j);
  }

  /// `tied`: the death times of more than one death, ascending.
  void run(const std::vector<std::uint32_t>& tied) {
    auto next_tied = tied.rbegin();
    for (std::size_t s = design_.strata().size(); s-- > 0;) {
      const CoxDesign::Stratum& stratum = design_.strata()[s];
      s0_ = 0;
      s1_ = {};
      std::size_t end = stratum.end, b = stratum.last_death;
      for (; next_tied != tied.rend() && *next_tied >= stratum.first_death; ++next_tied) {
        const DeathTime& death = design_.deaths()[*next_tied];
        singles(death.begin + death.deaths, end, b);
        ties(death);
        end = death.begin;
        b = *next_tied;
      }
      singles(stratum.begin, end, b);
    }
  }

 private:
  /// Positions [begin, end), the deaths in which are those before death time b.
  void singles(std::size_t begin, std::size_t end, std::size_t b) {
    while (end > begin) {
      const std::size_t from = end - std::min(end - begin, terms_.room());
      know(from);
      double s0 = s0_;
      std::array<double, P> s1 = s1_;
      for (; end > from; --end) {
        const double r = risk_[end - 1];
        s0 += r;
        for (std::size_t j = 0; j < P; ++j) s1[j] += r * x_[j][end - 1];
        const std::size_t died = design_.died(end - 1) ? 1 : 0;
        b -= died;
        terms_.put_single(b, design_.weight(end - 1), s0, s1, died);
      }
      s0_ = s0;
      s1_ = s1;
    }
  }

  void ties(const DeathTime& death) {
    know(death.begin);
    double d0 = 0;
    std::array<double, P> d1{};
    for (std::size_t k = death.begin + death.deaths; k-- > death.begin;) {
      s0_ += risk_[k];
      d0 += risk_[k];
      for (std::size_t j = 0; j < P; ++j) {
        s1_[j] += risk_[k] * x_[j][k];
        d1[j] += risk_[k] * x_[j][k];
      }
    }
    terms_.add(static_cast<std::size_t>(&death - design_.deaths().data()), s0_, s1_.data(), d0, d1.data());
  }

  /// The risks from `position` on.
  void know(std::size_t position) {
    while (known_ > position) {
      const std::size_t to = std::exchange(known_, known_ - std::min(known_, CoxDesign::kRiskBlock));
      design_.risk(beta_, known_, to, risk_);
    }
  }

  const CoxDesign& design_;
  const Eigen::VectorXd& beta_;
  std::vector<double>& risk_;
  RiskSetTerms& terms_;
  std::size_t known_;
  std::array<const double*, P> x_;
  double s0_ = 0;
  std::array<double, P> s1_{};
};

/// Fills in `risk` and `terms`.
void sweep(const CoxDesign& design, const std::vector<std::uint32_t>& tied, const Eigen::VectorXd& beta, std::vector<double>& risk, RiskSetTerms& terms) {
  risk.resize(design.size());
  if (!design.delayed_entry()) {
    switch (design.covariates()) {
      case 1: return FixedSweep<1>(design, beta, risk, terms).run(tied);
      case 2: return FixedSweep<2>(design, beta, risk, terms).run(tied);
      case 3: return FixedSweep<3>(design, beta, risk, terms).run(tied);
      case 4: return FixedSweep<4>(design, beta, risk, terms).run(tied);
      case 5: return FixedSweep<5>(design, beta, risk, terms).run(tied);
      case 6: return FixedSweep<6>(design, beta, risk, terms).run(tied);
      default: break;
    }
  }
  design.risk(beta, risk);
  sweep_risk_sets(design, risk, [&](std::size_t b, double s0, const double* s1, double d0, const double* d1) { terms.add(b, s0, s1, d0, d1); });
}

/// By position: risk times the hazard lived through, q_i; weight of the death minus q_i is the martingale residual. Between
/// ties without branches on who died.
void lived_through(const CoxDesign& design, const std::vector<std::uint32_t>& tied, const std::vector<double>& step, const std::vector<double>& death_step, std::vector<double>& risk) {
  auto next_tied = tied.begin();
  for (const CoxDesign::Stratum& stratum : design.strata()) {
    double hazard = 0;
    std::size_t b = stratum.first_death, i = stratum.begin;
    const auto singles = [&](std::size_t end) {
      for (; i < end; ++i) {
        const std::size_t died = design.died(i) ? 1 : 0;
        hazard += static_cast<double>(died) * step[b];
        b += died;
        risk[i] *= hazard;
      }
    };
    for (; next_tied != tied.end() && *next_tied < stratum.last_death; ++next_tied) {
      const DeathTime& death = design.deaths()[*next_tied];
      singles(death.begin);
      for (; i < death.begin + death.deaths; ++i) risk[i] *= hazard + death_step[b];
      hazard += step[b++];
    }
    singles(stratum.end);
  }
}

/// The same with delayed entry: the hazard between the row's entry and its end.
void lived_through_since_entry(const CoxDesign& design, const std::vector<double>& step, const std::vector<double>& death_step, std::vector<double>& risk) {
  std::vector<double> before(design.deaths().size() + 1);
  for (const CoxDesign::Stratum& stratum : design.strata()) {
    double hazard = 0;
    std::size_t i = stratum.begin;
    // Hazard since the row's entry, when it is `at` now and death times before index `next` have passed.
    const auto since_entry = [&](std::size_t position, double at, std::size_t next) {
      const std::uint32_t first = design.first_death_after_entry(position);
      return first < next ? at - before[first] : 0.0;
    };
    for (std::size_t b = stratum.first_death; b < stratum.last_death; ++b) {
      const DeathTime& death = design.deaths()[b];
      for (; i < death.begin; ++i) risk[i] *= since_entry(i, hazard, b);
      before[b] = hazard;
      for (; i < death.begin + death.deaths; ++i) risk[i] *= since_entry(i, hazard + death_step[b], b + 1);
      hazard += step[b];
    }
    for (; i < stratum.end; ++i) risk[i] *= since_entry(i, hazard, stratum.last_death);
  }
}

}  // namespace

CoxLikelihood::CoxLikelihood(const CoxDesign& design, CoxTies ties) : design_(design), ties_(ties), columns_(design.covariates()) {
  for (std::size_t j = 0; j < columns_.size(); ++j) columns_[j] = design.column(j);
  of_deaths_ = sum_over_deaths({});
  for (std::size_t b = 0; b < design.deaths().size(); ++b) {
    const DeathTime& death = design.deaths()[b];
    if (death.deaths > 1) tied_.push_back(static_cast<std::uint32_t>(b));
    for (std::size_t i = death.begin; i < death.begin + death.deaths; ++i) offset_of_deaths_ += design.weight(i) * design.offset(i);
  }
}

Eigen::VectorXd CoxLikelihood::sum_over_deaths(std::span<const double> time_weight) const {
  Moments sum(columns_.size());
  std::size_t b = 0;
  double weight[kBlock];
  for (std::size_t from = 0; from < design_.size(); from += kBlock) {
    const std::size_t count = std::min(kBlock, design_.size() - from);
    for (std::size_t i = from; i < from + count; ++i) {
      weight[i - from] = design_.died(i) ? design_.weight(i) : 0;
      if (time_weight.empty() || !design_.died(i)) continue;
      while (design_.deaths()[b].begin + design_.deaths()[b].deaths <= i) ++b;
      weight[i - from] *= time_weight[b];
    }
    sum.add_first(weight, columns_, from, count);
  }
  return sum.first();
}

CoxDerivatives CoxLikelihood::at(const Eigen::VectorXd& beta, std::span<const double> time_weight) {
  if (ties_ == CoxTies::exact) return cox_exact_derivatives(design_, beta);
  RiskSetTerms terms(design_, ties_, time_weight, step_, death_step_);
  sweep(design_, tied_, beta, risk_, terms);
  terms.flush();
  if (design_.delayed_entry())
    lived_through_since_entry(design_, step_, death_step_, risk_);
  else
    lived_through(design_, tied_, step_, death_step_, risk_);
  Moments lived(columns_.size());
  lived.add(risk_.data(), columns_, 0, risk_.size());
  CoxDerivatives result;
  result.loglik = beta.dot(of_deaths_) + offset_of_deaths_ - terms.log_sum();
  result.score = (time_weight.empty() ? of_deaths_ : sum_over_deaths(time_weight)) - lived.first();
  result.information = lived.second() - terms.moments().second();
  return result;
}

CoxHazard cox_hazard(const CoxDesign& design, const Eigen::VectorXd& beta, CoxTies ties) {
  const std::size_t p = design.covariates(), d = design.deaths().size();
  CoxHazard hazard{std::vector<double>(d), std::vector<double>(d), std::vector<double>(d), std::vector<double>(d * p), std::vector<double>(d * p), std::vector<double>(d * p)};
  std::vector<double> risk;
  design.risk(beta, risk);
  sweep_risk_sets(design, risk, [&](std::size_t b, double s0, const double* s1, double d0, const double* d1) {
    const DeathTime& death = design.deaths()[b];
    const std::uint32_t steps = steps_of(death, ties);
    const double each = death.weight / steps;
    for (std::uint32_t k = 0; k < steps; ++k) {
      const double share = static_cast<double>(k) / steps, remaining = s0 - share * d0, increment = each / remaining;
      hazard.step[b] += increment;
      hazard.death_step[b] += increment * (1 - share);
      hazard.square[b] += increment / remaining;
      for (std::size_t j = 0; j < p; ++j) {
        const double mean = (s1[j] - share * d1[j]) / remaining;
        hazard.mean[b * p + j] += mean / steps;
        hazard.xbar[b * p + j] += increment * mean;
        hazard.death_xbar[b * p + j] += increment * (1 - share) * mean;
      }
    }
  });
  return hazard;
}

}  // namespace coley::statistics
