// SPDX-License-Identifier: Apache-2.0
#include "statistics/fine_gray.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/error.hpp"
#include "statistics/covariates.hpp"
#include "statistics/newton.hpp"

namespace coley::statistics {
namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Covariates = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;  // a subject is contiguous

enum class Outcome : char { censored, event, other };

/// The subjects in order of time, with distinct times numbered ("moments").
struct Sorted {
  std::vector<std::size_t> row;    // of the input
  std::vector<Outcome> outcome;
  std::vector<int> group;          // of censoring
  int groups = 1;
  std::vector<Index> begin;        // first subject of each moment, and n at the end
  std::vector<double> time;        // of each moment
  Covariates x;

  Index size() const { return static_cast<Index>(row.size()); }
  Index moments() const { return static_cast<Index>(time.size()); }
};

Sorted sort_subjects(const CompetingTimes& data, int cause, const MatrixXd& covariates, std::span<const int> group) {
  const std::size_t n = data.time.size();
  std::vector<std::pair<double, std::size_t>> order(n);
  for (std::size_t i = 0; i < n; ++i) order[i] = {data.time[i], i};
  std::sort(order.begin(), order.end());
  Sorted sorted;
  sorted.x.resize(static_cast<Index>(n), covariates.cols());
  for (const auto& [time, i] : order) {
    const Index at = sorted.size();
    if (sorted.time.empty() || time != sorted.time.back()) {
      sorted.begin.push_back(at);
      sorted.time.push_back(time);
    }
    sorted.row.push_back(i);
    sorted.outcome.push_back(data.cause[i] == 0 ? Outcome::censored : data.cause[i] == cause ? Outcome::event : Outcome::other);
    sorted.group.push_back(group.empty() ? 0 : group[i]);
    sorted.groups = std::max(sorted.groups, sorted.group.back() + 1);
    sorted.x.row(at) = covariates.row(static_cast<Index>(i));
  }
  sorted.begin.push_back(sorted.size());
  return sorted;
}

/// The censoring distribution of one or several groups, [group][moment].
struct Censoring {
  MatrixXd survival_before;  // G(t-)
  MatrixXd at_risk;          // of being censored at t
  MatrixXd censored;         // at t
};

Censoring estimate_censoring(const Sorted& s, CensoringTies ties) {
  const Index moments = s.moments();
  Censoring c{MatrixXd(s.groups, moments), MatrixXd(s.groups, moments), MatrixXd::Zero(s.groups, moments)};
  ArrayXd at_risk = ArrayXd::Zero(s.groups), survival = ArrayXd::Ones(s.groups);
  for (const int g : s.group) at_risk[g] += 1;
  for (Index m = 0; m < moments; ++m) {
    ArrayXd events = ArrayXd::Zero(s.groups);
    for (Index i = s.begin[m]; i < s.begin[m + 1]; ++i) {
      if (s.outcome[i] == Outcome::censored)
        c.censored(s.group[i], m) += 1;
      else
        events[s.group[i]] += 1;
    }
    c.survival_before.col(m) = survival;
    c.at_risk.col(m) = ties == CensoringTies::events_at_risk ? at_risk : (at_risk - events).eval();
    for (int g = 0; g < s.groups; ++g)
      if (c.censored(g, m) > 0) survival[g] *= 1 - c.censored(g, m) / c.at_risk(g, m);
    at_risk -= events + c.censored.col(m).array();
  }
  return c;
}

/// A sum over subjects of weights and of weights times covariates.
struct Moment {
  double sum = 0;
  VectorXd first;
  explicit Moment(Index p) : first(VectorXd::Zero(p)) {}
  void add(double weight, const Covariates::ConstRowXpr& x) {
    sum += weight;
    first.noalias() += weight * x.transpose();
  }
  void add(double weight, const Moment& other) {
    sum += weight * other.sum;
    first.noalias() += weight * other.first;
  }
};

class Model {
 public:
  Model(const Sorted& sorted, const Censoring& censoring) : s_(sorted), c_(censoring) {
    deaths_ = ArrayXd::Zero(s_.moments());
    inverse_before_.resize(s_.size());
    for (Index m = 0; m < s_.moments(); ++m)
      for (Index i = s_.begin[m]; i < s_.begin[m + 1]; ++i) {
        deaths_[m] += s_.outcome[i] == Outcome::event;
        inverse_before_[i] = s_.outcome[i] == Outcome::other ? 1 / c_.survival_before(s_.group[i], m) : 0;
      }
  }

