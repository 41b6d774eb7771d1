// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/math/distributions/gamma.hpp>
#include <cmath>

#include "statistics/survival_law.hpp"

namespace coley::statistics {
namespace {

double between(double low, double high) { return low + (high - low) * *rc::gen::inRange(0, 10000) / 10000.0; }

struct Point {
  Law law = *rc::gen::elementOf(survival_laws());
  Cure cure = *rc::gen::element(Cure::none, Cure::mixture, Cure::non_mixture);
  double t = between(0.05, 5);
  std::array<double, 4> at = {between(-1, 1), between(-0.7, 0.7), between(-1.5, 1.5), between(-2, 2)};

  NaturalParameters parameters(const std::array<double, 4>& values) const {
    const double scale = law == Law::exponential ? 0 : values[1];
    return {Jet::variable(values[0], 0), Jet::variable(scale, 1), Jet::variable(values[2], 2), Jet::variable(values[3], 3)};
  }
};

using Function = Jet (*)(Law, Cure, double, const NaturalParameters&);

RC_GTEST_PROP(SurvivalLaw, DerivativesAreThoseOfTheValue, ()) {
  const Point point;
  for (const Function function : {Function(&log_survival), Function(&log_density)}) {
    const Jet here = function(point.law, point.cure, point.t, point.parameters(point.at));
    for (std::size_t i = 0; i < 4; ++i) {
      if (i == 1 && point.law == Law::exponential) continue;
      const double h = 1e-4;
      auto up = point.at, down = point.at;
      up[i] += h;
      down[i] -= h;
      const Jet above = function(point.law, point.cure, point.t, point.parameters(up)), below = function(point.law, point.cure, point.t, point.parameters(down));
      const double scale = 1 + std::abs(here.value);
      RC_ASSERT(std::abs((above.value - below.value) / (2 * h) - here.slope[i]) < 1e-4 * (scale + std::abs(here.slope[i])));
      for (std::size_t j = 0; j < 4; ++j) {
        const double numeric = (above.slope[j] - below.slope[j]) / (2 * h), exact = here.curvature[Jet::pair(std::min(i, j), std::max(i, j))];
        RC_ASSERT(std::abs(numeric - exact) < 1e-3 * (scale + std::abs(exact)));
      }
    }
  }
}

RC_GTEST_PROP(SurvivalLaw, DensityIsTheSlopeOfSurvival, ()) {
  const Point point;
  const double h = 1e-5 * point.t;
  const NaturalParameters p = point.parameters(point.at);
  const double before = std::exp(log_survival(point.law, point.cure, point.t - h, p).value), after = std::exp(log_survival(point.law, point.cure, point.t + h, p).value);
  const double density = std::exp(log_density(point.law, point.cure, point.t, p).value);
  RC_ASSERT(std::abs((before - after) / (2 * h) - density) < 1e-5 * (1 + density));
}

RC_GTEST_PROP(SurvivalLaw, GeneralisedGammaHoldsItsSpecialCases, ()) {
  const double t = between(0.05, 5), location = between(-1, 1), log_scale = between(-0.7, 0.7), scale = std::exp(log_scale);
  const auto at = [&](double q) { return NaturalParameters{location, log_scale, q, 0.0}; };
  const auto both = [&](Law law, double q) { return std::pair(log_survival(law, Cure::none, t, at(q)).value, log_density(law, Cure::none, t, at(q)).value); };
  const auto weibull = both(Law::weibull, 0), one = both(Law::generalised_gamma, 1);
  RC_ASSERT(std::abs(weibull.first - one.first) < 1e-9 * (1 + std::abs(weibull.first)));
  RC_ASSERT(std::abs(weibull.second - one.second) < 1e-9 * (1 + std::abs(weibull.second)));
  const auto normal = both(Law::log_normal, 0), zero = both(Law::generalised_gamma, 0), nearly = both(Law::generalised_gamma, 1e-7);
  RC_ASSERT(std::abs(normal.first - zero.first) < 1e-10 * (1 + std::abs(normal.first)));
  RC_ASSERT(std::abs(normal.second - nearly.second) < 1e-4 * (1 + std::abs(normal.second)));
  const boost::math::gamma_distribution<> gamma(1 / (scale * scale), std::exp(location) * scale * scale);
  const auto same = both(Law::generalised_gamma, scale);  // Q = scale
  RC_ASSERT(std::abs(std::exp(same.first) - cdf(complement(gamma, t))) < 1e-10);
  RC_ASSERT(std::abs(std::exp(same.second) - pdf(gamma, t)) < 1e-9);
}

}  // namespace
}  // namespace coley::statistics
