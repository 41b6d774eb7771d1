// SPDX-License-Identifier: Apache-2.0
// What a Cox fit says of data that have no finite or no single answer.
#include "statistics/cox.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"
#include "statistics/cox_prediction.hpp"

namespace coley::statistics {
namespace {

const std::vector<double> kTime = {1, 2, 3, 4, 5, 6, 7, 8};
const std::vector<std::uint8_t> kAll(8, 1);

CoxFit fit(const std::vector<double>& covariates, const std::vector<std::string>& names, CoxOptions options = {}) {
  return fit_cox({{kTime, kAll}, covariates, names}, options);
}

TEST(CoxFit, NamesTheCovariateThatSeparates) {
  const CoxFit separated = fit({8, 7, 6, 5, 4, 3, 2, 1}, {"dose"});
  EXPECT_EQ(separated.state[0], CoefficientState::infinite);
  EXPECT_TRUE(std::isinf(separated.coef[0]) && separated.coef[0] > 0);
  EXPECT_NEAR(separated.loglik, 0, 1e-6);
  ASSERT_FALSE(separated.warnings.empty());
  EXPECT_EQ(separated.warnings[0].rfind("dose:", 0), 0U);
  EXPECT_THROW(predict_survival(separated, std::vector<double>{1}), InputError);
}

TEST(CoxFit, LeavesOutWhatCannotBeTold) {
  const CoxFit collinear = fit({0, 2, 1, 1, 1, 0, 0, 3, 1, 5, 3, 3, 3, 1, 1, 7}, {"x", "y"});
  EXPECT_EQ(collinear.state[0], CoefficientState::estimated);
  EXPECT_EQ(collinear.state[1], CoefficientState::not_estimable);
  EXPECT_TRUE(std::isnan(collinear.coef[1]));
  EXPECT_EQ(collinear.df, 1);
  EXPECT_EQ(fit({1, 1, 1, 1, 1, 1, 1, 1}, {"constant"}).state[0], CoefficientState::not_estimable);
}

TEST(CoxFit, RefusesWhatIsNotFinite) {
  EXPECT_THROW(fit({0, 1, 0, 1, INFINITY, 0, 1, 0}, {"x"}), InputError);
  EXPECT_THROW(fit({0, 1, 0, 1, NAN, 0, 1, 0}, {"x"}), InputError);
}

TEST(CoxFit, TakesAWeightOfZeroAsARowThatIsNotThere) {
  const std::vector<double> x = {0, 1, 0, 1, 1, 0, 1, 0}, weight = {1, 1, 1, 1, 1, 1, 1, 0};
  const CoxFit weighted = fit_cox({{kTime, kAll, {}, weight}, x, {"x"}});
  const std::vector<double> time(kTime.begin(), kTime.end() - 1), fewer(x.begin(), x.end() - 1);
  const std::vector<std::uint8_t> event(7, 1);
  EXPECT_NEAR(weighted.coef[0], fit_cox({{time, event}, fewer, {"x"}}).coef[0], 1e-10);
}

}  // namespace
}  // namespace coley::statistics