  /// Evaluates the likelihood at beta; the other members speak of that beta.
  double evaluate(const VectorXd& beta) {
    const ArrayXd linear = s_.x * beta;
    const double shift = linear.maxCoeff();
    relative_ = (linear - shift).exp();
    sum_risk_sets();
    double loglik = 0;
    for (Index m = 0; m < s_.moments(); ++m) {
      if (deaths_[m] == 0) continue;
      loglik -= deaths_[m] * (shift + std::log(risk_[m]));
      for (Index i = s_.begin[m]; i < s_.begin[m + 1]; ++i)
        if (s_.outcome[i] == Outcome::event) loglik += linear[i];
    }
    return loglik;
  }

  VectorXd score() const {
    VectorXd sum = VectorXd::Zero(s_.x.cols());
    for (Index m = 0; m < s_.moments(); ++m) {
      if (deaths_[m] == 0) continue;
      sum -= deaths_[m] * mean_.row(m).transpose();
      for (Index i = s_.begin[m]; i < s_.begin[m + 1]; ++i)
        if (s_.outcome[i] == Outcome::event) sum += s_.x.row(i).transpose();
    }
    return sum;
  }

  /// The second moments of all risk sets add up to one weighted sum over subjects: each counts with the hazard it
  /// has been exposed to.
  MatrixXd information() const {
    const ArrayXd exposure = total_exposure();
    MatrixXd total = s_.x.transpose() * (exposure.matrix().asDiagonal() * s_.x);
    for (Index m = 0; m < s_.moments(); ++m)
      if (deaths_[m] > 0) total.noalias() -= deaths_[m] * mean_.row(m).transpose() * mean_.row(m);
    return total;
  }

  /// Sum of squares of the subjects' contributions to the score, with what each adds by the estimate of G
  /// (Fine and Gray 1999, eta and psi).
  MatrixXd meat() const {
    Covariates contribution = own_contribution();
    add_censoring_contribution(contribution);
    return contribution.transpose() * contribution;
  }

  /// Jumps of the baseline subdistribution hazard at covariates 0 (that is, at the reference).
  void write_baseline(const VectorXd& beta, FineGrayFit& fit) const {
    const double shift = (s_.x * beta).maxCoeff();
    double sum = 0;
    for (Index m = 0; m < s_.moments(); ++m) {
      if (deaths_[m] == 0) continue;
      sum += deaths_[m] / risk_[m] * std::exp(-shift);
      fit.time.push_back(s_.time[m]);
      fit.cumulative_hazard.push_back(sum);
    }
  }

 private:
  /// risk_ and mean_ at moments with deaths: those still observed, backwards, and those with another event before,
  /// forwards.
  void sum_risk_sets() {
    const Index p = s_.x.cols();
    risk_ = ArrayXd::Zero(s_.moments());
    mean_ = Covariates::Zero(s_.moments(), p);
    std::vector<Moment> past(static_cast<std::size_t>(s_.groups), Moment(p));
    for (Index m = 0; m < s_.moments(); ++m) {
      if (deaths_[m] > 0)
        for (int g = 0; g < s_.groups; ++g) {
          risk_[m] += c_.survival_before(g, m) * past[g].sum;
          mean_.row(m) += c_.survival_before(g, m) * past[g].first.transpose();
        }
      for (Index i = s_.begin[m]; i < s_.begin[m + 1]; ++i)
        if (s_.outcome[i] == Outcome::other) past[s_.group[i]].add(relative_[i] * inverse_before_[i], s_.x.row(i));
    }
    Moment present(p);
    for (Index m = s_.moments() - 1; m >= 0; --m) {
      for (Index i = s_.begin[m]; i < s_.begin[m + 1]; ++i) present.add(relative_[i], s_.x.row(i));
      if (deaths_[m] == 0) continue;
      risk_[m] += present.sum;
      mean_.row(m) = (mean_.row(m) + present.first.transpose()) / risk_[m];
    }
  }

