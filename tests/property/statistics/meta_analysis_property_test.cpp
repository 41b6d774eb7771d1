// SPDX-License-Identifier: Apache-2.0
// Laws of pooling that hold for any studies.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "statistics/meta_analysis.hpp"

namespace coley::statistics {
namespace {

constexpr TauMethod kMethods[] = {TauMethod::fixed, TauMethod::dersimonian_laird, TauMethod::paule_mandel, TauMethod::reml,
                                  TauMethod::maximum_likelihood, TauMethod::sidik_jonkman, TauMethod::hunter_schmidt,
                                  TauMethod::hedges};

std::vector<StudyEffect> any_studies(int at_least = 3) {
  const int k = *rc::gen::inRange(at_least, 25);
  std::vector<StudyEffect> studies;
  for (int i = 0; i < k; ++i)
    studies.push_back({*rc::gen::inRange(-2000, 2001) / 1000.0, *rc::gen::inRange(1, 1000) / 1000.0});
  return studies;
}

double relative(double x) { return 1e-9 * (1 + std::fabs(x)); }

RC_GTEST_PROP(MetaLaws, VariancesAndSharesStayInTheirRange, ()) {
  const auto studies = any_studies(1);
  for (const TauMethod method : kMethods) {
    const PooledEffect r = pool(studies, {.method = method});
    RC_ASSERT(r.heterogeneity.tau2 >= 0);
    RC_ASSERT(r.heterogeneity.i2 >= 0 && r.heterogeneity.i2 <= 1);
    RC_ASSERT(r.heterogeneity.p >= 0 && r.heterogeneity.p <= 1);
    RC_ASSERT(r.effect.interval.low <= r.effect.estimate && r.effect.estimate <= r.effect.interval.high);
    const auto weights = pooling_weights(studies, r.heterogeneity.tau2);
    RC_ASSERT(std::fabs(std::accumulate(weights.begin(), weights.end(), 0.0) - 1) < 1e-12);
    const auto [least, most] = std::minmax_element(studies.begin(), studies.end(), [](auto a, auto b) { return a.estimate < b.estimate; });
    RC_ASSERT(r.effect.estimate >= least->estimate - 1e-12 && r.effect.estimate <= most->estimate + 1e-12);
  }
}

RC_GTEST_PROP(MetaLaws, TheOrderOfStudiesDoesNotMatter, ()) {
  const auto studies = any_studies();
  auto turned = studies;
  std::rotate(turned.begin(), turned.begin() + 2, turned.end());
  std::swap(turned[0], turned[1]);
  for (const TauMethod method : kMethods) {
    const PooledEffect a = pool(studies, {.method = method}), b = pool(turned, {.method = method});
    RC_ASSERT(std::fabs(a.effect.estimate - b.effect.estimate) <= relative(a.effect.estimate));
    RC_ASSERT(std::fabs(a.heterogeneity.tau2 - b.heterogeneity.tau2) <= relative(a.heterogeneity.tau2));
  }
}

RC_GTEST_PROP(MetaLaws, ShiftAndScaleCarryThrough, ()) {
  const auto studies = any_studies();
  const double shift = *rc::gen::inRange(-50, 51) / 10.0, scale = *rc::gen::inRange(1, 100) / 10.0;
  auto moved = studies;
  for (StudyEffect& s : moved) s = {shift + scale * s.estimate, scale * scale * s.variance};
  for (const TauMethod method : kMethods) {
    const PooledEffect a = pool(studies, {.method = method}), b = pool(moved, {.method = method});
    RC_ASSERT(std::fabs(b.effect.estimate - (shift + scale * a.effect.estimate)) < 1e-7 * (1 + std::fabs(b.effect.estimate)));
    RC_ASSERT(std::fabs(b.heterogeneity.tau2 - scale * scale * a.heterogeneity.tau2) < 1e-7 * (1 + b.heterogeneity.tau2));
    RC_ASSERT(std::fabs(b.heterogeneity.q - a.heterogeneity.q) < 1e-7 * (1 + a.heterogeneity.q));
  }
}

RC_GTEST_PROP(MetaLaws, TheLikelihoodIsHighestAtItsEstimate, ()) {
  const auto studies = any_studies();
  const auto likelihood = [&](TauMethod method, double tau2) {
    double sw = 0, swy = 0, logs = 0, rss = 0;
    for (const auto& s : studies) sw += 1 / (s.variance + tau2), swy += s.estimate / (s.variance + tau2);
    for (const auto& s : studies)
      logs += std::log(s.variance + tau2), rss += std::pow(s.estimate - swy / sw, 2) / (s.variance + tau2);
    return -0.5 * (logs + rss + (method == TauMethod::reml ? std::log(sw) : 0.0));
  };
  for (const TauMethod method : {TauMethod::reml, TauMethod::maximum_likelihood}) {
    const double tau2 = pool(studies, {.method = method}).heterogeneity.tau2, at = likelihood(method, tau2);
    for (const double other : {0.0, 0.999 * tau2, 1.001 * tau2, tau2 + 1e-4}) RC_ASSERT(likelihood(method, other) <= at + 1e-10);
  }
}

RC_GTEST_PROP(MetaLaws, TheProfileHoldsPauleMandel, ()) {
  const auto studies = any_studies();
  const double tau2 = pool(studies, {.method = TauMethod::paule_mandel}).heterogeneity.tau2;
  const QProfile q = q_profile(studies, tau2);
  RC_ASSERT(q.tau2_interval.low <= tau2 + 1e-12);
  RC_ASSERT(q.tau2_interval.high >= tau2 - 1e-12 || q.tau2_interval.high == 0);
  const QProfile wider = q_profile(studies, tau2, 0.99);
  RC_ASSERT(wider.tau2_interval.low <= q.tau2_interval.low && wider.tau2_interval.high >= q.tau2_interval.high);
}

RC_GTEST_PROP(MetaLaws, TheAdHocRuleNeverNarrows, ()) {
  const auto studies = any_studies();
  for (const TauMethod method : kMethods) {
    const double normal = pool(studies, {.method = method}).effect.se;
    const double plain = pool(studies, {.method = method, .test = PooledTest::hartung_knapp}).effect.se;
    const double ad_hoc = pool(studies, {.method = method, .test = PooledTest::hartung_knapp_adhoc}).effect.se;
    RC_ASSERT(std::fabs(ad_hoc - std::max(normal, plain)) < 1e-12);
  }
}

}  // namespace
}  // namespace coley::statistics
