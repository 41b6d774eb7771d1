// SPDX-License-Identifier: Apache-2.0
// Profile-likelihood limits, where Wald's are good and where there are none. Numbers: R 4.2.2, coxph with an offset and uniroot.
#include "statistics/cox_profile.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace coley::statistics {
namespace {

TEST(CoxProfile, IsOpenOnTheSideWhereTheCoefficientIsInfinite) {
  const std::vector<double> time = {2, 3, 5, 7, 8, 9, 4, 6, 10, 12, 13, 14}, arm = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1};
  const std::vector<std::uint8_t> event = {1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0};
  const CoxData data{{time, event}, arm, {"arm"}};
  const CoxFit fit = fit_cox(data);
  ASSERT_EQ(fit.state[0], CoefficientState::infinite);
  const Estimate limits = profile_interval(fit, data, 0);
  EXPECT_EQ(limits.low, -INFINITY);
  EXPECT_NEAR(limits.high, -1.34383807638955, 1e-6);
}

TEST(CoxProfile, EqualsTheLikelihoodRatioTestAtItsLimits) {
  const std::vector<double> time = {5, 8, 3, 9, 12, 1, 7, 15, 6, 11}, x = {1, 0, 1, 1, 0, 1, 0, 0, 1, 0}, z = {3, 5, 2, 8, 1, 4, 7, 6, 9, 0};
  const std::vector<std::uint8_t> event = {1, 1, 1, 0, 1, 1, 1, 0, 1, 1};
  std::vector<double> both = x;
  both.insert(both.end(), z.begin(), z.end());
  const CoxData data{{time, event}, both, {"x", "z"}};
  const CoxFit fit = fit_cox(data);
  const Estimate limits = profile_interval(fit, data, 0);
  EXPECT_LT(limits.low, fit.coef[0]);
  EXPECT_GT(limits.high, fit.coef[0]);
  for (const double limit : {limits.low, limits.high}) {
    std::vector<double> offset(x);
    for (double& value : offset) value *= limit;
    const CoxFit held = fit_cox({{time, event}, z, {"z"}, offset});
    EXPECT_NEAR(2 * (fit.loglik - held.loglik), 3.841458820694124, 1e-7);
  }
}

}  // namespace
}  // namespace coley::statistics
