// SPDX-License-Identifier: Apache-2.0
#include "statistics/cox_likelihood.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace coley::statistics {
namespace {

/// Sum of w x x' over many x, in blocks laid out by column so that the inner loops run over contiguous lanes. The order
/// of additions is fixed: 8 lanes whatever the processor.
class CrossProduct {
 public:
  explicit CrossProduct(std::size_t p) : p_(p), x_(p * kBlock), sum_(p * (p + 1) / 2 * kLanes) {}

  double* next(double weight) {
    if (filled_ == kBlock) flush();
    weight_[filled_] = weight;
    return x_.data() + filled_++;  // element j belongs at [j * stride()]
  }
  static std::size_t stride() { return kBlock; }

  Eigen::MatrixXd value() {
    flush();
    const auto p = static_cast<Eigen::Index>(p_);
    Eigen::MatrixXd matrix(p, p);
    const double* lanes = sum_.data();
    for (Eigen::Index a = 0; a < p; ++a)
      for (Eigen::Index b = 0; b <= a; ++b, lanes += kLanes) {
        double total = 0;
        for (std::size_t lane = 0; lane < kLanes; ++lane) total += lanes[lane];
        matrix(a, b) = matrix(b, a) = total;
      }
    return matrix;
  }

  /// Adds whole columns: weight w[i], x_j[i] = columns[j][i].
  void add_columns(const double* w, const std::vector<const double*>& columns, std::size_t n) {
    for (std::size_t from = 0; from < n; from += kBlock) {
      const std::size_t count = std::min(kBlock, n - from);
      double* lanes = sum_.data();
      for (std::size_t a = 0; a < p_; ++a) {
        double weighted[kBlock];
        for (std::size_t i = 0; i < count; ++i) weighted[i] = w[from + i] * columns[a][from + i];
        for (std::size_t b = 0; b <= a; ++b, lanes += kLanes) dot(weighted, columns[b] + from, count, lanes);
      }
    }
  }

 private:
  static constexpr std::size_t kBlock = 256, kLanes = 8;

  static void dot(const double* a, const double* b, std::size_t count, double* lanes) {
    double sum[kLanes];  // of its own, so that the compiler keeps it in registers
    std::copy_n(lanes, kLanes, sum);
    std::size_t i = 0;
    for (; i + kLanes <= count; i += kLanes)
      for (std::size_t lane = 0; lane < kLanes; ++lane) sum[lane] += a[i + lane] * b[i + lane];
    for (; i < count; ++i) sum[i % kLanes] += a[i] * b[i];
    std::copy_n(sum, kLanes, lanes);
  }

  void flush() {
    std::vector<const double*> columns(p_);
    for (std::size_t j = 0; j < p_; ++j) columns[j] = x_.data() + j * kBlock;
    add_columns(weight_, columns, std::exchange(filled_, 0));
  }

  std::size_t p_, filled_ = 0;
  std::vector<double> x_, sum_;
  double weight_[kBlock] = {};
};

/// Sum of m log(x) with few logarithms.
class WeightedLogSum {
 public:
  void add(double weight, double x) {
    if (weight != 1) {
      sum_ += weight * std::log(x);
      return;
    }
    product_ *= x;
    if (!(product_ < 1e200 && product_ > 1e-200)) flush();
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
  double sum_ = 0, product_ = 1;
};

/// Tied deaths take part in `steps` risk sets; in step k the dying count for 1 - k/steps of themselves.
std::uint32_t steps_of(const DeathTime& death, CoxTies ties) { return ties == CoxTies::efron ? death.deaths : 1; }

/// What one sweep over the risk sets leaves behind.
struct RiskSetSums {
  CrossProduct means;
  WeightedLogSum denominators;
  std::vector<double> step, death_step;

