// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <vector>

#include "statistics/proportion.hpp"
#include "statistics/stratified_proportion.hpp"

namespace coley::statistics {
namespace {

std::vector<ResponseCounts> any_strata() {
  const auto count = *rc::gen::inRange(1, 6);
  std::vector<ResponseCounts> strata;
  for (int i = 0; i < count; ++i) {
    const std::int64_t n1 = *rc::gen::inRange(1, 60), n0 = *rc::gen::inRange(1, 60);
    strata.push_back({*rc::gen::inRange<std::int64_t>(0, n1 + 1), n1, *rc::gen::inRange<std::int64_t>(0, n0 + 1), n0});
  }
  return strata;
}

std::vector<ResponseCounts> exchanged(std::vector<ResponseCounts> strata) {
  for (ResponseCounts& s : strata) s = {s.control_events, s.control_n, s.experimental_events, s.experimental_n};
  return strata;
}

RC_GTEST_PROP(ProportionLaw, ClopperPearsonLeavesTheTailsItPromises, ()) {
  const std::int64_t n = *rc::gen::inRange(2, 500), x = *rc::gen::inRange<std::int64_t>(1, n);
  const Estimate rate = clopper_pearson(x, n, 0.9);
  using Binomial = boost::math::binomial_distribution<>;
  const double size = static_cast<double>(n), events = static_cast<double>(x);
  RC_ASSERT(std::abs(cdf(complement(Binomial(size, rate.low), events - 1)) - 0.05) < 1e-10);
  RC_ASSERT(std::abs(cdf(Binomial(size, rate.high), events) - 0.05) < 1e-10);
}

RC_GTEST_PROP(ProportionLaw, WilsonEndsSolveTheScoreEquation, ()) {
  const std::int64_t n = *rc::gen::inRange(2, 500), x = *rc::gen::inRange<std::int64_t>(1, n);
  const Estimate rate = wilson(x, n);
  const double z = two_sided_deviate(0.95);
  for (const double end : {rate.low, rate.high})
    RC_ASSERT(std::abs(std::abs(rate.estimate - end) / std::sqrt(end * (1 - end) / static_cast<double>(n)) - z) < 1e-9);
}

RC_GTEST_PROP(ProportionLaw, ExchangingTheArmsTurnsTheEffectRound, ()) {
  const auto strata = any_strata();
  for (auto* method : {&mantel_haenszel_difference, &miettinen_nurminen_difference}) {
    const auto one = (*method)(strata, 0.95), other = (*method)(exchanged(strata), 0.95);
    RC_ASSERT(one.has_value() && other.has_value());
    RC_ASSERT(std::abs(one->effect.estimate + other->effect.estimate) < 1e-12);
    RC_ASSERT(std::abs(one->effect.low + other->effect.high) < 1e-7);
    RC_ASSERT(std::abs(one->z + other->z) < 1e-6);
  }
  for (auto* method : {&mantel_haenszel_odds_ratio, &miettinen_nurminen_odds_ratio, &mantel_haenszel_risk_ratio, &miettinen_nurminen_risk_ratio}) {
    const auto one = (*method)(strata, 0.95), other = (*method)(exchanged(strata), 0.95);
    RC_ASSERT(one.has_value() == other.has_value());
    if (!one || one->effect.low == 0 || std::isinf(one->effect.high)) continue;
    RC_ASSERT(std::abs(std::log(one->effect.estimate) + std::log(other->effect.estimate)) < 1e-7);
    RC_ASSERT(std::abs(std::log(one->effect.low) + std::log(other->effect.high)) < 1e-7);
  }
}

RC_GTEST_PROP(ProportionLaw, ScoreIntervalsHoldTheEstimateAndAgreeWithTheirTest, ()) {
  const auto strata = any_strata();
  const auto difference = miettinen_nurminen_difference(strata);
  RC_ASSERT(difference->effect.low <= difference->effect.estimate && difference->effect.estimate <= difference->effect.high);
  if (std::abs(difference->z) > two_sided_deviate(0.95) + 1e-6)
    RC_ASSERT(difference->effect.low > 0 || difference->effect.high < 0);
  for (auto* method : {&miettinen_nurminen_odds_ratio, &miettinen_nurminen_risk_ratio}) {
    const auto ratio = (*method)(strata, 0.95);
    if (!ratio) continue;
    RC_ASSERT(ratio->effect.low <= ratio->effect.estimate && ratio->effect.estimate <= ratio->effect.high);
    if (std::abs(ratio->z) > two_sided_deviate(0.95) + 1e-6) RC_ASSERT(ratio->effect.low > 1 || ratio->effect.high < 1);
  }
}

}  // namespace
}  // namespace coley::statistics
