// SPDX-License-Identifier: Apache-2.0
// Numbers are those of survival::survfit 3.5-3 (delayed entry), cmprsk::cuminc and cmprsk::crr 2.2-11 on these rows.
#include "statistics/competing_risks.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"
#include "statistics/fine_gray.hpp"
#include "statistics/gray_test.hpp"

namespace coley::statistics {
namespace {

const std::vector<double> times = {3, 5, 4, 5, 2, 6, 7, 7, 3, 8, 9, 1, 4, 6, 2, 5, 8, 3, 7, 10};
const std::vector<int> causes = {1, 2, 0, 1, 2, 1, 2, 0, 1, 2, 1, 0, 1, 1, 2, 0, 2, 1, 1, 0};
const std::vector<int> group = {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1};
const std::vector<int> stratum = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
const std::vector<double> marker = {0.5, -1, 2, 0.3, 1.1, -0.4, 0.9, -2, 0.2, 1.5, -0.7, 0.1, .6, -.3, 1.2, -1.1, .8, .05, -.6, .4};

CompetingTimes rows() { return {.time = times, .cause = causes, .entry = {}}; }

Eigen::MatrixXd covariates() {
  Eigen::MatrixXd x(20, 2);
  for (int i = 0; i < 20; ++i) x.row(i) << marker[i], group[i];
  return x;
}

TEST(AalenJohansen, DelayedEntryAgreesWithR) {
  const std::vector<double> entry = {0, 0, 1, 2, 0, 3, 1, 4, 2, 0, 5, 0};
  const CompetingTimes late{.time = std::span(times).first(12), .cause = std::span(causes).first(12), .entry = entry};
  const CumulativeIncidence curve = aalen_johansen(late, 2);
  ASSERT_EQ(curve.time, (std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  const std::vector<double> first = {0, 0, 0.238095238095238, 0.238095238095238, 0.337301587301587,
                                     0.416666666666667, 0.416666666666667, 0.416666666666667, 0.535714285714286};
  const std::vector<double> se_free = {0, 0.1521451548625462, 0.1846106517906324, 0.1846106517906324, 0.1589661888363424,
                                       0.1489826405474454, 0.1212939986148911, 0.0911094914012168, 0};
  const std::vector<double> se_second = {0, 0.152145154862546, 0.152145154862546, 0.152145154862546, 0.155755623188824,
                                         0.155755623188824, 0.152981943858327, 0.164112953737425, 0.164112953737425};
  for (std::size_t row = 0; row < 9; ++row) {
    EXPECT_NEAR(curve.probability[1][row], first[row], 1e-14) << row;
    EXPECT_NEAR(curve.se[0][row], se_free[row], 1e-14) << row;
    EXPECT_NEAR(curve.se[2][row], se_second[row], 1e-14) << row;
  }
}

// Weights move the probabilities as repeated rows do, and equal weights move nothing.
TEST(AalenJohansen, Weights) {
  std::vector<double> weight, time;
  std::vector<int> cause;
  for (std::size_t i = 0; i < times.size(); ++i) {
    weight.push_back(static_cast<double>(1 + i % 3));
    time.insert(time.end(), 1 + i % 3, times[i]);
    cause.insert(cause.end(), 1 + i % 3, causes[i]);
  }
  const std::vector<double> equal(times.size(), 2.5);
  const CumulativeIncidence plain = aalen_johansen(rows(), 2), scaled = aalen_johansen({times, causes, {}, equal}, 2);
  const CumulativeIncidence weighted = aalen_johansen({times, causes, {}, weight}, 2), repeated = aalen_johansen({time, cause, {}}, 2);
  for (std::size_t state = 0; state < 3; ++state)
    for (std::size_t row = 0; row < plain.time.size(); ++row) {
      EXPECT_NEAR(weighted.probability[state][row], repeated.probability[state][row], 1e-13);
      EXPECT_NEAR(scaled.probability[state][row], plain.probability[state][row], 1e-13);
      EXPECT_NEAR(scaled.se[state][row], plain.se[state][row], 1e-13);
    }
  EXPECT_THROW(fine_gray({times, causes, {}, weight}, 1, covariates(), {"marker", "group"}), InputError);
}

// The jackknife is the sum of squared influences, each the derivative of the estimate by the subject's weight.
TEST(AalenJohansen, WeightedErrorIsTheJackknife) {
  std::vector<double> weight, entry;
  for (std::size_t i = 0; i < times.size(); ++i) {
    weight.push_back(0.5 + 0.25 * static_cast<double>(i % 4));
    entry.push_back(i % 3 == 0 && times[i] > 3 ? 1.5 : 0);
  }
  const CumulativeIncidence curve = aalen_johansen({times, causes, entry, weight}, 2);
  const std::size_t last = curve.time.size() - 2;
  std::vector<double> sum(3);
  for (std::size_t i = 0; i < weight.size(); ++i) {
    constexpr double h = 1e-5;
    std::vector<double> more = weight, less = weight;
    more[i] += h;
    less[i] -= h;
    const CumulativeIncidence up = aalen_johansen({times, causes, entry, more}, 2), down = aalen_johansen({times, causes, entry, less}, 2);
    for (std::size_t state = 0; state < 3; ++state)
      sum[state] += std::pow(weight[i] * (up.probability[state][last] - down.probability[state][last]) / (2 * h), 2);
  }
  for (std::size_t state = 0; state < 3; ++state) EXPECT_NEAR(curve.se[state][last], std::sqrt(sum[state]), 1e-8) << state;
}

TEST(AalenJohansen, BeforeTheFirstTimeAllAreFree) {
  const CumulativeIncidence curve = aalen_johansen(rows(), 2);
  EXPECT_EQ(curve.row_at(0.5), -1);
  EXPECT_EQ(curve.probability_at(0, 0.5), 1);
  EXPECT_EQ(curve.probability_at(1, 0.5), 0);
}

TEST(AalenJohansen, RefusesWhatCannotBe) {
  const std::vector<double> negative = {1, -1}, nan = {1, std::nan("")}, entry = {0, 1};
  const std::vector<int> fine = {1, 0}, wrong = {1, -1}, third = {1, 3};
  const std::vector<double> ok = {1, 1};
  EXPECT_THROW(aalen_johansen({negative, fine, {}}, 2), InputError);
  EXPECT_THROW(aalen_johansen({nan, fine, {}}, 2), InputError);
  EXPECT_THROW(aalen_johansen({ok, wrong, {}}, 2), InputError);
  EXPECT_THROW(aalen_johansen({ok, third, {}}, 2), InputError);
  EXPECT_THROW(aalen_johansen({ok, fine, entry}, 2), InputError);
  EXPECT_THROW(aalen_johansen({}, 2), InputError);
}

TEST(GrayTest, StrataAndRhoAgreeWithCmprsk) {
  const auto plain = gray_test(rows(), group, 3, 1, 0, stratum), weighted = gray_test(rows(), group, 3, 1, 0.5, stratum);
  const auto other = gray_test(rows(), group, 3, 2, 0.5, stratum);
  ASSERT_TRUE(plain && weighted && other);
  EXPECT_NEAR(plain->chi_square, 4.5655917037564304, 1e-11);
  EXPECT_NEAR(plain->p, 0.101998634618743, 1e-12);
  EXPECT_EQ(plain->df, 2);
  EXPECT_NEAR(weighted->chi_square, 4.595988785521781, 1e-11);
  EXPECT_NEAR(other->chi_square, 0.132325960247611, 1e-12);
}

TEST(GrayTest, AbsentWithoutTwoGroupsOrEvents) {
  const std::vector<int> one(20, 0);
  EXPECT_FALSE(gray_test(rows(), one, 1, 1));
  EXPECT_FALSE(gray_test(rows(), one, 2, 1));
  EXPECT_FALSE(gray_test(rows(), group, 3, 7));
}

TEST(FineGray, CensoringGroupsAgreeWithCrr) {
  const FineGrayFit fit = fine_gray(rows(), 1, covariates(), {"marker", "group"}, {.censoring_group = stratum});
  EXPECT_TRUE(fit.converged) << fit.problem;
  EXPECT_NEAR(fit.coef[0], -0.2046705261722050, 1e-10);
  EXPECT_NEAR(fit.coef[1], 0.0748817412443779, 1e-10);
  // The sandwich with each group's own risk set, written out in R by definition (crr mixes the groups here).
  EXPECT_NEAR(fit.variance(0, 0), 0.0697590733975, 1e-10);
  EXPECT_NEAR(fit.variance(0, 1), -0.022488507359, 1e-10);
  EXPECT_NEAR(fit.variance(1, 1), 0.257679670539, 1e-10);
  EXPECT_NEAR(fit.loglik, -23.1434901731116, 1e-11);
  EXPECT_NEAR(fit.cumulative_incidence(5.5, Eigen::Vector2d(1, 2)), 0.230499601227158, 1e-10);
  EXPECT_NEAR(fit.cumulative_incidence(9, Eigen::Vector2d(1, 2)), 0.474244920993703, 1e-10);
  EXPECT_EQ(fit.cumulative_incidence(1, Eigen::Vector2d(1, 2)), 0);
}

TEST(FineGray, NamesTheCovariateThatRunsToInfinity) {
  Eigen::MatrixXd x(20, 1);
  for (int i = 0; i < 20; ++i) x(i, 0) = causes[i] == 1 ? 0 : i % 2;
  const FineGrayFit fit = fine_gray(rows(), 1, x, {"spared"});
  EXPECT_FALSE(fit.converged);
  EXPECT_NE(fit.problem.find("spared"), std::string::npos);
  EXPECT_TRUE(std::isfinite(fit.loglik));
}

TEST(FineGray, RefusesWhatCannotBeEstimated) {
  Eigen::MatrixXd x = covariates();
  EXPECT_THROW(fine_gray(rows(), 3, x, {"a", "b"}), InputError);
  x.col(1) = 2 * x.col(0).array() + 1;
  EXPECT_THROW(fine_gray(rows(), 1, x, {"a", "b"}), InputError);
  x.col(1).setConstant(4);
  EXPECT_THROW(fine_gray(rows(), 1, x, {"a", "b"}), InputError);
  x(3, 1) = std::nan("");
  EXPECT_THROW(fine_gray(rows(), 1, x, {"a", "b"}), InputError);
}

}  // namespace
}  // namespace coley::statistics
