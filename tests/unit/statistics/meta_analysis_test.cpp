// SPDX-License-Identifier: Apache-2.0
#include "statistics/meta_analysis.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"
#include "statistics/effect_size.hpp"

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

/// BCG trials, log risk ratio: tau2, its standard error and the pooled effect of metafor 3.8, method DLIT.
TEST(Pool, IteratedDerSimonianLaird) {
  const double tables[][4] = {{4, 119, 11, 128}, {6, 300, 29, 274}, {3, 228, 11, 209}, {62, 13536, 248, 12619}, {33, 5036, 47, 5761}, {180, 1361, 372, 1079}, {8, 2537, 10, 619},
                              {505, 87886, 499, 87892}, {29, 7470, 45, 7232}, {17, 1699, 65, 1600}, {186, 50448, 141, 27197}, {5, 2493, 3, 2338}, {27, 16886, 29, 17825}};
  std::vector<StudyEffect> studies;
  for (const auto& t : tables) studies.push_back(contrast({t[0], t[1], t[2], t[3]}, Contrast::risk_ratio));
  const PooledEffect r = pool(studies, {.method = TauMethod::dersimonian_laird_iterated});
  EXPECT_NEAR(r.heterogeneity.tau2, 0.157574420287206, 1e-11);
  EXPECT_NEAR(*r.heterogeneity.tau2_se, 0.168450246051349, 1e-11);
  EXPECT_NEAR(r.effect.estimate, -0.690665808465193, 1e-11);
  EXPECT_NEAR(r.effect.se, 0.137774921544401, 1e-11);
  const StudyEffect alike[] = {{0.1, 0.5}, {0.1, 0.4}};
  EXPECT_EQ(pool(alike, {.method = TauMethod::dersimonian_laird_iterated}).heterogeneity.tau2, 0);
}

/// metafor's escalc() of the same figures.
TEST(EffectSize, FurtherMeasuresAgreeWithMetafor) {
  const auto near = [](const StudyEffect& got, double estimate, double variance) {
    EXPECT_NEAR(got.estimate, estimate, 1e-13);
    EXPECT_NEAR(got.variance, variance, 1e-13);
  };
  const TwoByTwo first{4, 119, 11, 128}, empty{0, 40, 3, 38};
  near(contrast(first, Contrast::phi), -0.100139232705616, 0.00318191537467725);
  near(contrast(empty, Contrast::phi), -0.193709711056515, 0.00323534174149650);
  near(contrast(first, Contrast::yule_q), -0.437671609006041, 0.0583525203210558);
  near(contrast(empty, Contrast::yule_q), -0.760869565217391, 0.1035636882066193);
  near(contrast(first, Contrast::yule_y), -0.230458410163548, 0.02001235891216751);
  near(contrast(empty, Contrast::yule_y), -0.461439339622897, 0.09045951956901864);
  near(standardised_mean_difference_unequal({55, 47, 155}, {75, 64, 156}), -0.355341601578235, 0.0130909644811581);
  near(standardised_mean_difference_unequal({31, 5, 31}, {30, 4, 32}), 0.218134470789131, 0.0646126142648484);
  near(double_arcsine_proportion(0, 10), 0.153138684584835, 1 / 42.0);
  near(double_arcsine_proportion(10, 15), 0.944667420806878, 1 / 62.0);
  EXPECT_THROW(contrast({0, 5, 0, 7}, Contrast::phi), InputError);
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
