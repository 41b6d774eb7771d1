// SPDX-License-Identifier: Apache-2.0
#include "statistics/meta_analysis.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

const std::vector<StudyEffect> kThree = {{0.1, 0.01}, {0.5, 0.04}, {-0.2, 0.09}};
constexpr TauMethod kRandom[] = {TauMethod::dersimonian_laird, TauMethod::paule_mandel, TauMethod::reml,
                                 TauMethod::maximum_likelihood, TauMethod::sidik_jonkman, TauMethod::hunter_schmidt,
                                 TauMethod::hedges};

TEST(Pool, FixedEffectIsTheInverseVarianceMean) {
  const PooledEffect r = pool(kThree, {.method = TauMethod::fixed});
  const double w = 100 + 25 + 100.0 / 9;
  EXPECT_NEAR(r.effect.estimate, (100 * 0.1 + 25 * 0.5 - 100.0 / 9 * 0.2) / w, 1e-15);
  EXPECT_NEAR(r.effect.se, 1 / std::sqrt(w), 1e-15);
  EXPECT_EQ(r.heterogeneity.tau2, 0);
  EXPECT_FALSE(r.prediction);
}

TEST(Pool, DerSimonianLairdIsTheMomentEstimate) {
  const double w[] = {100, 25, 100.0 / 9}, y[] = {0.1, 0.5, -0.2};
  double s1 = 0, s2 = 0, mean = 0, q = 0;
  for (int i = 0; i < 3; ++i) s1 += w[i], s2 += w[i] * w[i], mean += w[i] * y[i];
  mean /= s1;
  for (int i = 0; i < 3; ++i) q += w[i] * (y[i] - mean) * (y[i] - mean);
  const PooledEffect r = pool(kThree, {.method = TauMethod::dersimonian_laird});
  EXPECT_NEAR(r.heterogeneity.tau2, (q - 2) / (s1 - s2 / s1), 1e-14);
  EXPECT_NEAR(r.heterogeneity.i2, (q - 2) / q, 1e-14);  // Higgins's I2 is this with DerSimonian-Laird
}

TEST(Pool, EqualVariancesHaveClosedForms) {
  const double y[] = {0.3, -0.4, 0.9, 1.4, 0.2}, v = 0.05;
  std::vector<StudyEffect> studies;
  double mean = 0, ss = 0;
  for (const double effect : y) studies.push_back({effect, v}), mean += effect / 5;
  for (const double effect : y) ss += (effect - mean) * (effect - mean);
  for (const TauMethod method : kRandom) {
    const double expected = method == TauMethod::maximum_likelihood || method == TauMethod::hunter_schmidt ? ss / 5 - v : ss / 4 - v;
    const PooledEffect r = pool(studies, {.method = method, .test = PooledTest::hartung_knapp});
    if (method != TauMethod::sidik_jonkman) {
      EXPECT_NEAR(r.heterogeneity.tau2, expected, 1e-12) << static_cast<int>(method);
    }
    // Hartung-Knapp is then Student's interval for the mean of the effects.
    EXPECT_NEAR(r.effect.se, std::sqrt(ss / 4 / 5), 1e-14);
    EXPECT_NEAR(r.effect.interval.high, mean + 2.7764451051977987 * std::sqrt(ss / 4 / 5), 1e-12);
  }
}

TEST(Pool, OneStudyIsGivenAsItIs) {
  for (const TauMethod method : kRandom) {
    const PooledEffect r = pool(std::vector<StudyEffect>{{0.3, 0.04}}, {.method = method, .test = PooledTest::hartung_knapp});
    EXPECT_DOUBLE_EQ(r.effect.estimate, 0.3);
    EXPECT_DOUBLE_EQ(r.effect.se, 0.2);
    EXPECT_EQ(r.test_df, 0);
    EXPECT_EQ(r.heterogeneity.p, 1);
    EXPECT_EQ(r.warnings.size(), 1u);
  }
}

TEST(Pool, IdenticalEffectsWarnOfAnIntervalWithoutWidth) {
  const std::vector<StudyEffect> same = {{0.2, 0.01}, {0.2, 0.02}, {0.2, 0.03}};
  const PooledEffect r = pool(same, {.test = PooledTest::hartung_knapp});
  EXPECT_NEAR(r.effect.se, 0, 1e-15);
  EXPECT_EQ(r.warnings.size(), 1u);
  const PooledEffect adhoc = pool(same, {.test = PooledTest::hartung_knapp_adhoc});
  EXPECT_NEAR(adhoc.effect.se, pool(same, {.method = TauMethod::fixed}).effect.se, 1e-15);
}

