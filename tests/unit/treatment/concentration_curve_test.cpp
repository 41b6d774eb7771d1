// SPDX-License-Identifier: Apache-2.0
#include "treatment/concentration_curve.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "treatment/drug_action.hpp"

namespace coley::treatment {
namespace {

double within(double low, double high) { return low + (high - low) * *rc::gen::inRange(0, 10001) / 10000.0; }

/// Amounts of gut, drug and metabolite by small steps of Euler's midpoint rule.
double integrated(const OneCompartmentKinetics& k, double mg, double hours) {
  double gut = k.ka > 0 ? mg : 0, drug = k.ka > 0 ? 0 : mg, metabolite = 0;
  const int steps = 20000;
  const double h = hours / steps;
  const auto rates = [&](double g, double d, double m) {
    const double cl = k.clearance / k.volume * d;
    const double km = k.metabolite_volume > 0 ? k.metabolite_clearance / k.metabolite_volume * m : 0;
    return std::array<double, 3>{-k.ka * g, k.ka * g - cl, k.metabolite_fraction * cl - km};
  };
  for (int i = 0; i < steps; ++i) {
    const auto a = rates(gut, drug, metabolite);
    const auto b = rates(gut + h / 2 * a[0], drug + h / 2 * a[1], metabolite + h / 2 * a[2]);
    gut += h * b[0];
    drug += h * b[1];
    metabolite += h * b[2];
  }
  return drug / k.volume + (k.metabolite_volume > 0 ? metabolite / k.metabolite_volume : 0);
}

RC_GTEST_PROP(ConcentrationCurve, IsTheSolutionOfItsEquations, ()) {
  OneCompartmentKinetics k{.ka = *rc::gen::inRange(0, 3) == 0 ? 0 : within(0.1, 2), .clearance = within(1, 40), .volume = within(10, 500)};
  if (*rc::gen::arbitrary<bool>()) {
    k.metabolite_fraction = within(0.05, 1);
    k.metabolite_clearance = within(1, 40);
    k.metabolite_volume = within(10, 500);
  }
  const double hours = within(0.5, 48);
  const double expected = integrated(k, 100, hours);
  RC_ASSERT(std::fabs(curve(k, 100, 1).at(hours) - expected) < 2e-4 * (expected + 1e-3));
}

RC_GTEST_PROP(ConcentrationCurve, AreaIsDoseOverClearance, ()) {
  const OneCompartmentKinetics k{.ka = within(0.1, 2), .clearance = within(1, 40), .volume = within(10, 500)};
  const double clearance = within(0.3, 3);
  RC_ASSERT(std::fabs(curve(k, 100, clearance).area() * k.clearance * clearance / 100 - 1) < 1e-6);
}

RC_GTEST_PROP(ConcentrationCurve, RepetitionIsSuperposition, ()) {
  const InterleukinKinetics k{.fast = 3.2, .slow = 0.49, .slow_share = 0.03, .volume = 2.6, .ka = within(0.1, 1), .bioavailability = 0.3};
  const double hours = within(4, 48), t = within(0, 1) * hours;
  for (Route route : {Route::iv, Route::sc}) {
    const ConcentrationCurve dose = curve(k, 100, route, within(0.5, 2));
    double sum = 0;
    for (int i = 0; i < 400; ++i) sum += dose.at(t + i * hours);
    RC_ASSERT(std::fabs(dose.repeated(hours).at(t) - sum) < 1e-9 * (sum + 1e-12));
  }
}

RC_GTEST_PROP(ConcentrationCurve, MeanInSteadyStateIsAreaOverInterval, ()) {
  const OneCompartmentKinetics k{.ka = within(0.1, 2), .clearance = within(1, 40), .volume = within(10, 500)};
  const double hours = within(6, 48);
  const ConcentrationCurve dose = curve(k, 100, 1);
  const double mean = dose.repeated(hours).mean(hours, [](double c) { return c; });
  RC_ASSERT(std::fabs(mean * hours / dose.area() - 1) < 1e-5);
}

/// Occupancy of a bolus that falls by one exponential: ln(1 + c0/K) / k hours in all.
TEST(ConcentrationCurve, OccupancyHoursOfOneExponential) {
  ConcentrationCurve dose;
  dose.add(74, 3.2);
  const double hours = 20;
  const double occupied = hours * dose.mean(hours, [](double c) { return c / (c + 1); });
  EXPECT_NEAR(occupied, std::log(75.0) / 3.2, 2e-3 * occupied);
}

TEST(ConcentrationCurve, EqualRatesHaveTheirLimit) {
  const OneCompartmentKinetics equal{.ka = 0.2, .clearance = 20, .volume = 100};
  EXPECT_NEAR(curve(equal, 100, 1).at(5), 0.2 * 5 * std::exp(-1.0), 1e-3);
}

}  // namespace
}  // namespace coley::treatment
