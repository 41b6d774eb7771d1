// SPDX-License-Identifier: Apache-2.0
#include "statistics/sequential_design.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "core/random.hpp"
#include "statistics/sequential_path.hpp"

namespace coley::statistics {
namespace {

std::vector<double> equal_looks(int k) {
  std::vector<double> t;
  for (int i = 1; i <= k; ++i) t.push_back(static_cast<double>(i) / k);
  return t;
}

TEST(SequentialPath, OneLookIsTheNormalDistribution) {
  const SequentialPath path({1.0}, 1.5);
  EXPECT_NEAR(path.above(1.96), 1 - normal_cdf(1.96 - 1.5), 1e-15);
  EXPECT_NEAR(path.below(0.3), normal_cdf(0.3 - 1.5), 1e-15);
}

// P(Z1 > 0, Z2 > 0) = 1/4 + asin(rho) / (2 pi) with rho = sqrt(t1 / t2).
TEST(SequentialPath, TwoLooksMatchTheBivariateOrthant) {
  for (const double t1 : {0.02, 0.3, 0.5, 0.95, 0.999}) {
    SequentialPath path({t1, 1.0}, 0.0);
    path.go_on_between(0, INFINITY);
    EXPECT_NEAR(path.above(0), 0.25 + std::asin(std::sqrt(t1)) / (2 * std::acos(-1.0)), 1e-12) << t1;
  }
}

TEST(SequentialPath, EveryPathEndsSomewhere) {
  const std::vector<double> t = {0.1, 0.15, 0.6, 0.61, 1}, lower = {-1, -0.5, 0, 0.2, 2}, upper = {3, 2.8, 2.5, 2.3, 2};
  for (const double drift : {-3.0, 0.0, 2.0, 8.0}) {
    const StoppingProbabilities stops = stopping_probabilities(t, lower, upper, drift);
    EXPECT_NEAR(std::accumulate(stops.above.begin(), stops.above.end(), 0.0) +
                    std::accumulate(stops.below.begin(), stops.below.end(), 0.0), 1, 1e-12);
  }
}

// Jennison and Turnbull 2000, tables 2.1 and 2.3: two-sided, alpha 0.05.
TEST(SequentialDesign, PublishedConstants) {
  const double pocock[] = {2.178, 2.289, 2.361, 2.413}, obrien_fleming[] = {1.977, 2.004, 2.024, 2.040};
  for (int k = 2; k <= 5; ++k) {
    SequentialPlan plan{.information = equal_looks(k), .alpha = 0.05, .two_sided = true, .delta = 0.5};
    EXPECT_NEAR(make_sequential_design(plan).efficacy_z.back(), pocock[k - 2], 5.1e-4);
    plan.delta = 0;
    EXPECT_NEAR(make_sequential_design(plan).efficacy_z.back(), obrien_fleming[k - 2], 5.1e-4);
  }
}

/// rpact 3.3.4, getDesignGroupSequential(typeOfDesign = "PT").
TEST(SequentialDesign, PampallonaTsiatisAsRpact) {
  const auto near = [](const std::vector<double>& got, const std::vector<double>& wanted) {
    ASSERT_GE(got.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(got[i], wanted[i], 2e-6) << i;
  };
  SequentialPlan plan{.information = equal_looks(3), .alpha = 0.025, .beta = 0.1, .shape = BoundaryShape::pampallona_tsiatis, .delta = 0, .futility_delta = 0.25};
  SequentialDesign d = make_sequential_design(plan);
  near(d.efficacy_z, {3.47109143965788, 2.45443229510066, 2.00403557706828});
  near(d.futility_z, {0.0737163314605482, 1.21074091222834});
  EXPECT_NEAR(operating_characteristics(d, d.drift).power, 0.9, 1e-9);
  plan.binding = true;
  d = make_sequential_design(plan);
  near(d.efficacy_z, {3.36379861961051, 2.37856481447254, 1.94209003853182});
  near(d.futility_z, {0.0388077319173012, 1.16049871745241});
  EXPECT_NEAR(d.alpha_spent.back(), 0.025, 1e-12);
  near(make_sequential_design({.information = {0.4, 0.7, 1}, .alpha = 0.025, .beta = 0.2, .shape = BoundaryShape::pampallona_tsiatis, .delta = 0.1, .futility_delta = 0.4}).futility_z,
       {0.757095608147242, 1.47436236848472});
  plan.two_sided = true;
  EXPECT_THROW(make_sequential_design(plan), InputError);
}

TEST(SequentialDesign, PowerOfBothSides) {
  const SequentialDesign d = make_sequential_design({.alpha = 0.2, .beta = 0.7, .two_sided = true, .two_sided_power = true});
  const double z = normal_quantile(0.9);
  EXPECT_NEAR(normal_cdf(d.drift - z) + normal_cdf(-d.drift - z), 0.3, 1e-10);
}

TEST(SequentialDesign, OneLookIsAFixedTrial) {
  const SequentialDesign d = make_sequential_design({});
  EXPECT_NEAR(d.efficacy_z[0], normal_quantile(0.975), 1e-12);
  EXPECT_NEAR(d.inflation(), 1, 1e-12);
}

TEST(SequentialDesign, BindingFutilityLowersTheBarAndKeepsAlpha) {
  SequentialPlan plan{.information = equal_looks(3), .shape = BoundaryShape::spending, .beta_spending = Spending{}};
  const SequentialDesign free = make_sequential_design(plan);
  plan.binding = true;
  const SequentialDesign bound = make_sequential_design(plan);
  EXPECT_LT(bound.efficacy_z.back(), free.efficacy_z.back());
  EXPECT_LT(bound.inflation(), free.inflation());
  for (const SequentialDesign& d : {free, bound}) EXPECT_NEAR(d.alpha_spent.back(), plan.alpha, 1e-12);
  // All of beta is spent at the drift of the design, whose last two bounds meet.
  const OperatingCharacteristics at = operating_characteristics(bound, bound.drift);
  EXPECT_NEAR(std::accumulate(at.stop_below.begin(), at.stop_below.end(), 0.0), plan.beta, 1e-10);
  EXPECT_NEAR(at.power, 1 - plan.beta, 1e-10);
}

TEST(SequentialDesign, NothingToSpendMeansNoLook) {
  const SequentialDesign d = make_sequential_design(
      {.information = {0.5, 1}, .shape = BoundaryShape::spending, .alpha_spending = {SpendingKind::user, 0, {0, 0.025}}});
  EXPECT_TRUE(std::isinf(d.efficacy_z[0]));
  EXPECT_NEAR(d.efficacy_z[1], normal_quantile(0.975), 1e-12);
}

TEST(SequentialDesign, ConditionalPowerWithOneLookLeftIsClosedForm) {
  const SequentialDesign d = make_sequential_design({.information = {0.6, 1}, .shape = BoundaryShape::spending});
  const double z = 1.2, drift = 2.5;
  const double expected = normal_cdf((z * std::sqrt(0.6) + drift * 0.4 - d.efficacy_z[1]) / std::sqrt(0.4));
  EXPECT_NEAR(conditional_power(d, 0, z, drift), expected, 1e-13);
  EXPECT_THROW(conditional_power(d, 1, z, drift), InputError);
}

TEST(SequentialDesign, RefusesPlansThatCannotBe) {
  const SequentialPlan halves{.information = {0.5, 1}};
  std::vector<SequentialPlan> plans(8, halves);
  plans[0].information = {0.5, 0.5, 1};
  plans[1].information = {0.5, 0.9};
  plans[2].alpha = 0;
  plans[3].two_sided = true;
  plans[3].futility_z = {0};
  plans[4].futility_z = {5};
  plans[5].futility_z = {0, 0};
  plans[6].shape = BoundaryShape::haybittle_peto;
  plans[6].early_bound = 1;
  plans[7].shape = BoundaryShape::spending;
  plans[7].alpha_spending = {SpendingKind::user, 0, {0.02, 0.01}};
  for (std::size_t i = 0; i < plans.size(); ++i) EXPECT_THROW(make_sequential_design(plans[i]), InputError) << "plan " << i;
}

}  // namespace
}  // namespace coley::statistics
