// SPDX-License-Identifier: Apache-2.0
#pragma once
// Meta-analysis of independent studies: fixed effect, random effects with eleven estimators of the between-study variance
// tau2, and meta-regression. Every quantity is linear in the number of studies k: no k x k matrix is formed.
// Effects are pooled on the scale they come in, so ratios come as logarithms.

#include <Eigen/Core>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace coley::statistics {

/// One study: its effect (log for a ratio) and the sampling variance of that effect, which is above 0.
struct StudyEffect {
  double estimate = 0;
  double variance = 0;
};

/// How tau2 is estimated. `fixed` sets it to 0; `paule_mandel` is also the empirical Bayes estimate of Morris.
enum class TauMethod {
  fixed,
  dersimonian_laird,
  dersimonian_laird_iterated,  ///< the same formula at weights 1 / (variance + tau2), at its fixed point (metafor's DLIT)
  paule_mandel,
  paule_mandel_median,  ///< the same with the median of Q in place of its mean
  reml,
  maximum_likelihood,
  sidik_jonkman,
  hunter_schmidt,
  hunter_schmidt_corrected,  ///< the same, corrected for few studies
  hedges
};

/// What intervals and tests of the pooled effect refer to.
enum class PooledTest {
  normal,              ///< z, variance 1 / sum of weights
  student,             ///< t with k - p degrees, the same variance
  hartung_knapp,       ///< t with k - p degrees, variance times the weighted residual mean square
  hartung_knapp_adhoc  ///< the same, with that factor never below 1
};

struct PoolOptions {
  TauMethod method = TauMethod::reml;  ///< least biased of those in common use (Viechtbauer 2005)
  PooledTest test = PooledTest::normal;
  double level = 0.95;  ///< of every interval, in (0, 1)
};

struct Interval {
  double low = 0;
  double high = 0;
};

/// An estimated coefficient, with its test against 0.
struct Coefficient {
  double estimate = 0;
  double se = 0;
  double statistic = 0;  ///< z, or t under Hartung-Knapp; infinite when se is 0
  double p = 1;          ///< two-sided
  Interval interval;
};

/// How far the studies differ among themselves.
struct Heterogeneity {
  double q = 0;                   ///< Cochran's Q, with weights 1 / variance
  int df = 0;                     ///< k - p
  double p = 1;                   ///< P(chi-squared with df > q)
  double tau2 = 0;                ///< between-study variance
  std::optional<double> tau2_se;  ///< absent for the fixed effect, and with no degrees of freedom
  double i2 = 0;                  ///< share of the variation that is between studies, in 0..1
  double h2 = 1;                  ///< total over sampling variance
};

/// The pooled effect of k studies.
struct PooledEffect {
  int k = 0;
  Coefficient effect;
  int test_df = 0;  ///< degrees of freedom of t; 0 when the test is normal
  Heterogeneity heterogeneity;
  double log_likelihood = 0;             ///< ML log-likelihood at the estimates
  double restricted_log_likelihood = 0;  ///< REML log-likelihood at the estimates
  /// Where the effect of a further study would lie, with t on k - 2 degrees (Higgins, Thompson, Spiegelhalter 2009).
  /// Absent for the fixed effect and for fewer than three studies.
  std::optional<Interval> prediction;
  /// The same with the reference distribution of the test: normal, or t on k - 1 degrees (metafor's default).
  std::optional<Interval> prediction_by_test;
  std::vector<std::string> warnings;  ///< what a reader must know, e.g. a t-test that fell back to normal
};

/// A meta-regression. `coefficients` follow the columns of the design.
struct MetaRegression {
  int k = 0;
  std::vector<Coefficient> coefficients;
  int test_df = 0;
  Heterogeneity residual;
  double moderator_statistic = 0;  ///< joint test of all but the first column: chi-squared, or F under Hartung-Knapp
  int moderator_df = 0;
  double moderator_p = 1;
  /// Share of tau2 the moderators account for, in 0..1 (of Q per degree of freedom under the fixed effect); absent when
  /// there was nothing to account for.
  std::optional<double> r2;
  double log_likelihood = 0;
  double restricted_log_likelihood = 0;
};

/// tau2 with a confidence interval, and I2 and H2 at the same three values.
struct QProfile {
  double tau2 = 0;
  Interval tau2_interval;
  Interval i2_interval;  ///< in 0..1
  Interval h2_interval;
};

/// Pools the studies. Throws InputError for no study, or an effect or variance that is not usable, naming the study.
PooledEffect pool(std::span<const StudyEffect> studies, const PoolOptions& options = {});

/// Regresses the effects on the columns of `design` (one row a study; the first column is the intercept).
/// Throws InputError when there are not more studies than columns, or when columns are collinear.
MetaRegression regress(std::span<const StudyEffect> studies, const Eigen::MatrixXd& design,
                       const PoolOptions& options = {});

/// Confidence interval of tau2 by inverting the generalised Q statistic (Viechtbauer 2007). Needs two studies.
QProfile q_profile(std::span<const StudyEffect> studies, double tau2, double level = 0.95);
/// The same about the regression on `design`.
QProfile q_profile(std::span<const StudyEffect> studies, const Eigen::MatrixXd& design, double tau2,
                   double level = 0.95);

/// Shares of the studies in the pooled effect: 1 / (variance + tau2), scaled to sum to 1.
std::vector<double> pooling_weights(std::span<const StudyEffect> studies, double tau2);

}  // namespace coley::statistics