// The restricted likelihood of these rises from 0 after a dip: scoring from DerSimonian-Laird's 0 would stay there.
TEST(Pool, RemlFindsTheMaximumAwayFromZero) {
  const std::vector<StudyEffect> studies = {{0, 1e-8}, {0.45, 0.2}, {0.5, 0.3}, {0.4, 0.25}};
  const double reml = pool(studies).heterogeneity.tau2;
  const auto at = [&](double tau2) {
    double sw = 0, swy = 0, logs = 0, rss = 0;
    for (const auto& s : studies) sw += 1 / (s.variance + tau2), swy += s.estimate / (s.variance + tau2);
    for (const auto& s : studies)
      logs += std::log(s.variance + tau2), rss += std::pow(s.estimate - swy / sw, 2) / (s.variance + tau2);
    return -0.5 * (logs + std::log(sw) + rss);
  };
  EXPECT_GE(at(reml), at(0));
  EXPECT_GE(at(reml), at(reml * 1.01));
  EXPECT_GE(at(reml), at(reml * 0.99));
}

// Plain Fisher scoring cycles between two values on these (metafor 3.8 reports that it did not converge).
TEST(Pool, RemlConvergesWhereScoringCycles) {
  const std::vector<StudyEffect> studies = {{-1.597, .086}, {-1.642, .009}, {-1.734, .121}, {-1.505, .065},
                                            {-1.384, .001}, {-1.867, .143}, {-1.612, .101}};
  const double tau2 = pool(studies).heterogeneity.tau2;
  EXPECT_GT(tau2, 0.0119);  // a grid has its highest point at 0.0155, its neighbours at 0.0119 and 0.0202
  EXPECT_LT(tau2, 0.0202);
}

TEST(Pool, RefusesWhatCannotBePooledAndNamesTheStudy) {
  EXPECT_THROW(pool(std::vector<StudyEffect>{}), InputError);
  for (const double v : {0.0, -0.01, double(INFINITY), double(NAN)}) {
    try {
      pool(std::vector<StudyEffect>{{0.1, 0.01}, {0.2, v}});
      FAIL() << "variance " << v << " was accepted";
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find("study 2 variance"), std::string::npos);
    }
  }
  EXPECT_THROW(pool(std::vector<StudyEffect>{{NAN, 0.01}}), InputError);
}

TEST(Regress, OnAGroupGivesTheGroupMeansUnderTheFixedEffect) {
  const std::vector<StudyEffect> studies = {{0.1, 0.01}, {0.3, 0.02}, {0.7, 0.03}, {0.9, 0.01}};
  Eigen::MatrixXd design(4, 2);
  design << 1, 0, 1, 0, 1, 1, 1, 1;
  const MetaRegression r = regress(studies, design, {.method = TauMethod::fixed});
  const PooledEffect a = pool(std::span(studies).first(2), {.method = TauMethod::fixed});
  const PooledEffect b = pool(std::span(studies).last(2), {.method = TauMethod::fixed});
  EXPECT_NEAR(r.coefficients[0].estimate, a.effect.estimate, 1e-14);
  EXPECT_NEAR(r.coefficients[1].estimate, b.effect.estimate - a.effect.estimate, 1e-14);
  EXPECT_NEAR(r.coefficients[1].se, std::hypot(a.effect.se, b.effect.se), 1e-14);
  EXPECT_NEAR(r.residual.q, a.heterogeneity.q + b.heterogeneity.q, 1e-12);
}

TEST(Regress, BadlyScaledCovariatesLoseNoDigits) {
  const std::vector<StudyEffect> studies = {{0.1, 0.01}, {0.3, 0.02}, {0.7, 0.03}, {0.2, 0.01}, {0.5, 0.04}};
  Eigen::MatrixXd near(5, 2), far(5, 2);
  near << 1, 0, 1, 1, 1, 4, 1, 2, 1, 3;
  far = near;
  far.col(1).array() += 1e6;
  const MetaRegression a = regress(studies, near), b = regress(studies, far);
  EXPECT_NEAR(a.coefficients[1].estimate, b.coefficients[1].estimate, 1e-8);
  EXPECT_NEAR(a.coefficients[1].se, b.coefficients[1].se, 1e-8);
  EXPECT_NEAR(a.residual.tau2, b.residual.tau2, 1e-8);
}

TEST(Regress, RefusesAConstantCovariateAndTooFewStudies) {
  Eigen::MatrixXd design = Eigen::MatrixXd::Ones(3, 2);
  EXPECT_THROW(regress(kThree, design), InputError);
  EXPECT_THROW(regress(std::span(kThree).first(2), Eigen::MatrixXd::Identity(2, 2)), InputError);
}

}  // namespace
}  // namespace coley::statistics
