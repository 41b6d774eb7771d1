// SPDX-License-Identifier: Apache-2.0
#pragma once
// The Jacobian of the patient model, eliminated by hand: a lesion is a block of two that meets the rest through the
// function of effectors and their number only; what is left are three equations. Held against differences of the
// right-hand side in tests/unit/biology. Included at the end of tumour_immune.hpp, whose definitions it needs.

#include "biology/tumour_immune.hpp"

namespace coley::biology {

template <class Real>
COLEY_INLINE void TumourImmune::factorise(const Terms<Real>& e, const Real* y, const Real* inputs, const InUse& use, Real w, Elimination<Real>& f) const {
  using S = State;
  const auto& in = *reinterpret_cast<const Inputs<Real>*>(inputs);
  const Real one(1.0), zero(0.0);
  const Real C = y[S::C], R = y[S::R], A = y[S::A], Q = y[S::Q], D = y[S::D];
  const Real T = C + Real(c_.chi) * y[S::M];
  f.use = use;
  f.per_w = one / w;

  const Real per_BD = one / (e.B + Real(c_.B_D)), selected = e.killed * per_BD;
  Real per_burden(0.0);
  if (use.mortal) {
    per_burden = one / (e.B_eff + Real(kNoBurden));
    f.averaging = e.averaging;
    f.per_recent = one / (w + e.averaging);
    const Real steep = Real(c_.h_D * c_.n_L) * e.dying * (one - e.dying);
    f.dying_burden = Real(1 + c_.tau_L / c_.lag_L) * steep;
    f.dying_recent = Real(-c_.tau_L / c_.lag_L) * steep;
  }
  const Real in_lesion = Real(c_.k_x) * (one - Real(c_.eta_x) * e.w1);
  Real C_F(0.0), C_T(0.0), killed_V(0.0), drugged_V(0.0);
  f.B_F = f.B_T = f.D_F = f.D_T = f.A_F = f.A_T = f.X_F = f.X_T = zero;
  for (int i = 0; i < use.slots; ++i) {
    const Real m = one + in.others[i];
    const Real E = y[S::E + i], V = e.V[i], far = e.far[i], kill = e.kill[i], crowded = e.crowded[i];
    const Real attack_E = in.lytic[i] * in.alive[i] * e.func * far * e.per_target[i], kill_E = attack_E * e.frailty;
    const Real entry_x = e.entry[i] * (Real(5.0 / 3.0) - e.visible[i]);  // area gives 2/3, visibility 1 - visible
    const Real crowded_x = crowded * (one - crowded);
    const Real loss = Real(c_.k_out + c_.delta_E) + e.exhaustion[i] - e.division[i] * far - Real(c_.r_EI) * in.u_E;
    const Real slope = in.gamma[i] * e.slowed;
    // the block: x against x and E, E against x and E
    const Real xx = w + in.alive[i] * slope - kill * far, xE = kill_E, EE = w + loss;
    const Real Ex = in_lesion * crowded_x * E - e.division[i] * E * (one - crowded + one - far) - entry_x * T;
    const Real per_det = one / (xx * EE - xE * Ex);
    f.b11[i] = EE * per_det;
    f.b12[i] = -xE * per_det;
    f.b21[i] = -Ex * per_det;
    f.b22[i] = xx * per_det;
    f.x_F[i] = -kill * f.b11[i];
    f.E_F[i] = -kill * f.b21[i];
    f.x_T[i] = e.entry[i] * f.b12[i];
    f.E_T[i] = e.entry[i] * f.b22[i];
    if (use.drugged) f.x_W[i] = in.alive[i] * (slope * e.capacity_loss + e.drug_kill);
    const Real birth = Real(c_.d_0) + solver::larger(e.growth[i], zero);
    const Real birth_x = solver::select(solver::less(zero, e.growth[i]), -slope, zero);
    f.g_x[i] = in.alive[i] * (birth_x - birth) * e.per_cell[i];
    if (use.drugged) f.g_W[i] = -in.alive[i] * birth_x * e.capacity_loss * e.per_cell[i];
    f.seeding_x[i] = in.mu * Real(2.0 / 3.0) * m * e.area[i];
    if (use.mortal) f.burden_x[i] = per_burden * in.weight[i] * V;
    f.V[i] = V;
    f.X_x[i] = m * in_lesion * crowded_x * E;
    f.X_E[i] = m * e.exhaustion[i];
    f.A_x[i] = V * (Real(c_.delta_a) + kill * (one - far) + e.drug_kill);
    f.A_E[i] = V * kill_E;
    f.C_x[i] = -m * entry_x * C;
    f.C_E[i] = m * Real(c_.k_out);
    f.D_x[i] = V * (e.attack[i] * (one - far) - selected) * per_BD;
    f.D_E[i] = V * attack_E * per_BD;
    f.B_F += V * f.x_F[i];
    f.B_T += V * f.x_T[i];
    f.X_F += f.X_x[i] * f.x_F[i] + f.X_E[i] * f.E_F[i];
    f.X_T += f.X_x[i] * f.x_T[i] + f.X_E[i] * f.E_T[i];
    f.A_F += f.A_x[i] * f.x_F[i] + f.A_E[i] * f.E_F[i];
    f.A_T += f.A_x[i] * f.x_T[i] + f.A_E[i] * f.E_T[i];
    C_F += f.C_E[i] * f.E_F[i] + f.C_x[i] * f.x_F[i];
    C_T += f.C_E[i] * f.E_T[i] + f.C_x[i] * f.x_T[i];
    f.D_F += f.D_x[i] * f.x_F[i] + f.D_E[i] * f.E_F[i];
    f.D_T += f.D_x[i] * f.x_T[i] + f.D_E[i] * f.E_T[i];
    killed_V += kill * V;
    drugged_V += e.drug_kill * V;
  }

  const Real BR = e.B + Real(c_.B_R), BQ = e.B + Real(c_.B_Q);
  f.R_B = Real(c_.k_R * c_.b_R * c_.B_R) / (BR * BR);
  f.Q_B = Real(c_.k_Q * c_.B_Q) / (BQ * BQ);
  f.per_R = one / (w + Real(c_.k_R) + Real(c_.c_4) * e.w4 + Real(c_.c_T) * in.u_T -
                   e.treg_growth * Real(c_.R_max) / (Real(c_.R_max) + R));
  f.per_Q = one / (w + Real(c_.k_Q));
  if (use.stressed) {
    f.per_J = one / (w + Real(c_.k_J));
    f.sup_J = -Real(c_.s_J) / (one - Real(c_.s_J) * y[S::J]);
  }
  if (use.drugged) f.per_W = one / (w + Real(c_.k_W) * (one - in.u_T));
  f.per_M = one / (w + Real(c_.delta_M) + Real(c_.mu_M / c_.M_max) * C);
  f.per_A = one / (w + Real(c_.k_A));
  f.per_X = one / (w + Real(c_.delta_X) + Real(c_.k_rev) * e.w1);
  f.sup_R = -one / (Real(c_.K_R) + R);
  f.sup_Q = -one / (Real(c_.K_Q) + Q);
  f.frail_D = one / (in.a + D);
  f.M_C = e.forming;
  f.C_M = Real(c_.r_M) * e.sup * A / (A + Real(c_.A_M)) * e.boost;
  const Real A50 = A + Real(c_.A_50), AM = A + Real(c_.A_M), AI = A + Real(c_.A_I);
  f.C_A = Real(c_.s_n * c_.A_50) * e.sup * e.boost * (one + Real(c_.e_CT) * e.w4) * (one + Real(c_.p_F) * in.u_F) / (A50 * A50) +
          Real(c_.r_M * c_.A_M) * y[S::M] * e.sup * e.boost / (AM * AM) +
          Real(c_.r_CI * c_.A_I * c_.C_max) * in.u_E * C / (AI * AI * (Real(c_.C_max) + C));
  f.C_X = Real(c_.k_rev) * e.w1;
  f.C_sup = e.priming + e.recall;
  f.A_W = drugged_V;
  f.D_sup = selected;
  f.A_F += killed_V;

  f.S_B = f.sup_R * f.R_B * f.per_R + f.sup_Q * f.Q_B * f.per_Q;
  f.T_C = one + Real(c_.chi) * f.M_C * f.per_M;
  f.P_F = C_F + f.C_A * f.per_A * f.A_F + f.C_X * f.per_X * f.X_F;
  f.P_T = C_T + f.C_A * f.per_A * f.A_T + f.C_X * f.per_X * f.X_T;
  // C against the rest: expansion falls with C
  const Real own = w + Real(c_.delta_C + c_.mu_M) + e.entering - e.expansion * Real(c_.C_max) / (Real(c_.C_max) + C);
  const Real a00 = own - f.C_M * f.per_M * f.M_C - f.P_T * f.T_C, a01 = -(f.C_sup + f.P_F) * f.S_B, a02 = f.P_F * f.frail_D;
  const Real a10 = -f.B_T * f.T_C, a11 = one - f.B_F * f.S_B, a12 = f.B_F * f.frail_D;
  const Real a20 = -f.D_T * f.T_C, a21 = -(f.D_F + f.D_sup) * f.S_B, a22 = w + Real(c_.k_D) + f.D_F * f.frail_D;
  const Real m00 = a11 * a22 - a12 * a21, m10 = a12 * a20 - a10 * a22, m20 = a10 * a21 - a11 * a20;
  const Real per_det = one / (a00 * m00 + a01 * m10 + a02 * m20);
  f.m[0][0] = m00 * per_det;
  f.m[1][0] = m10 * per_det;
  f.m[2][0] = m20 * per_det;
  f.m[0][1] = (a02 * a21 - a01 * a22) * per_det;
  f.m[1][1] = (a00 * a22 - a02 * a20) * per_det;
  f.m[2][1] = (a01 * a20 - a00 * a21) * per_det;
  f.m[0][2] = (a01 * a12 - a02 * a11) * per_det;
  f.m[1][2] = (a02 * a10 - a00 * a12) * per_det;
  f.m[2][2] = (a00 * a11 - a01 * a10) * per_det;
}

template <class Real>
COLEY_INLINE void TumourImmune::solve(const Elimination<Real>& f, Real* r) const {
  using S = State;
  const bool drugged = f.use.drugged;
  if (f.use.stressed) r[S::J] = r[S::J] * f.per_J;
  if (drugged) r[S::W] = r[S::W] * f.per_W;
  // what the lesions answer to their own right-hand sides, F and T held
  Real B(0.0), X(0.0), A(0.0), rest(0.0), D(0.0);
  for (int i = 0; i < f.use.slots; ++i) {
    const Real rx = drugged ? r[S::x + i] + f.x_W[i] * r[S::W] : r[S::x + i], rE = r[S::E + i];
    const Real x = f.b11[i] * rx + f.b12[i] * rE, E = f.b21[i] * rx + f.b22[i] * rE;
    r[S::x + i] = x;
    r[S::E + i] = E;
    B += f.V[i] * x;
    X += f.X_x[i] * x + f.X_E[i] * E;
    A += f.A_x[i] * x + f.A_E[i] * E;
    rest += f.C_E[i] * E + f.C_x[i] * x;
    D += f.D_x[i] * x + f.D_E[i] * E;
  }
  Real S0 = f.sup_R * r[S::R] * f.per_R + f.sup_Q * r[S::Q] * f.per_Q;
  if (f.use.stressed) S0 += f.sup_J * r[S::J];
  const Real M0 = r[S::M] * f.per_M, T0 = Real(c_.chi) * M0;
  A += r[S::A];
  if (drugged) A = A - f.A_W * r[S::W];
  X += r[S::X];
  const Real b0 = r[S::C] + f.C_M * M0 + rest + f.C_A * f.per_A * A + f.C_X * f.per_X * X + (f.C_sup + f.P_F) * S0 + f.P_T * T0;
  const Real b1 = B + f.B_F * S0 + f.B_T * T0;
  const Real b2 = r[S::D] + D + (f.D_F + f.D_sup) * S0 + f.D_T * T0;
  const Real kC = f.m[0][0] * b0 + f.m[0][1] * b1 + f.m[0][2] * b2;
  const Real kB = f.m[1][0] * b0 + f.m[1][1] * b1 + f.m[1][2] * b2;
  const Real kD = f.m[2][0] * b0 + f.m[2][1] * b1 + f.m[2][2] * b2;
  const Real F = S0 + f.S_B * kB - f.frail_D * kD, T = T0 + f.T_C * kC;
  r[S::C] = kC;
  r[S::D] = kD;
  r[S::M] = M0 + f.per_M * f.M_C * kC;
  r[S::R] = (r[S::R] + f.R_B * kB) * f.per_R;
  r[S::Q] = (r[S::Q] + f.Q_B * kB) * f.per_Q;
  r[S::A] = (A + f.A_F * F + f.A_T * T) * f.per_A;
  r[S::X] = (X + f.X_F * F + f.X_T * T) * f.per_X;
  Real seeding = r[S::seeding], burden(0.0);
  for (int i = 0; i < f.use.slots; ++i) {
    r[S::x + i] += f.x_F[i] * F + f.x_T[i] * T;
    r[S::E + i] += f.E_F[i] * F + f.E_T[i] * T;
    Real g = r[S::g + i] + f.g_x[i] * r[S::x + i];
    if (drugged) g += f.g_W[i] * r[S::W];
    r[S::g + i] = g * f.per_w;
    seeding += f.seeding_x[i] * r[S::x + i];
    if (f.use.mortal) burden += f.burden_x[i] * r[S::x + i];
  }
  r[S::seeding] = seeding * f.per_w;
  if (f.use.mortal) {
    r[S::recent] = (r[S::recent] + f.averaging * burden) * f.per_recent;
    r[S::dying] = (r[S::dying] + f.dying_burden * burden + f.dying_recent * r[S::recent]) * f.per_w;
  }
  if (f.use.harmed) r[S::toxicity] = r[S::toxicity] * f.per_w;
}

}  // namespace coley::biology
