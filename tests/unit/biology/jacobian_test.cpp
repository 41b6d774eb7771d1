// SPDX-License-Identifier: Apache-2.0
// The elimination of w - J by hand against the Jacobian by differences of the right-hand side.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cmath>

#include "single_patients.hpp"

namespace coley::biology {
namespace {

using In = Inputs<double>;
using Vector = std::array<double, State::count>;

double within(double low, double high) { return low + (high - low) * *rc::gen::inRange(0, 100001) / 100000.0; }

/// Any patient: one to six lesions, every drug or none.
MadePatient any_patient() {
  MadePatient p = healthy(1);
  for (int slot = 0; slot < kLesions; ++slot) {
    if (slot > 0 && within(0, 1) < 0.3) continue;
    p.place(slot, within(0, 27), within(2e-4, 4e-3), within(24, 29));
    p.state(State::E + slot) = std::pow(10, within(-4, 3));
    p.state(State::g + slot) = within(0, 2);
    p.input(&In::lytic, slot) = std::pow(10, within(-2, 1));
    p.input(&In::others, slot) = slot == 0 ? 0 : static_cast<int>(within(0, 4));
    p.input(&In::homing, slot) = within(0.002, 0.02);
    p.input(&In::weight, slot) = within(0.5, 8);
  }
  for (int k : {State::C, State::X, State::M}) p.state(k) = std::pow(10, within(-1, 2.5));
  for (int k : {State::A, State::D}) p.state(k) = std::pow(10, within(-2, 1));
  p.state(State::R) = within(0.3, 4);
  p.state(State::Q) = within(0, 0.9);
  p.state(State::recent) = within(-5, 8);
  if (within(0, 1) < 0.5) p.state(State::J) = within(0, 0.9);
  const bool drugs = within(0, 1) < 0.5;
  if (drugs || within(0, 1) < 0.5) p.state(State::W) = within(0.1, 2);  // 0 is an edge of sensitivity
  if (within(0, 1) < 0.5) p.input(&In::dying_at) = kNever;  // the hazard does not run
  p.input(&In::a) = within(0.5, 20);
  p.input(&In::pi) = within(0.3, 0.99);
  p.input(&In::mu) = std::pow(10, within(-12, -8));
  p.input(&In::lambda_W) = within(0, 0.01);
  if (!drugs) return p;
  for (auto member : {&In::u_E, &In::u_R, &In::u_F, &In::u_T}) p.input(member) = within(0, 1);
  p.input(&In::capacity_loss) = within(0, 2);
  p.input(&In::drug_kill) = within(0, 0.03);
  p.input(&In::growth) = within(0.5, 1);
  for (auto member : {&In::pd1_slow, &In::pd1_fast, &In::ctla4_slow}) p.input(member) = within(0, 40);
  for (auto member : {&In::pd1_alpha, &In::pd1_beta, &In::ctla4_beta}) p.input(member) = within(0.01, 1);
  return p;
}

RC_GTEST_PROP(Jacobian, SolveUndoesWMinusJ, ()) {
  const TumourImmune model(shipped_constants());
  const MadePatient patient = any_patient();
  const double w = 4 / std::pow(10, within(-1, 2)), t = 3;
  Vector r{}, k{}, dy{};
  for (double& x : r) x = within(-1, 1);
  const InUse use = model.in_use(patient.states.data(), patient.inputs.data());
  std::array<bool, TumourImmune::kStates> looked_at{};
  TumourImmune::each_state(use, [&](int i) { looked_at[static_cast<std::size_t>(i)] = true; });
  for (int slot = 0; slot < kLesions; ++slot) {
    const bool empty = patient.inputs[static_cast<std::size_t>(input_index(&In::alive, slot))] == 0;
    for (int k0 : {State::x, State::E, State::g}) if (empty) r[static_cast<std::size_t>(k0 + slot)] = 0;
  }
  for (std::size_t i = 0; i < r.size(); ++i) if (!looked_at[i]) r[i] = 0;
  k = r;
  Elimination<double> factors{};
  Vector dy_t{};
  model.linearise(patient.states.data(), patient.inputs.data(), use, t, w, dy.data(), dy_t.data(), factors);
  model.solve(factors, k.data());

  // J k by central differences in each state, summed: each column has its own scale
  Vector product{}, size{};
  for (std::size_t j = 0; j < k.size(); ++j) {
    if (k[j] == 0) continue;
    const double h = 1e-5 * (std::fabs(patient.states[j]) + 1e-2);
    Vector up = patient.states, down = patient.states, f_up{}, f_down{};
    up[j] += h;
    down[j] -= h;
    model.derivative(up.data(), patient.inputs.data(), use, t, f_up.data());
    model.derivative(down.data(), patient.inputs.data(), use, t, f_down.data());
    for (std::size_t i = 0; i < product.size(); ++i) {
      const double term = (f_up[i] - f_down[i]) / (2 * h) * k[j];
      product[i] += term;
      size[i] += std::fabs(term);
    }
  }
  for (std::size_t i = 0; i < k.size(); ++i) {
    if (!looked_at[i]) continue;
    const double left = w * k[i] - product[i];
    RC_LOG() << "state " << i << ": " << left << " for " << r[i];
    RC_ASSERT(std::fabs(left - r[i]) < 1e-5 * (std::fabs(w * k[i]) + size[i] + 1e-3));
  }
}

RC_GTEST_PROP(Jacobian, DerivativeByTimeIsThatByDifferences, ()) {
  const TumourImmune model(shipped_constants());
  MadePatient patient = any_patient();
  for (auto member : {&In::pd1_slow, &In::pd1_fast, &In::ctla4_slow, &In::ctla4_fast}) patient.input(member) = within(1, 40);
  for (auto member : {&In::pd1_alpha, &In::pd1_beta, &In::ctla4_alpha, &In::ctla4_beta}) patient.input(member) = within(0.01, 1);
  patient.input(&In::epoch) = -within(0, 5);
  const InUse use = model.in_use(patient.states.data(), patient.inputs.data());
  Vector dy{}, dy_t{}, later{}, earlier{};
  Elimination<double> factors{};
  model.linearise(patient.states.data(), patient.inputs.data(), use, 3.0, 1.0, dy.data(), dy_t.data(), factors);
  constexpr double kShift = 1e-4;
  model.derivative(patient.states.data(), patient.inputs.data(), use, 3 + kShift, later.data());
  model.derivative(patient.states.data(), patient.inputs.data(), use, 3 - kShift, earlier.data());
  for (std::size_t i = 0; i < dy.size(); ++i) {
    const double expected = (later[i] - earlier[i]) / (2 * kShift);
    RC_LOG() << "state " << i << ": " << dy_t[i] << " for " << expected;
    RC_ASSERT(std::fabs(dy_t[i] - expected) < 1e-5 * std::fabs(expected) + 1e-9 * (std::fabs(dy[i]) + 1e-3));
  }
}

}  // namespace
}  // namespace coley::biology
