// SPDX-License-Identifier: Apache-2.0
#pragma once
// The random-effects regression y = X b + u + e, u ~ N(0, tau2), e_i ~ N(0, v_i), and its estimators of tau2. With
// W = diag(1 / (v + tau2)) and P = W - W X (X'WX)^-1 X'W, every trace and quadratic form in P is a sum over studies of
// p x p pieces. `Design` gives rows of X and their number of columns at compile time (1 for the pooled effect, so that
// the p x p algebra is scalar) or Eigen::Dynamic.
// Sources: Viechtbauer 2005 (J Educ Behav Stat 30:261), DerSimonian and Kacker 2007, Sidik and Jonkman 2005.

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "core/units.hpp"
#include "statistics/meta_analysis.hpp"
#include "statistics/reference_distribution.hpp"
#include "statistics/root.hpp"

namespace coley::statistics {

/// X is a column of ones.
struct InterceptOnly {
  static constexpr int kColumns = 1;
  Eigen::Matrix<double, 1, 1> row(Eigen::Index) const { return Eigen::Matrix<double, 1, 1>::Ones(); }
  int columns() const { return 1; }
};

/// X is given; row(i) is its i-th row as a column vector.
struct GivenDesign {
  static constexpr int kColumns = Eigen::Dynamic;
  const Eigen::MatrixXd& x;
  Eigen::VectorXd row(Eigen::Index i) const { return x.row(i).transpose(); }
  int columns() const { return static_cast<int>(x.cols()); }
};

template <class Design>
class RandomEffects {
 public:
  using Vector = Eigen::Matrix<double, Design::kColumns, 1>;
  using Square = Eigen::Matrix<double, Design::kColumns, Design::kColumns>;

  /// The weighted fit at one value of tau2.
  struct Fit {
    double sum_w = 0;    ///< sum of w = 1 / (v + tau2)
    double sum_w2 = 0;   ///< sum of w^2
    Square inverse;      ///< (X'WX)^-1
    Square scatter2;     ///< X'W^2X
    Square scatter3;     ///< X'W^3X
    Vector beta;         ///< coefficients
    double rss = 0;      ///< y'Py
    double score_2 = 0;  ///< y'PPy
    double trace_p() const { return sum_w - (inverse * scatter2).trace(); }
    double trace_pp() const {
      const Square m = inverse * scatter2;
      return sum_w2 - 2.0 * (inverse * scatter3).trace() + (m * m).trace();
    }
  };

  struct Variance {
    double tau2 = 0;
    std::optional<double> se;
  };

  RandomEffects(std::span<const StudyEffect> studies, const Design& design) : studies_(studies), design_(design) {}

  int k() const { return static_cast<int>(studies_.size()); }
  int df() const { return k() - design_.columns(); }

  Fit fit(double tau2) const {
    return fit_weighted([&](const StudyEffect& s) { return 1.0 / (s.variance + tau2); });
  }

  /// Typical sampling variance, by which I2 and H2 compare tau2 (Higgins and Thompson 2002).
  double typical_variance() const { return df() / fit(0.0).trace_p(); }

  double log_likelihood(double tau2, const Fit& f) const {
    return -0.5 * (k() * std::log(2.0 * kPi) + log_total_variance(tau2) + f.rss);
  }

  double restricted_log_likelihood(double tau2, const Fit& f) const {
    return -0.5 * (df() * std::log(2.0 * kPi) - std::log(gram().determinant()) + log_total_variance(tau2) -
                   std::log(f.inverse.determinant()) + f.rss);
  }

  /// tau2 >= 0 at which y'P(tau2)y equals `target`, or nothing when it is below that already at 0. The function is
  /// convex and falling, so Newton's steps from 0 rise to the root without passing it.
  std::optional<double> generalised_q_root(double target) const {
    Fit f = fit(0.0);
    if (f.rss < target) return std::nullopt;
    double tau2 = 0;
    for (int iteration = 0; iteration < kMaxIterations; ++iteration) {
      const double step = (f.rss - target) / f.score_2;
      tau2 += std::max(step, 0.0);
      if (!(step > 1e-14 * tau2)) break;
      f = fit(tau2);
    }
    return tau2;
  }

