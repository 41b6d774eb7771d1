// SPDX-License-Identifier: Apache-2.0
#include "statistics/meta_analysis.hpp"

#include <cmath>
#include <string>

#include "core/error.hpp"
#include "core/random.hpp"
#include "statistics/between_study_variance.hpp"
#include "statistics/p_value.hpp"
#include "statistics/reference_distribution.hpp"

namespace coley::statistics {

namespace {

std::string number(double x) {
  std::string text = std::to_string(x);
  return std::isnan(x) ? "nothing" : text;
}

void check(std::span<const StudyEffect> studies, double level) {
  std::vector<Fault> faults;
  if (studies.empty()) faults.push_back({.found = "no study", .expected = "at least one study to pool"});
  if (!(level > 0 && level < 1))
    faults.push_back({.key = "level", .found = number(level), .expected = "a confidence level between 0 and 1"});
  for (std::size_t i = 0; i < studies.size(); ++i) {
    const std::string key = "study " + std::to_string(i + 1);
    if (!std::isfinite(studies[i].estimate))
      faults.push_back({.key = key + " effect", .found = number(studies[i].estimate), .expected = "a finite effect"});
    if (!(studies[i].variance > 0) || !std::isfinite(studies[i].variance))
      faults.push_back({.key = key + " variance",
                        .found = number(studies[i].variance),
                        .expected = "a finite sampling variance above 0; leave the study out or give its variance"});
  }
  if (!faults.empty()) throw InputError(std::move(faults));
}

/// Reference distribution of a test: t with df degrees, or normal when df is 0.
double critical(double level, int df) {
  return df > 0 ? student_quantile(0.5 + 0.5 * level, df) : normal_quantile(0.5 + 0.5 * level);
}

Coefficient coefficient(double estimate, double variance, double level, int test_df) {
  Coefficient c;
  c.estimate = estimate;
  c.se = std::sqrt(variance);
  c.statistic = estimate == 0 ? 0.0 : estimate / c.se;
  c.p = test_df > 0 ? student_two_sided(c.statistic, test_df) : two_sided_normal_tail(c.statistic).p;
  const double half = critical(level, test_df) * c.se;
  c.interval = {estimate - half, estimate + half};
  return c;
}

/// What Hartung and Knapp multiply the variance by.
double variance_factor(PooledTest test, double rss, int df) {
  if (test == PooledTest::normal || test == PooledTest::student || df <= 0) return 1.0;
  const double factor = rss / df;
  return test == PooledTest::hartung_knapp_adhoc ? std::max(factor, 1.0) : factor;
}

template <class Design>
Heterogeneity heterogeneity(const RandomEffects<Design>& model, TauMethod method) {
  Heterogeneity h;
  h.df = model.df();
  if (h.df <= 0) return h;
  const auto variance = model.variance(method);
  const auto at_zero = model.fit(0.0);
  h.q = at_zero.rss;
  h.p = chi_square_tail(h.q, h.df).p;
  h.tau2 = variance.tau2;
  h.tau2_se = variance.se;
  if (method == TauMethod::fixed) {
    h.h2 = h.q / h.df;
    h.i2 = std::max(0.0, (h.q - h.df) / h.q);
    if (h.q == 0) h.i2 = 0;
  } else {
    const double typical = h.df / at_zero.trace_p();
    h.h2 = h.tau2 / typical + 1.0;
    h.i2 = h.tau2 / (typical + h.tau2);
  }
  return h;
}

template <class Design>
QProfile profile(const RandomEffects<Design>& model, double tau2, double level) {
  const double typical = model.typical_variance();
  const double alpha = 0.5 * (1.0 - level);
  const auto root = [&](double upper) {
    return model.generalised_q_root(chi_squared_upper_quantile(upper, model.df())).value_or(0.0);
  };
  QProfile q{tau2, {root(alpha), root(1.0 - alpha)}, {}, {}};
  q.i2_interval = {q.tau2_interval.low / (typical + q.tau2_interval.low),
                   q.tau2_interval.high / (typical + q.tau2_interval.high)};
  q.h2_interval = {q.tau2_interval.low / typical + 1.0, q.tau2_interval.high / typical + 1.0};
  return q;
}

/// An orthonormal basis of the design's columns, so that badly scaled covariates (years) lose no digits.
struct OrthonormalDesign {
  Eigen::MatrixXd basis;
  Eigen::MatrixXd to_coefficients;  ///< maps coefficients of the basis to those of the design
};

OrthonormalDesign orthonormalised(const Eigen::MatrixXd& design, std::size_t studies) {
  if (static_cast<std::size_t>(design.rows()) != studies) bug("a meta-regression design has a row a study");
  const Eigen::Index p = design.cols();
  if (design.rows() <= p)
    throw InputError(Fault{.found = std::to_string(design.rows()) + " studies for " + std::to_string(p) + " coefficients",
                           .expected = "more studies than coefficients; drop a covariate"});
  if (!design.allFinite()) throw InputError(Fault{.found = "a covariate that is not finite", .expected = "numbers"});
  const Eigen::MatrixXd scaled = design * design.colwise().norm().cwiseInverse().asDiagonal();
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> pivoted(scaled);
  pivoted.setThreshold(1e-10);
  if (!scaled.allFinite() || pivoted.rank() < p)
    throw InputError(Fault{.found = "a covariate that is constant or a combination of others",
                           .expected = "covariates that vary between studies; drop one"});
  Eigen::HouseholderQR<Eigen::MatrixXd> qr(design);
  const Eigen::MatrixXd r = qr.matrixQR().topRows(p).triangularView<Eigen::Upper>();
  return {qr.householderQ() * Eigen::MatrixXd::Identity(design.rows(), p),
          r.triangularView<Eigen::Upper>().solve(Eigen::MatrixXd::Identity(p, p))};
}

void test_moderators(MetaRegression& result, const Eigen::VectorXd& beta, const Eigen::MatrixXd& covariance) {
  const Eigen::Index m = beta.size() - 1;
  result.moderator_df = static_cast<int>(m);
  if (m == 0) return;
  const Eigen::VectorXd b = beta.tail(m);
  const double wald = b.dot(covariance.bottomRightCorner(m, m).ldlt().solve(b));
  const bool f_test = result.test_df > 0;
  const double df = static_cast<double>(m);
  result.moderator_statistic = f_test ? wald / df : wald;
  result.moderator_p = f_test ? f_upper(wald / df, df, result.test_df) : chi_square_tail(wald, df).p;
}

std::optional<double> accounted_for(std::span<const StudyEffect> studies, TauMethod method, const Heterogeneity& left) {
  const Heterogeneity all = heterogeneity(RandomEffects<InterceptOnly>(studies, {}), method);
  const bool fixed = method == TauMethod::fixed;
  const double before = fixed ? all.h2 : all.tau2;
  if (!(before > 0)) return std::nullopt;
  return std::max(0.0, 1.0 - (fixed ? left.h2 : left.tau2) / before);
}

}  // namespace

PooledEffect pool(std::span<const StudyEffect> studies, const PoolOptions& options) {
  check(studies, options.level);
  const RandomEffects<InterceptOnly> model(studies, {});
  PooledEffect result;
  result.k = model.k();
  result.heterogeneity = heterogeneity(model, options.method);
  const double tau2 = result.heterogeneity.tau2;
  const auto fit = model.fit(tau2);
  const bool t_test = options.test != PooledTest::normal;
  result.test_df = t_test ? std::max(model.df(), 0) : 0;
  if (t_test && model.df() == 0) result.warnings.push_back("one study: the test is normal, not t");
  const double factor = variance_factor(options.test, fit.rss, model.df());
  if (t_test && model.df() > 0 && factor < 1)
    result.warnings.push_back("the Hartung-Knapp interval rests on a variance below the fixed-effect one; "
                              "the ad hoc rule does not allow that");
  const double variance = factor * fit.inverse(0, 0);
  result.effect = coefficient(fit.beta(0), variance, options.level, result.test_df);
  result.log_likelihood = model.log_likelihood(tau2, fit);
  result.restricted_log_likelihood = model.restricted_log_likelihood(tau2, fit);
  if (options.method != TauMethod::fixed) {
    const auto around = [&](double width) {
      const double half = width * std::sqrt(tau2 + variance);
      return Interval{result.effect.estimate - half, result.effect.estimate + half};
    };
    result.prediction_by_test = around(critical(options.level, result.test_df));
    if (result.k > 2) result.prediction = around(critical(options.level, result.k - 2));
  }
  return result;
}

MetaRegression regress(std::span<const StudyEffect> studies, const Eigen::MatrixXd& design,
                       const PoolOptions& options) {
  check(studies, options.level);
  const OrthonormalDesign orthonormal = orthonormalised(design, studies.size());
  const RandomEffects<GivenDesign> model(studies, {orthonormal.basis});
  MetaRegression result;
  result.k = model.k();
  result.residual = heterogeneity(model, options.method);
  const double tau2 = result.residual.tau2;
  const auto fit = model.fit(tau2);
  result.test_df = options.test == PooledTest::normal ? 0 : model.df();
  const Eigen::MatrixXd& back = orthonormal.to_coefficients;
  const Eigen::VectorXd beta = back * fit.beta;
  const Eigen::MatrixXd covariance =
      variance_factor(options.test, fit.rss, model.df()) * (back * fit.inverse * back.transpose());
  for (Eigen::Index j = 0; j < beta.size(); ++j)
    result.coefficients.push_back(coefficient(beta(j), covariance(j, j), options.level, result.test_df));
  test_moderators(result, beta, covariance);
  result.r2 = accounted_for(studies, options.method, result.residual);
  result.log_likelihood = model.log_likelihood(tau2, fit);
  result.restricted_log_likelihood = model.restricted_log_likelihood(tau2, fit);
  return result;
}

QProfile q_profile(std::span<const StudyEffect> studies, double tau2, double level) {
  check(studies, level);
  const RandomEffects<InterceptOnly> model(studies, {});
  if (model.df() < 1) throw InputError(Fault{.found = "one study", .expected = "two or more, to estimate tau2 from"});
  return profile(model, tau2, level);
}

QProfile q_profile(std::span<const StudyEffect> studies, const Eigen::MatrixXd& design, double tau2, double level) {
  check(studies, level);
  const OrthonormalDesign orthonormal = orthonormalised(design, studies.size());
  return profile(RandomEffects<GivenDesign>(studies, {orthonormal.basis}), tau2, level);
}

std::vector<double> pooling_weights(std::span<const StudyEffect> studies, double tau2) {
  double sum = 0;
  std::vector<double> weights;
  for (const StudyEffect& s : studies) sum += weights.emplace_back(1.0 / (s.variance + tau2));
  for (double& w : weights) w /= sum;
  return weights;
}

}  // namespace coley::statistics
