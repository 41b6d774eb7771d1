// SPDX-License-Identifier: Apache-2.0
// Closed forms, and numbers of R's optim on likelihoods written out there (generalised gamma, Gompertz and Weibull with
// delayed entry). Data: survival::ovarian.
#include "statistics/parametric_survival.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "core/error.hpp"
#include "statistics/piecewise_exponential.hpp"

namespace coley::statistics {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

const std::vector<double> times = {59, 115, 156, 421, 431, 448, 464, 475, 477, 563, 638, 744, 769, 770, 803, 855, 1040, 1106, 1129, 1206, 1227, 268, 329, 353, 365, 377};
const std::vector<std::uint8_t> events = {1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0};
const std::vector<double> treated = {0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1};
const std::vector<double> entries = {0, 0, 39, 0, 0, 112, 0, 0, 119, 0, 0, 186, 0, 0, 201, 0, 0, 276, 0, 0, 307, 0, 0, 88, 0, 0};

CensoredTimes ovarian(bool late = false) { return right_censored(times, events, late ? std::span<const double>(entries) : std::span<const double>()); }

ParametricModel model_of(Law law, bool with_treatment = false) {
  ParametricModel model;
  model.law = law;
  if (with_treatment) {
    model.covariates = Eigen::Map<const Eigen::VectorXd>(treated.data(), 26);
    model.names = {"treated"};
  }
  return model;
}

double exposure(bool late) {
  const double all = std::accumulate(times.begin(), times.end(), 0.0);
  return late ? all - std::accumulate(entries.begin(), entries.end(), 0.0) : all;
}

TEST(ParametricSurvival, WeightsStandForRepeatedRows) {
  std::vector<double> time, arm;
  std::vector<std::uint8_t> event;
  ParametricModel weighted = model_of(Law::weibull, true), repeated = model_of(Law::weibull);
  for (std::size_t i = 0; i < times.size(); ++i) {
    weighted.weight.push_back(static_cast<double>(1 + i % 3));
    for (std::size_t k = 0; k <= i % 3; ++k) {
      time.push_back(times[i]);
      event.push_back(events[i]);
      arm.push_back(treated[i]);
    }
  }
  repeated.covariates = Eigen::Map<const Eigen::VectorXd>(arm.data(), static_cast<Eigen::Index>(arm.size()));
  repeated.names = {"treated"};
  const ParametricFit a = fit_parametric(ovarian(), weighted), b = fit_parametric(right_censored(time, event), repeated);
  EXPECT_TRUE(a.estimate.isApprox(b.estimate, 1e-9));
  EXPECT_TRUE(a.variance.isApprox(b.variance, 1e-8));
  EXPECT_NEAR(a.loglik, b.loglik, 1e-8);
  EXPECT_NEAR(a.loglik_null, b.loglik_null, 1e-8);
  weighted.weight[3] = -1;
  EXPECT_THROW(fit_parametric(ovarian(), weighted), InputError);
}

// An offset that is a covariate times its own coefficient leaves nothing for the covariate to explain.
TEST(ParametricSurvival, OffsetTakesThePlaceOfACovariate) {
  for (const Law law : {Law::weibull, Law::gaussian}) {
    const ParametricFit full = fit_parametric(ovarian(), model_of(law, true));
    ParametricModel model = model_of(law, true);
    for (const double x : treated) model.offset.push_back(full.estimate[1] * x);
    const ParametricFit rest = fit_parametric(ovarian(), model);
    EXPECT_NEAR(rest.estimate[0], full.estimate[0], 1e-7 * std::abs(full.estimate[0]));
    EXPECT_NEAR(rest.estimate[1], 0, 1e-7 * std::abs(full.estimate[1]));
    EXPECT_NEAR(rest.loglik, full.loglik, 1e-9 * std::abs(full.loglik));
  }
}

TEST(ParametricSurvival, ExponentialRateIsEventsByExposure) {
  for (const bool late : {false, true}) {
    const ParametricFit fit = fit_parametric(ovarian(late), model_of(Law::exponential));
    EXPECT_TRUE(fit.converged) << fit.problem;
    EXPECT_NEAR(fit.estimate[0], std::log(exposure(late) / 12), 1e-12);
    EXPECT_NEAR(fit.variance(0, 0), 1.0 / 12, 1e-12);
    EXPECT_NEAR(fit.loglik, 12 * std::log(12 / exposure(late)) - 12, 1e-10);
    EXPECT_NEAR(fit.aic, 2 - 2 * fit.loglik, 1e-12);
  }
}

TEST(ParametricSurvival, GeneralisedGammaAgreesWithR) {
  const ParametricFit fit = fit_parametric(ovarian(), model_of(Law::generalised_gamma));
  EXPECT_TRUE(fit.converged) << fit.problem;
  EXPECT_NEAR(fit.loglik, -96.9490657595, 1e-9);
  EXPECT_NEAR(fit.estimate[0], 6.427039572580, 1e-5);
  EXPECT_NEAR(fit.estimate[1], 0.354760838260, 1e-5);
  EXPECT_NEAR(fit.estimate[2], -0.764565643232, 1e-5);
  EXPECT_NEAR(std::sqrt(fit.variance(2, 2)), 1.313674666607, 1e-4);
}

TEST(ParametricSurvival, GompertzWithLateEntryAgreesWithR) {
  const ParametricFit fit = fit_parametric(ovarian(true), model_of(Law::gompertz, true));
  EXPECT_TRUE(fit.converged) << fit.problem;
  ASSERT_EQ(fit.names, (std::vector<std::string>{"(Intercept)", "treated", "shape"}));
  EXPECT_NEAR(fit.estimate[0], -6.441887772550256, 1e-7);
  EXPECT_NEAR(fit.estimate[1], -0.640205086109754, 1e-7);
  EXPECT_NEAR(fit.estimate[2], -0.000831745070663, 1e-9);
  EXPECT_NEAR(std::sqrt(fit.variance(1, 1)), 0.58600655603773, 1e-5);
  EXPECT_NEAR(fit.loglik, -96.010315919, 1e-8);
}

TEST(ParametricSurvival, WeibullWithLateEntryAgreesWithR) {
  const ParametricFit fit = fit_parametric(ovarian(true), model_of(Law::weibull, true));
  EXPECT_NEAR(fit.estimate[0], 6.7482059096187, 1e-7);
  EXPECT_NEAR(fit.estimate[1], 0.6537934877996, 1e-7);
  EXPECT_NEAR(fit.estimate[2], -0.0149772138078, 1e-7);
  EXPECT_NEAR(std::sqrt(fit.variance(0, 0)), 0.373667036836, 1e-6);
  EXPECT_NEAR(fit.loglik, -96.3100678629, 1e-9);
}

TEST(ParametricSurvival, NarrowIntervalsAreNearlyExactTimes) {
  CensoredTimes narrow = ovarian();
  const double width = 1e-3;
  for (std::size_t i = 0; i < times.size(); ++i)
    if (events[i] != 0) narrow.lower[i] = times[i] - width / 2, narrow.upper[i] = times[i] + width / 2;
  for (const Law law : survival_laws()) {
    if (law == Law::generalised_gamma) continue;  // its hill is too flat to compare at this width
    const ParametricFit exact = fit_parametric(ovarian(), model_of(law, true)), interval = fit_parametric(narrow, model_of(law, true));
    EXPECT_NEAR(interval.estimate[1], exact.estimate[1], 1e-5) << to_string(law);
    EXPECT_NEAR(interval.loglik - 12 * std::log(width), exact.loglik, 1e-4) << to_string(law);
  }
}

TEST(ParametricSurvival, QuantileIsTheInverseOfSurvival) {
  const Eigen::VectorXd x = Eigen::VectorXd::Ones(1);
  for (const Law law : survival_laws()) {
    const ParametricFit fit = fit_parametric(ovarian(), model_of(law, true));
    const auto median = fit.quantile(0.3, x);
    const Estimate survival = fit.survival(median.time, x);
    EXPECT_NEAR(survival.estimate, 0.7, 1e-9) << to_string(law);
    EXPECT_LT(survival.low, 0.7);
    EXPECT_GT(survival.high, 0.7);
    EXPECT_GT(median.se, 0);
    EXPECT_EQ(fit.survival(0, x).estimate, 1);
  }
}

TEST(ParametricSurvival, FallingGompertzHazardLeavesQuantilesUnreached) {
  const ParametricFit fit = fit_parametric(ovarian(true), model_of(Law::gompertz));
  ASSERT_LT(fit.estimate[1], 0);
  const double plateau = std::exp(std::exp(fit.estimate[0]) / fit.estimate[1]);
  EXPECT_EQ(fit.quantile(1 - plateau + 0.01).time, infinity);
  EXPECT_TRUE(std::isfinite(fit.quantile(1 - plateau - 0.01).time));
}

TEST(ParametricSurvival, ComparesLawsByAic) {
  const std::vector<ParametricFit> table = compare_laws(ovarian(), model_of(Law::weibull, true));
  ASSERT_EQ(table.size(), 6u);
  for (std::size_t i = 1; i < table.size(); ++i)
    EXPECT_TRUE(!table[i].converged || table[i - 1].aic <= table[i].aic) << i;
}

TEST(ParametricSurvival, NamesTheCovariateWithoutEvents) {
  ParametricModel model = model_of(Law::weibull);
  model.covariates.resize(26, 1);
  for (int i = 0; i < 26; ++i) model.covariates(i, 0) = events[static_cast<std::size_t>(i)] == 0 && i % 2 == 1;
  model.names = {"spared"};
  const ParametricFit fit = fit_parametric(ovarian(), model);
  EXPECT_FALSE(fit.converged);
  EXPECT_EQ(fit.problem.find("spared"), 0u) << fit.problem;
  EXPECT_TRUE(std::isfinite(fit.loglik));
}

TEST(ParametricSurvival, RefusesWhatCannotBeFitted) {
  const auto fit = [](std::vector<double> lower, std::vector<double> upper, std::vector<double> entry = {}) {
    return fit_parametric({lower, upper, entry}, {});
  };
  EXPECT_THROW(fit({}, {}), InputError);
  EXPECT_THROW(fit({1, 2}, {infinity, infinity}), InputError);  // no events
  EXPECT_THROW(fit({0, 2}, {0, 2}), InputError);                // event at time 0
  EXPECT_THROW(fit({-1, 2}, {infinity, 2}), InputError);
  EXPECT_THROW(fit({3, 2}, {1, 2}), InputError);
  EXPECT_THROW(fit({std::nan(""), 2}, {2, 2}), InputError);
  EXPECT_THROW(fit({1, 2}, {1, 2}, {1, 0}), InputError);
  EXPECT_THROW(law_of("weibul"), InputError);
}

TEST(ParametricSurvival, OneEventTimeHasNoScale) {
  const ParametricFit fit = fit_parametric({{5, 5, 5}, {5, 5, 5}, {}}, {});
  EXPECT_FALSE(fit.converged);
  EXPECT_FALSE(fit.problem.empty());
}

TEST(PiecewiseExponential, OnePieceIsTheExponential) {
  const PiecewiseExponential fit = piecewise_exponential(times, events, {}, entries);
  EXPECT_DOUBLE_EQ(fit.rate[0], 12 / exposure(true));
  EXPECT_NEAR(fit.survival(100), std::exp(-1200 / exposure(true)), 1e-14);
}

TEST(PiecewiseExponential, BeyondFollowUpIsRefused) {
  const std::vector<double> short_times = {1, 2};
  const std::vector<std::uint8_t> both = {1, 1};
  const PiecewiseExponential fit = piecewise_exponential(short_times, both, {1, 5});
  EXPECT_EQ(fit.events, (std::vector<double>{1, 1, 0}));
  EXPECT_EQ(fit.exposure, (std::vector<double>{2, 1, 0}));
  EXPECT_NEAR(fit.survival(2), std::exp(-0.5 - 1), 1e-14);
  EXPECT_THROW(fit.survival(6), InputError);
  EXPECT_THROW(piecewise_exponential(short_times, both, {2, 1}), InputError);
}

/// Survival's data set ovarian: R's survreg with a given scale, and with robust variance by row and by cluster.
class Survreg : public testing::Test {
 protected:
  Survreg() {
    const double rows[][4] = {{59, 1, 72.3315, 1},   {115, 1, 74.4932, 1},  {156, 1, 66.4658, 1},  {421, 0, 53.3644, 2},  {431, 1, 50.3397, 1},  {448, 0, 56.4301, 1},  {464, 1, 56.9370, 2},
                              {475, 1, 59.8548, 2},  {477, 0, 64.1753, 1},  {563, 1, 55.1781, 2},  {638, 1, 56.7562, 1},  {744, 0, 50.1096, 2},  {769, 0, 59.6301, 2},  {770, 0, 57.0521, 2},
                              {803, 0, 39.2712, 1},  {855, 0, 43.1233, 1},  {1040, 0, 38.8932, 1}, {1106, 0, 44.6000, 1}, {1129, 0, 53.9068, 2}, {1206, 0, 44.2055, 2}, {1227, 0, 59.5890, 2},
                              {268, 1, 74.5041, 1},  {329, 1, 43.1370, 1},  {353, 1, 63.2192, 2},  {365, 1, 64.4247, 2},  {377, 0, 58.3096, 2}};
    std::vector<double> time;
    std::vector<std::uint8_t> event;
    model.covariates.resize(26, 2);
    for (int i = 0; i < 26; ++i) {
      time.push_back(rows[i][0]);
      event.push_back(rows[i][1] != 0);
      model.covariates.row(i) << rows[i][2], rows[i][3];
      pairs.push_back(i % 13);
    }
    model.names = {"age", "rx"};
    times = right_censored(time, event);
  }
  static void near(const Eigen::VectorXd& got, const std::vector<double>& wanted) {
    ASSERT_EQ(static_cast<std::size_t>(got.size()), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(got[static_cast<Eigen::Index>(i)] / wanted[i], 1, 1e-7) << i;
  }

  ParametricModel model;
  CensoredTimes times;
  std::vector<int> pairs;
};

TEST_F(Survreg, ScaleThatIsGiven) {
  model.fixed_scale = 0.7;
  const ParametricFit fit = fit_parametric(times, model);
  near(fit.estimate, {11.0257518174005, -0.0880293040546269, 0.59621456209476});
  near(fit.variance.diagonal().cwiseSqrt(), {1.70065108660372, 0.0226886835184776, 0.431472082996542});
  EXPECT_NEAR(fit.loglik, -89.2265017580479, 1e-9);
  EXPECT_NEAR(fit.loglik_null, -98.5160755920818, 1e-9);
  EXPECT_EQ(fit.scale(), std::vector<double>{0.7});
  EXPECT_NEAR(fit.quantile(0.5, Eigen::Vector2d(60, 2)).time, 796.210544416359, 1e-6);
  model.law = Law::exponential;
  EXPECT_THROW(fit_parametric(times, model), InputError);
}

TEST_F(Survreg, RobustVarianceByRow) {
  model.robust = true;
  const ParametricFit fit = fit_parametric(times, model);
  near(fit.variance.diagonal().cwiseSqrt(), {1.42973070532758, 0.019246604462378, 0.382786821102554, 0.152964421579488});
  EXPECT_NEAR(fit.loglik, -88.7617101009818, 1e-9);
}

TEST_F(Survreg, RobustVarianceByClusterOfALawOnTheWholeLine) {
  model.law = Law::gaussian;
  model.fixed_scale = 300;
  model.cluster = pairs;
  const ParametricFit fit = fit_parametric(times, model);
  near(fit.estimate, {2133.99554245551, -31.097073670104, 253.769531261845});
  near(fit.variance.diagonal().cwiseSqrt(), {532.086414819328, 7.57216259742336, 96.9195384964263});
}

}  // namespace
}  // namespace coley::statistics