  Variance variance(TauMethod method) const {
    if (method == TauMethod::fixed || df() <= 0) return {};
    switch (method) {
      case TauMethod::dersimonian_laird: return dersimonian_laird();
      case TauMethod::dersimonian_laird_iterated: return dersimonian_laird_iterated();
      case TauMethod::hunter_schmidt: return hunter_schmidt(1);
      case TauMethod::hunter_schmidt_corrected: return hunter_schmidt(static_cast<double>(k()) / df());
      case TauMethod::paule_mandel_median: return paule_mandel(chi_squared_upper_quantile(0.5, df()));
      case TauMethod::hedges: return hedges();
      case TauMethod::sidik_jonkman: return sidik_jonkman();
      case TauMethod::reml:
      case TauMethod::maximum_likelihood: return likelihood(method);
      default: return paule_mandel(df());
    }
  }

 private:
  static constexpr int kMaxIterations = 10000;

  Square zero_square() const { return Square::Zero(design_.columns(), design_.columns()); }

  template <class Weight>
  Fit fit_weighted(Weight weight) const {
    Fit f;
    Square scatter = zero_square();
    f.scatter2 = scatter;
    f.scatter3 = scatter;
    Vector moment = Vector::Zero(design_.columns());
    for (std::size_t i = 0; i < studies_.size(); ++i) {
      const double w = weight(studies_[i]);
      const Vector x = design_.row(static_cast<Eigen::Index>(i));
      const Square xx = x * x.transpose();
      f.sum_w += w;
      f.sum_w2 += w * w;
      scatter += w * xx;
      f.scatter2 += w * w * xx;
      f.scatter3 += w * w * w * xx;
      moment += w * studies_[i].estimate * x;
    }
    f.inverse = scatter.inverse();
    f.beta = f.inverse * moment;
    for (std::size_t i = 0; i < studies_.size(); ++i) {
      const double w = weight(studies_[i]);
      const double residual = studies_[i].estimate - design_.row(static_cast<Eigen::Index>(i)).dot(f.beta);
      f.rss += w * residual * residual;
      f.score_2 += w * w * residual * residual;
    }
    return f;
  }

  Square gram() const {
    Square g = zero_square();
    for (std::size_t i = 0; i < studies_.size(); ++i) {
      const Vector x = design_.row(static_cast<Eigen::Index>(i));
      g += x * x.transpose();
    }
    return g;
  }

  double log_total_variance(double tau2) const {
    double sum = 0;
    for (const StudyEffect& s : studies_) sum += std::log(s.variance + tau2);
    return sum;
  }

  /// Standard error of a tau2 that is (y'Py - c) / d, at variances v + tau2, where tr(PVPV) is `trace_pvpv`.
  static double moment_se(double trace_pvpv, double trace_pvp, double trace_pp, double tau2, double d) {
    return std::sqrt(2.0 * trace_pvpv + 4.0 * tau2 * trace_pvp + 2.0 * tau2 * tau2 * trace_pp) / d;
  }

  Variance dersimonian_laird() const {
    const Fit f = fit(0.0);
    const double tau2 = std::max((f.rss - df()) / f.trace_p(), 0.0);
    return {tau2, moment_se(df(), f.trace_p(), f.trace_pp(), tau2, f.trace_p())};
  }

  /// tau2 = (y'Py - (k - p)) / tr P with P at tau2 itself. Both sides fall apart as tau2 grows, so the root is one.
  Variance dersimonian_laird_iterated() const {
    const auto excess = [&](double tau2) {
      const Fit f = fit(tau2);
      return tau2 * f.trace_p() - (f.rss - df());
    };
    const double tau2 = excess(0.0) >= 0 ? 0.0 : rising_root(excess, 0.0, 1.0);
    const Fit f = fit(tau2);
    return {tau2, moment_se(df(), f.trace_p(), f.trace_pp(), tau2, f.trace_p())};
  }

  Variance hunter_schmidt(double correction) const {
    const Fit f = fit(0.0);
    const double tau2 = std::max((correction * f.rss - k()) / f.sum_w, 0.0);
    return {tau2, correction * moment_se(df(), f.trace_p(), f.trace_pp(), tau2, f.sum_w)};
  }

