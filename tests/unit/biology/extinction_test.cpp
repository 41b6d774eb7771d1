// SPDX-License-Identifier: Apache-2.0
// Extinction of a lesion against the exact results for birth-death processes (Kendall 1948).
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "population/lesions.hpp"
#include "single_patients.hpp"

namespace coley::biology {
namespace {

using In = Inputs<double>;

/// A Gompertz law so far from its capacity that growth is `rate`, whatever the size.
/// Its threshold is never reached, but near enough for the integral to be integrated with care.
void grow_at(MadePatient& patient, double rate, double founders) {
  patient.place(1, std::log(founders), rate / 1e9, 1e9);
  patient.input(&In::extinct_at, 1) = 1e4;
}

/// Probability that all n0 founders have died out, from what the lane holds.
double extinct(const MadePatient& patient, double n0) {
  const double phi = std::exp(-patient.states[State::x + 1]) + patient.states[State::g + 1];
  return std::pow(1 - 1 / (n0 * phi), n0);
}

/// The same for constant rates of birth and death.
double extinct_by(double birth, double death, double t, double n0) {
  const double grown = std::exp((birth - death) * t);
  return std::pow(death * (grown - 1) / (birth * grown - death), n0);
}

RC_GTEST_PROP(Extinction, ConstantRates, ()) {
  const auto within = [](double low, double high) { return low + (high - low) * *rc::gen::inRange(0, 10001) / 10000.0; };
  Constants c = shipped_constants();
  c.d_0 = within(0.01, 0.2);
  const double growth = within(0.005, 0.1), kill = within(0, 0.2), n0 = *rc::gen::inRange(1, 8);
  RC_PRE(std::fabs(growth - kill) > 1e-4);
  MadePatient patient = healthy(within(1, 150));
  grow_at(patient, growth, n0);
  patient.input(&In::drug_kill) = kill;
  RC_PRE(std::log(n0) + (growth - kill) * patient.until > kGone + 0.5);
  const double expected = extinct_by(c.d_0 + growth, c.d_0 + kill, patient.until, n0);
  RC_ASSERT(std::fabs(extinct(run(patient, c, 1e-11), n0) - expected) < 1e-6);
}

TEST(Extinction, ReachesDeathOverBirthToTheNumberOfFounders) {
  Constants c = shipped_constants();
  c.d_0 = 0.06;
  for (const auto& [n0, expected] : {std::pair{1.0, 0.6}, std::pair{5.0, 0.07776}}) {
    MadePatient patient = healthy(600);
    grow_at(patient, 0.04, n0);
    EXPECT_NEAR(extinct(run(patient, c, 1e-11), n0), expected, 1e-7);
  }
}

TEST(Extinction, GompertzAgainstQuadrature) {
  const Constants& c = shipped_constants();
  const double gamma = 0.006, capacity = 24, until = 400;
  MadePatient patient = healthy(until);
  patient.place(1, 0, gamma, capacity);
  const auto integrand = [&](double t) {
    const double gap = capacity * std::exp(-gamma * t);
    return (c.d_0 + gamma * gap) * std::exp(gap - capacity);
  };
  double g = 0;  // Simpson
  const int pieces = 20000;
  const double h = until / pieces;
  for (int i = 0; i < pieces; ++i) g += h / 6 * (integrand(i * h) + 4 * integrand((i + 0.5) * h) + integrand((i + 1) * h));
  // the integral is held to a hundredth of the tolerance (TumourImmune::error)
  EXPECT_NEAR(run(patient, c, 1e-11).states[State::g + 1], g, 1e-7);
}

TEST(Extinction, HappensWhenItsProbabilityPassesTheDraw) {
  Constants c = shipped_constants();
  c.d_0 = 0.06;
  const double n0 = 3;
  const double limit = std::pow(0.6, n0);
  std::vector<MadePatient> patients;
  std::vector<double> expected;
  for (double day : {5.0, 20.0, 60.0}) {
    MadePatient patient = healthy(2000);
    grow_at(patient, 0.04, n0);
    patient.input(&In::extinct_at, 1) = extinction_threshold(n0, -std::log(extinct_by(0.1, 0.06, day, n0)));
    patients.push_back(patient);
    expected.push_back(day);
  }
  MadePatient survivor = healthy(2000);
  grow_at(survivor, 0.04, n0);
  survivor.input(&In::extinct_at, 1) = extinction_threshold(n0, -std::log(limit * 1.001));
  patients.push_back(survivor);
  run(patients, c, 1e-10);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(patients[i].ended_by, solver::Stop::root);
    EXPECT_GE(patients[i].ended_at, expected[i] - 1e-3);
    EXPECT_LE(patients[i].ended_at, expected[i] + 2e-3);
  }
  EXPECT_EQ(patients.back().ended_by, solver::Stop::time);
}

RC_GTEST_PROP(Extinction, ThresholdInvertsTheProbability, ()) {
  const double n0 = std::pow(10.0, *rc::gen::inRange(0, 900) / 100.0), xi = *rc::gen::inRange(1, 10000) / 1000.0;
  const double phi = extinction_threshold(n0, xi);
  RC_ASSERT(std::fabs(n0 * std::log1p(-1 / (n0 * phi)) + xi) < 1e-6 * (1 + xi));
}

TEST(Extinction, LesionsTooSmallToBeThereEndAtARoot) {
  MadePatient patient = healthy(2000);
  patient.place(1, 5, 1e-4, 24);
  patient.input(&In::drug_kill) = 0.1;
  const MadePatient end = run(patient, shipped_constants());
  EXPECT_EQ(end.ended_by, solver::Stop::root);
  EXPECT_LT(end.states[State::x + 1], kGone);
}

}  // namespace
}  // namespace coley::biology
