// SPDX-License-Identifier: Apache-2.0
// Limits in which the equations have a solution that can be written down.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "single_patients.hpp"

namespace coley::biology {
namespace {

using In = Inputs<double>;

double within(double low, double high) { return low + (high - low) * *rc::gen::inRange(0, 10001) / 10000.0; }

/// Gompertz growth towards `capacity` in log cells.
double gompertz(double x, double gamma, double capacity, double t) { return capacity - (capacity - x) * std::exp(-gamma * t); }

RC_GTEST_PROP(Gompertz, FreeGrowthAndConstantKill, ()) {
  MadePatient patient = healthy(within(1, 4000));
  const double x = within(0, 25), gamma = within(2e-4, 0.02), capacity = within(22, 30);
  const double kill = within(0, 0.02), lost = within(0, 2), slowed = within(0.3, 1);
  patient.place(0, x, gamma, capacity);
  patient.place(3, x, gamma, capacity);
  patient.input(&In::drug_kill) = kill;
  patient.input(&In::capacity_loss) = lost;
  patient.input(&In::growth) = slowed;
  const double expected = gompertz(x, gamma * slowed, capacity - lost - kill / (gamma * slowed), patient.until);
  RC_PRE(expected > kGone + 1);
  const MadePatient end = run(patient, shipped_constants());
  RC_ASSERT(end.ended_by == solver::Stop::time);
  RC_ASSERT(std::fabs(end.states[State::x] - expected) < 1e-6);
  RC_ASSERT(end.states[State::x] == end.states[State::x + 3]);
}

TEST(Frailty, CumulativeKillIsLogarithmic) {
  // a kill that nothing slows but editing: T cells in excess, no exhaustion, all burden under selection
  Constants c = shipped_constants();
  c.k_out = c.delta_E = c.k_x = c.p_E = 0;
  c.k_Q = c.k_R = c.k_D = 0;
  c.K_rho = 1e-12;
  c.B_D = 1e-30;
  const double k = 0.05, a = 3.7, sup = c.K_R / (c.K_R + 1);
  std::vector<MadePatient> patients;
  for (double t : {1.0, 10.0, 100.0, 400.0}) {
    MadePatient patient = healthy(t);
    patient.place(0, std::log(1e9), 0, 25);
    patient.input(&In::a) = a;
    patient.input(&In::lytic) = k / sup;
    patient.state(State::E) = 1e6;
    patients.push_back(patient);
  }
  run(patients, c);
  for (MadePatient& end : patients) {
    EXPECT_NEAR(std::log(1e9) - end.state(State::x), a * std::log1p(k * end.until / a), 1e-6) << end.until;
    EXPECT_NEAR(end.state(State::D), k * end.until, 1e-6 * k * end.until + 1e-9);
  }
}

/// T cells that divide where a lesion of fixed size is, and do nothing else: dE/dt = r E N / (E + N), with N = K_rho targets.
TEST(Division, NeedsTargetsThatAreNotEngaged) {
  Constants c = shipped_constants();
  c.k_out = c.delta_E = c.k_x = 0;
  c.p_E = 0.5;
  const double cells = 1e7, targets = 1e-6 * c.K_rho * cells, rate = c.p_E * cells / (cells + c.N_x), start = 0.01;
  std::vector<MadePatient> patients;
  for (double t : {10.0, 200.0, 4000.0}) {
    MadePatient patient = healthy(t);
    patient.place(0, std::log(cells), 0, 25);
    patient.state(State::E) = start;
    patients.push_back(patient);
  }
  run(patients, c);
  for (MadePatient& end : patients) {
    const double E = end.state(State::E), grown = E - start + targets * std::log(E / start);
    EXPECT_NEAR(grown / (rate * targets * end.until), 1, 1e-5) << end.until;
  }
}

/// Effectors that do nothing but become memory: what is left of the places falls as exp(-formed / M_max), formed = C(0) - C.
TEST(Memory, FormsUntilItsPlacesAreTaken) {
  Constants c = shipped_constants();
  c.delta_C = c.delta_M = 0;
  std::vector<MadePatient> patients;
  for (double t : {5.0, 100.0, 3000.0}) {
    MadePatient patient = healthy(t);
    patient.state(State::A) = 0;
    patient.state(State::C) = 3 * c.M_max;
    patients.push_back(patient);
  }
  run(patients, c);
  for (MadePatient& end : patients) {
    const double formed = 3 * c.M_max * -std::expm1(-c.mu_M * end.until);
    EXPECT_NEAR(end.state(State::M) / (c.M_max * -std::expm1(-formed / c.M_max)), 1, 1e-6) << end.until;
  }
}

/// Lesions that memory enters from all sides, at rates beyond any patient's: T cells multiply from memory to lesions to memory.
TEST(Memory, IsBoundedWhereItFeedsItself) {
  Constants c = shipped_constants();
  c.mu_M = 0.05;
  c.k_out = 0.5;
  MadePatient patient = healthy(8000);
  for (int slot = 0; slot < 4; ++slot) {
    patient.place(slot, 24, 0, 24);
    patient.input(&In::homing, slot) = 0.5;
    patient.input(&In::lytic, slot) = 0;
  }
  patient.state(State::M) = 1;
  const MadePatient end = run(patient, c);
  EXPECT_GT(end.states[State::M], 0.1 * c.M_max);
  EXPECT_LT(end.states[State::M], c.M_max * (1 + 1e-6));
  EXPECT_LT(end.states[State::C], 1e3 * c.M_max);
}

TEST(Pools, RelaxExponentiallyWithoutTumour) {
  const Constants& c = shipped_constants();
  MadePatient patient = healthy(73);
  patient.state(State::J) = 0.8;
  patient.state(State::Q) = 0.6;
  patient.state(State::M) = 40;
  patient.state(State::R) = 3;
  patient.state(State::A) = 0;
  patient.state(State::W) = 1.5;
  patient.state(State::D) = 2;
  patient.state(State::X) = 7;
  const MadePatient end = run(patient, c);
  const double t = patient.until;
  EXPECT_NEAR(end.states[State::J], 0.8 * std::exp(-c.k_J * t), 1e-7);
  EXPECT_NEAR(end.states[State::Q], 0.6 * std::exp(-c.k_Q * t), 1e-7);
  EXPECT_NEAR(end.states[State::M], 40 * std::exp(-c.delta_M * t), 1e-6);
  EXPECT_NEAR(end.states[State::R], 1 + 2 * std::exp(-c.k_R * t), 1e-7);
  EXPECT_NEAR(end.states[State::W], 1.5 * std::exp(-c.k_W * t), 1e-7);
  EXPECT_NEAR(end.states[State::D], 2 * std::exp(-c.k_D * t), 1e-7);
  EXPECT_NEAR(end.states[State::X], 7 * std::exp(-c.delta_X * t), 1e-6);
  EXPECT_EQ(end.states[State::C], 0);
  EXPECT_EQ(end.states[State::seeding], 0);
  EXPECT_NEAR(end.states[State::dying], 0, 1e-15);  // no burden is 1e-6 cm3 in the logarithm
}

TEST(Pools, FollowAConstantBurden) {
  const Constants& c = shipped_constants();
  MadePatient patient = healthy(150);
  const double B = 50;
  patient.place(0, std::log(B * 1e9), 0, 30);
  patient.input(&In::mu) = 1e-9;
  patient.input(&In::weight) = 0.4;
  patient.state(State::recent) = std::log(0.4 * B);
  const MadePatient end = run(patient, c);
  const double t = patient.until;
  const auto relaxed = [t](double from, double to, double rate) { return to + (from - to) * std::exp(-rate * t); };
  EXPECT_NEAR(end.states[State::Q], relaxed(0, B / (B + c.B_Q), c.k_Q), 1e-7);
  EXPECT_NEAR(end.states[State::R], relaxed(1, 1 + c.b_R * B / (B + c.B_R), c.k_R), 1e-7);
  const double antigen = c.delta_a * B / c.k_A;
  EXPECT_NEAR(end.states[State::A], relaxed(0, antigen, c.k_A), 1e-6 * antigen);
  EXPECT_NEAR(end.states[State::seeding], 1e-9 * std::pow(B * 1e9, 2.0 / 3.0) * t, 1e-7);
  const double lethal = std::pow(0.4 * B / c.B_L, c.n_L);
  EXPECT_NEAR(end.states[State::dying], c.h_D * lethal / (1 + lethal) * t, 1e-9);
}

/// A lesion that grows at a constant rate G: the average of its logarithm follows it, and the burden that kills is that of tau_L days
/// ahead once the average has settled at G lag_L below.
TEST(Dying, FollowsWhereTheBurdenIsHeading) {
  const Constants& c = shipped_constants();
  constexpr double G = 0.004, far = 1e6, x0 = 23;
  MadePatient patient = healthy(400);
  patient.place(0, x0, G / far, far + x0);  // gamma (K - x), next to constant
  patient.input(&In::weight) = 1;
  const double ln_B0 = x0 - std::log(1e9);
  patient.state(State::recent) = ln_B0;
  const MadePatient end = run(patient, c);
  const auto below = [&](double t) { return G * c.lag_L * (1 - std::exp(-t / c.lag_L)); };
  EXPECT_NEAR(end.states[State::recent], ln_B0 + G * 400 - below(400), 1e-4);
  double hazard = 0;  // by Simpson's rule
  constexpr int parts = 4000;
  for (int i = 0; i <= parts; ++i) {
    const double t = 400.0 * i / parts, z = std::pow(std::exp(ln_B0 + G * t + c.tau_L / c.lag_L * below(t)) / c.B_L, c.n_L);
    hazard += (i == 0 || i == parts ? 1 : i % 2 ? 4 : 2) * c.h_D * z / (1 + z) * 400 / parts / 3;
  }
  EXPECT_GT(hazard, 0.05);
  EXPECT_NEAR(end.states[State::dying], hazard, 1e-4 * hazard);
}

TEST(Events, AreServedWithinTheRootTolerance) {
  const Constants& c = shipped_constants();
  const double B = 50, rate = 1e-9 * std::pow(B * 1e9, 2.0 / 3.0), lethal = std::pow(0.4 * B / c.B_L, c.n_L);
  const double hazard = c.h_D * lethal / (1 + lethal);
  MadePatient patient = healthy(1000);
  patient.place(0, std::log(B * 1e9), 0, 30);
  patient.input(&In::mu) = 1e-9;
  patient.input(&In::weight) = 0.4;
  patient.state(State::recent) = std::log(0.4 * B);
  MadePatient seeds = patient, dies = patient, grows = patient;
  seeds.input(&In::seeding_at) = 123.4 * rate;
  dies.input(&In::dying_at) = 77.7 * hazard;
  grows.place(0, std::log(1e8), 0.005, 26);
  grows.input(&In::found_at) = std::exp(gompertz(std::log(1e8), 0.005, 26, 210.3)) * 1e-9;
  std::vector<MadePatient> patients{seeds, dies, grows};
  run(patients, c);
  const double expected[] = {123.4, 77.7, 210.3};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(patients[i].ended_by, solver::Stop::root);
    EXPECT_GE(patients[i].ended_at, expected[i] - 1e-5) << i;
    EXPECT_LE(patients[i].ended_at, expected[i] + 1.1e-3) << i;
  }
}

TEST(Resistance, GrowsOnDrugAndHoldsThere) {
  MadePatient patient = healthy(90);
  patient.input(&In::u_T) = 1;
  patient.input(&In::lambda_W) = 0.004;
  EXPECT_NEAR(run(patient, shipped_constants()).states[State::W], 0.36, 1e-9);
}

TEST(Occupancy, IntegratesToTheHazardOfToxicity) {
  MadePatient patient = healthy(42);
  patient.input(&In::epoch) = -5;
  patient.input(&In::pd1_fast) = 30;
  patient.input(&In::pd1_slow) = 20;
  patient.input(&In::pd1_alpha) = 0.5;
  patient.input(&In::pd1_beta) = 0.03;
  patient.input(&In::pd1_ec50) = 4;
  patient.input(&In::pd1_limit) = 0.8;
  patient.input(&In::pd1_toxicity) = 0.01;
  patient.input(&In::other_toxicity) = 0.002;
  const auto occupancy = [](double t) {
    const double c = 30 * std::exp(-0.5 * (t + 5)) + 20 * std::exp(-0.03 * (t + 5));
    return 0.8 * c / (c + 4);
  };
  double integral = 0;  // Simpson
  const int pieces = 4000;
  const double h = 42.0 / pieces;
  for (int i = 0; i < pieces; ++i) integral += h / 6 * (occupancy(i * h) + 4 * occupancy((i + 0.5) * h) + occupancy((i + 1) * h));
  EXPECT_NEAR(run(patient, shipped_constants()).states[State::toxicity], 0.01 * integral + 0.002 * 42, 1e-8);
}

}  // namespace
}  // namespace coley::biology