  /// Sums of the sampling variances through P = W - W X (X'WX)^-1 X'W with weights `w` that do not match them:
  /// tr(PV), tr(PVPV) and tr(PVP).
  struct Traces {
    double pv, pvpv, pvp;
  };
  template <class Weight>
  Traces traces(const Fit& f, Weight weight) const {
    double wv = 0, wv2 = 0, w2v = 0;
    Square x_w2v = zero_square(), x_w3v2 = zero_square(), x_w3v = zero_square();
    for (std::size_t i = 0; i < studies_.size(); ++i) {
      const double v = studies_[i].variance, w = weight(studies_[i]);
      const Vector x = design_.row(static_cast<Eigen::Index>(i));
      const Square xx = x * x.transpose();
      wv += w * v;
      wv2 += w * w * v * v;
      w2v += w * w * v;
      x_w2v += w * w * v * xx;
      x_w3v2 += w * w * w * v * v * xx;
      x_w3v += w * w * w * v * xx;
    }
    const Square a = f.inverse * x_w2v, b = f.inverse * f.scatter2;
    return {wv - a.trace(), wv2 - 2.0 * (f.inverse * x_w3v2).trace() + (a * a).trace(),
            w2v - 2.0 * (f.inverse * x_w3v).trace() + (a * b).trace()};
  }

  Variance hedges() const {
    const auto equal = [](const StudyEffect&) { return 1.0; };
    const Fit f = fit_weighted(equal);
    const Traces t = traces(f, equal);
    const double tau2 = std::max((f.rss - t.pv) / df(), 0.0);
    return {tau2, moment_se(t.pvpv, t.pv, df(), tau2, df())};
  }

  /// Started, as Sidik and Jonkman do, from the raw variance of the effects with divisor k.
  Variance sidik_jonkman() const {
    double mean = 0, start = 0;
    for (const StudyEffect& s : studies_) mean += s.estimate / k();
    for (const StudyEffect& s : studies_) start += (s.estimate - mean) * (s.estimate - mean) / k();
    if (start == 0) return {0.0, 0.0};
    const auto weight = [&](const StudyEffect& s) { return 1.0 / (s.variance + start); };
    const Fit f = fit_weighted(weight);
    const Traces t = traces(f, weight);
    const double tau2 = start * f.rss / df();
    return {tau2, start * moment_se(t.pvpv, t.pvp, f.trace_pp(), tau2, df())};
  }

  /// The generalised Q at its expectation, k - p: Paule and Mandel 1982, and Morris's empirical Bayes, which is the same
  /// root. Or at another target.
  Variance paule_mandel(double target) const {
    const double tau2 = generalised_q_root(target).value_or(0.0);
    return {tau2, std::sqrt(2.0 * k() * k() / df()) / fit(tau2).sum_w};
  }

  /// Score and information of tau2 in the (restricted) likelihood.
  struct Slope {
    double score, information;
  };
  Slope slope(TauMethod method, const Fit& f) const {
    if (method == TauMethod::reml) return {0.5 * (f.score_2 - f.trace_p()), 0.5 * f.trace_pp()};
    return {0.5 * (f.score_2 - f.sum_w), 0.5 * f.sum_w2};
  }
  double objective(TauMethod method, double tau2) const {
    const Fit f = fit(tau2);
    return method == TauMethod::reml ? restricted_log_likelihood(tau2, f) : log_likelihood(tau2, f);
  }

  /// Fisher scoring from the Hedges estimate. Scoring may cycle, so once the likelihood is known to fall somewhere a
  /// step that leaves the bracket, or is not half the one before, gives way to bisection. The likelihood may have a
  /// second maximum at 0, so the two are compared.
  Variance likelihood(TauMethod method) const {
    double tau2 = hedges().tau2, rises = -1, falls = INFINITY, moved = INFINITY;
    for (int iteration = 0; iteration < kMaxIterations; ++iteration) {
      const Slope s = slope(method, fit(tau2));
      (s.score > 0 ? rises : falls) = tau2;
      double next = std::max(tau2 + s.score / s.information, 0.0);
      if (std::fabs(next - tau2) <= 1e-13 * tau2) break;
      const bool first_at_zero = next == 0 && rises < 0;
      const bool poor = next <= rises || next >= falls || std::fabs(next - tau2) > 0.5 * moved;
      if (falls < INFINITY && poor && !first_at_zero) next = 0.5 * (std::max(rises, 0.0) + falls);
      moved = std::fabs(next - tau2);
      tau2 = next;
    }
    if (tau2 > 0 && slope(method, fit(0.0)).score < 0 && objective(method, 0.0) > objective(method, tau2)) tau2 = 0;
    return {tau2, 1.0 / std::sqrt(slope(method, fit(tau2)).information)};
  }

  std::span<const StudyEffect> studies_;
  Design design_;
};

}  // namespace coley::statistics