  double hazard(Index m) const { return deaths_[m] / risk_[m]; }

  ArrayXd total_exposure() const {
    ArrayXd exposure(s_.size());
    double sum = 0;
    for (Index m = 0; m < s_.moments(); ++m) {
      if (deaths_[m] > 0) sum += hazard(m);
      for (Index i = s_.begin[m]; i < s_.begin[m + 1]; ++i) exposure[i] = sum * relative_[i];
    }
    ArrayXd later = ArrayXd::Zero(s_.groups);
    for (Index m = s_.moments() - 1; m >= 0; --m) {
      for (Index i = s_.begin[m]; i < s_.begin[m + 1]; ++i) exposure[i] += later[s_.group[i]] * relative_[i] * inverse_before_[i];
      if (deaths_[m] > 0) later += c_.survival_before.col(m).array() * hazard(m);
    }
    return exposure;
  }

  /// eta_i: (x_i - mean) dM_i summed over the times at which i is in the risk set.
  Covariates own_contribution() const {
    const Index p = s_.x.cols();
    Covariates eta(s_.size(), p);
    Moment before(p);
    for (Index m = 0; m < s_.moments(); ++m) {
      if (deaths_[m] > 0) before.add(hazard(m), mean_.row(m));
      for (Index i = s_.begin[m]; i < s_.begin[m + 1]; ++i) {
        eta.row(i) = relative_[i] * (before.first.transpose() - before.sum * s_.x.row(i));
        if (s_.outcome[i] == Outcome::event) eta.row(i) += s_.x.row(i) - mean_.row(m);
      }
    }
    std::vector<Moment> later(static_cast<std::size_t>(s_.groups), Moment(p));
    for (Index m = s_.moments() - 1; m >= 0; --m) {
      for (Index i = s_.begin[m]; i < s_.begin[m + 1]; ++i) {
        const Moment& sum = later[s_.group[i]];
        eta.row(i) += relative_[i] * inverse_before_[i] * (sum.first.transpose() - sum.sum * s_.x.row(i));
      }
      if (deaths_[m] > 0)
        for (int g = 0; g < s_.groups; ++g) later[g].add(c_.survival_before(g, m) * hazard(m), mean_.row(m));
    }
    return eta;
  }

  /// psi_i: q(u)/pi(u) dM^c_i(u). q(u) sums over those with another event before u what they contribute from u on;
  /// at ties cmprsk counts events before u strictly, and contributions from u inclusive.
  void add_censoring_contribution(Covariates& contribution) const {
    for (int g = 0; g < s_.groups; ++g) {
      Covariates rate = censoring_scores(g);
      VectorXd compensator = VectorXd::Zero(s_.x.cols());
      for (Index m = 0; m < s_.moments(); ++m) {
        if (c_.censored(g, m) > 0) compensator += rate.row(m).transpose() * (c_.censored(g, m) / c_.at_risk(g, m));
        for (Index i = s_.begin[m]; i < s_.begin[m + 1]; ++i) {
          if (s_.group[i] != g) continue;
          contribution.row(i) -= compensator.transpose();
          if (s_.outcome[i] == Outcome::censored) contribution.row(i) += rate.row(m);
        }
      }
    }
  }

  /// q(u)/pi(u) of one censoring group at the moments with censorings, 0 elsewhere.
  Covariates censoring_scores(int g) const {
    const Index p = s_.x.cols();
    Covariates rate(s_.moments(), p);
    ArrayXd later_sum(s_.moments());
    Moment later(p);
    for (Index m = s_.moments() - 1; m >= 0; --m) {
      if (deaths_[m] > 0) later.add(c_.survival_before(g, m) * hazard(m), mean_.row(m));
      rate.row(m) = later.first.transpose();
      later_sum[m] = later.sum;
    }
    Moment past(p);
    for (Index m = 0; m < s_.moments(); ++m) {
      if (c_.censored(g, m) > 0)
        rate.row(m) = (past.first.transpose() * later_sum[m] - past.sum * rate.row(m)) / c_.at_risk(g, m);
      else
        rate.row(m).setZero();
      for (Index i = s_.begin[m]; i < s_.begin[m + 1]; ++i)
        if (s_.group[i] == g && s_.outcome[i] == Outcome::other) past.add(relative_[i] * inverse_before_[i], s_.x.row(i));
    }
    return rate;
  }