  /// Death time b, whose risk set has the sums s0, s1 and its deaths d0, d1.
  void add(const CoxDesign& design, std::size_t b, double s0, const double* s1, double d0, const double* d1, CoxTies ties, std::span<const double> time_weight) {
    const DeathTime& death = design.deaths()[b];
    const std::uint32_t steps = steps_of(death, ties);
    const double each = death.weight / steps, factor = time_weight.empty() ? each : each * time_weight[b];
    for (std::uint32_t k = 0; k < steps; ++k) {
      const double share = static_cast<double>(k) / steps, remaining = s0 - share * d0, inverse = 1 / remaining;
      denominators.add(each, remaining);
      step[b] += factor * inverse;
      death_step[b] += factor * inverse * (1 - share);
      double* mean = means.next(factor);
      for (std::size_t j = 0; j < design.covariates(); ++j) mean[j * CrossProduct::stride()] = (s1[j] - share * d1[j]) * inverse;
    }
  }
};

/// The sweep for P covariates and no delayed entry, with the sums in registers and a short way for single deaths. The
/// same additions in the same order as sweep_risk_sets.
template <std::size_t P>
void sweep_fixed(const CoxDesign& design, const std::vector<double>& risk, CoxTies ties, std::span<const double> time_weight, RiskSetSums& sums) {
  std::array<const double*, P> x;
  for (std::size_t j = 0; j < P; ++j) x[j] = design.column(j);
  for (const CoxDesign::Stratum& stratum : design.strata()) {
    double s0 = 0;
    std::array<double, P> s1{};
    std::size_t i = stratum.end;
    for (std::size_t b = stratum.last_death; b-- > stratum.first_death;) {
      const DeathTime& death = design.deaths()[b];
      for (; i > death.begin; --i) {
        const double r = risk[i - 1];
        s0 += r;
        for (std::size_t j = 0; j < P; ++j) s1[j] += r * x[j][i - 1];
      }
      if (death.deaths == 1) {
        const double factor = time_weight.empty() ? death.weight : death.weight * time_weight[b], inverse = 1 / s0;
        sums.denominators.add(death.weight, s0);
        sums.step[b] = sums.death_step[b] = factor * inverse;
        double* mean = sums.means.next(factor);
        for (std::size_t j = 0; j < P; ++j) mean[j * CrossProduct::stride()] = s1[j] * inverse;
        continue;
      }
      double d0 = 0;
      std::array<double, P> d1{};
      for (std::size_t k = death.begin; k < death.begin + death.deaths; ++k) {
        d0 += risk[k];
        for (std::size_t j = 0; j < P; ++j) d1[j] += risk[k] * x[j][k];
      }
      sums.add(design, b, s0, s1.data(), d0, d1.data(), ties, time_weight);
    }
  }
}

void sweep(const CoxDesign& design, const std::vector<double>& risk, CoxTies ties, std::span<const double> time_weight, RiskSetSums& sums) {
  if (!design.delayed_entry()) {
    switch (design.covariates()) {
      case 1: return sweep_fixed<1>(design, risk, ties, time_weight, sums);
      case 2: return sweep_fixed<2>(design, risk, ties, time_weight, sums);
      case 3: return sweep_fixed<3>(design, risk, ties, time_weight, sums);
      case 4: return sweep_fixed<4>(design, risk, ties, time_weight, sums);
      case 5: return sweep_fixed<5>(design, risk, ties, time_weight, sums);
      case 6: return sweep_fixed<6>(design, risk, ties, time_weight, sums);
      default: break;
    }
  }
  sweep_risk_sets(design, risk, [&](std::size_t b, double s0, const double* s1, double d0, const double* d1) {
    sums.add(design, b, s0, s1, d0, d1, ties, time_weight);
  });
}

/// By position: risk times the hazard lived through, q_i; weight of the death minus q_i is the martingale residual.
void lived_through(const CoxDesign& design, const std::vector<double>& step, const std::vector<double>& death_step, std::vector<double>& risk) {
  std::vector<double> before(design.delayed_entry() ? design.deaths().size() + 1 : 0);
  for (const CoxDesign::Stratum& stratum : design.strata()) {
    double hazard = 0;
    std::size_t i = stratum.begin;
    // Hazard between the row's entry and `at`, when death times before index `next` have passed.
    const auto since_entry = [&](std::size_t position, double at, std::size_t next) {
      if (!design.delayed_entry()) return at;
      const std::uint32_t first = design.first_death_after_entry(position);
      return first < next ? at - before[first] : 0.0;
    };
    for (std::size_t b = stratum.first_death; b < stratum.last_death; ++b) {
      const DeathTime& death = design.deaths()[b];
      for (; i < death.begin; ++i) risk[i] *= since_entry(i, hazard, b);
      if (design.delayed_entry()) before[b] = hazard;
      for (; i < death.begin + death.deaths; ++i) risk[i] *= since_entry(i, hazard + death_step[b], b + 1);
      hazard += step[b];
    }
    for (; i < stratum.end; ++i) risk[i] *= since_entry(i, hazard, stratum.last_death);
  }
}

}  // namespace

CoxDerivatives cox_derivatives(const CoxDesign& design, const Eigen::VectorXd& beta, CoxTies ties, std::span<const double> time_weight) {
  const std::size_t p = design.covariates(), n = design.size();
  std::vector<double> risk;
  design.risk(beta, risk);
  CrossProduct lived(p);
  RiskSetSums sums{CrossProduct(p), {}, std::vector<double>(design.deaths().size()), std::vector<double>(design.deaths().size())};
  sweep(design, risk, ties, time_weight, sums);
  CoxDerivatives result;
  WeightedLogSum numerators;
  for (const DeathTime& death : design.deaths())
    for (std::size_t i = death.begin; i < death.begin + death.deaths; ++i) numerators.add(design.weight(i), risk[i] / design.weight(i));
  result.loglik = numerators.value() - sums.denominators.value();
  lived_through(design, sums.step, sums.death_step, risk);
  std::vector<const double*> columns(p);
  for (std::size_t j = 0; j < p; ++j) columns[j] = design.column(j);
  lived.add_columns(risk.data(), columns, n);
  result.information = lived.value() - sums.means.value();
  result.score = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(p));
  for (double& q : risk) q = -q;
  for (std::size_t b = 0; b < design.deaths().size(); ++b)
    for (std::size_t i = design.deaths()[b].begin; i < design.deaths()[b].begin + design.deaths()[b].deaths; ++i)
      risk[i] += design.weight(i) * (time_weight.empty() ? 1 : time_weight[b]);
  for (std::size_t j = 0; j < p; ++j)
    result.score[static_cast<Eigen::Index>(j)] = Eigen::Map<const Eigen::VectorXd>(risk.data(), static_cast<Eigen::Index>(n)).dot(Eigen::Map<const Eigen::VectorXd>(columns[j], static_cast<Eigen::Index>(n)));
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