  const Sorted& s_;
  const Censoring& c_;
  ArrayXd deaths_;          // of the cause, by moment
  ArrayXd inverse_before_;  // 1/G(T-) of those with another event, 0 of others
  ArrayXd relative_;        // exp(x beta), scaled
  ArrayXd risk_;            // sum of weights in the risk set, by moment
  Covariates mean_;         // of the covariates in the risk set, by moment
};

/// Fills in the coefficients of the standard covariates and how they were found; leaves the model at them.
void fit_coefficients(Model& model, FineGrayFit& fit, const std::vector<std::string>& names) {
  const auto likelihood = [&](const VectorXd& beta) {
    const double value = model.evaluate(beta);
    return Likelihood{value, model.score(), model.information()};
  };
  const VectorXd null = VectorXd::Zero(static_cast<Index>(names.size()));
  const Likelihood at_null = likelihood(null);
  const Maximum found = maximise(likelihood, null);
  fit.coef = found.at;
  fit.converged = found.converged;
  fit.loglik_null = at_null.value;
  fit.loglik = model.evaluate(found.at);
  // The information about a coefficient that runs to infinity vanishes on the way.
  for (Index j = 0; j < null.size(); ++j)
    if (!(found.likelihood.information(j, j) > 1e-6 * at_null.information(j, j))) {
      fit.converged = false;
      fit.problem = names[static_cast<std::size_t>(j)] + ": the likelihood rises as its coefficient runs to infinity (no event of the cause at some values)";
    }
  if (!fit.converged && fit.problem.empty()) fit.problem = "Newton's method did not converge";
}

}  // namespace

double FineGrayFit::cumulative_incidence(double t, const VectorXd& covariates) const {
  const auto after = std::upper_bound(time.begin(), time.end(), t);
  if (after == time.begin()) return 0;
  const double hazard = cumulative_hazard[static_cast<std::size_t>(after - time.begin()) - 1];
  return -std::expm1(-hazard * std::exp(coef.dot(covariates - reference)));
}

FineGrayFit fine_gray(const CompetingTimes& data, int cause, const MatrixXd& covariates,
                      const std::vector<std::string>& names, const FineGrayOptions& options) {
  check_competing_times(data);
  if (!data.entry.empty())
    throw InputError(Fault{.key = "entry", .found = "delayed entry", .expected = "subjects observed from 0 for the Fine-Gray model"});
  if (!data.weight.empty()) throw InputError(Fault{.key = "weight", .found = "weights", .expected = "unweighted subjects for the Fine-Gray model"});
  if (std::find(data.cause.begin(), data.cause.end(), cause) == data.cause.end())
    throw InputError(Fault{.key = "cause", .found = "no event of cause " + std::to_string(cause), .expected = "a cause that occurs"});
  if (covariates.rows() != static_cast<Index>(data.time.size())) bug("fine_gray: a row of covariates for each subject");
  const StandardCovariates standard = standardise(covariates, names);
  const Sorted sorted = sort_subjects(data, cause, standard.values, options.censoring_group);
  const Censoring censoring = estimate_censoring(sorted, options.ties);
  Model model(sorted, censoring);
  FineGrayFit fit;
  fit.names = names;
  fit.reference = standard.centre;
  fit_coefficients(model, fit, names);
  model.write_baseline(fit.coef, fit);
  const MatrixXd inverse = model.information().ldlt().solve(MatrixXd::Identity(covariates.cols(), covariates.cols()));
  const auto unscale = standard.scale.cwiseInverse().asDiagonal();
  fit.coef = unscale * fit.coef;
  fit.inverse_information = unscale * inverse * unscale;
  fit.variance = unscale * inverse * model.meat() * inverse * unscale;
  return fit;
}

}  // namespace coley::statistics
