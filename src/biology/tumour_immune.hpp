// SPDX-License-Identifier: Apache-2.0
#pragma once
// The patient model: lesions, immune pools and drugs as ordinary differential equations, written once over the number type.
// Numbers in brackets are those of docs/model.md, where each equation stands with its sources. Every term is +, -, *, / or
// exp of a bounded argument. V^(2/3) and the dissemination law N^(2/3) share one exponential, u = e^(x/3).

#include "biology/states.hpp"
#include "solver/elementary.hpp"

namespace coley::biology {

/// Constants shared by all patients; symbols, units and sources are those of evidence/parameters.toml.
struct Constants {
  double d_0, kappa;                       // cell loss; weight of metastases in being found
  double K_rho, N_r, K_R, K_Q, s_J, k_J;   // killing and its suppression
  double k_out, delta_E, p_E, k_x, N_x, eta_x, k_rev, delta_X;
  double s_n, A_50, r_M, A_M, delta_C, mu_M, delta_M, chi, e_P;
  double k_A, delta_a, k_Q, B_Q, k_R, b_R, B_R;
  double r_CI, C_max, A_I, r_EI, e_I, r_RI, R_max;  // interleukin-2
  double e_F, p_F, g_F;                             // interferon
  double k_W, c_T;                                  // targeted drugs
  double e_CT, c_4;                                 // anti-CTLA-4
  double k_D, B_D;                                  // immune editing
  double h_D, B_L;                                  // death from disease
};

class TumourImmune {
 public:
  static constexpr int kStates = State::count;
  static constexpr int kInputs = biology::kInputs;
  static constexpr int kRoots = 4;  ///< founder lodged, death from disease, disease found, lesion extinct

  explicit TumourImmune(const Constants& constants) : c_(constants) {}
  const Constants& constants() const { return c_; }

  template <class Real>
  COLEY_INLINE void derivative(const Real* y, const Real* inputs, Real t, Real* dy) const;

  template <class Real>
  COLEY_INLINE Real error(const Real* e, const Real* y, const Real* z, const Real* inputs) const;

  template <class Real>
  COLEY_INLINE void roots(const Real* y, const Real* inputs, Real* g) const;

  template <class Real>
  COLEY_INLINE solver::Mask<Real> notice(const Real* y, const Real* inputs) const;

 private:
  Constants c_;
};

/// Log cells below which a lesion is gone whatever its integral says (P_ext > 0.999).
inline constexpr double kGone = -7.0;

template <class Real>
COLEY_INLINE void TumourImmune::derivative(const Real* y, const Real* inputs, Real t, Real* dy) const {
  using solver::exp;
  using S = State;
  const auto& in = *reinterpret_cast<const Inputs<Real>*>(inputs);
  const Real one(1.0), tiny(1e-30);

  Real u[kLesions], N[kLesions], V[kLesions];
  Real B(0.0), B_eff(0.0), spread(0.0);
  for (int i = 0; i < kLesions; ++i) {
    u[i] = exp(y[S::x + i] * Real(1.0 / 3.0));
    const Real squared = u[i] * u[i] * in.alive[i];
    N[i] = squared * u[i];
    V[i] = N[i] * Real(1e-9);
    B += V[i];
    B_eff += in.weight[i] * V[i];
    spread += squared;
  }

  // antibody exposure
  // no lane on the drug: what would be computed is exactly 0
  const Real since = t - in.epoch;
  Real w1(0.0), w4(0.0);
  if (solver::any(solver::less(Real(0.0), in.pd1_slow))) {
    const Real c1 = in.pd1_fast * exp(-in.pd1_alpha * since) + in.pd1_slow * exp(-in.pd1_beta * since);
    w1 = in.pd1_limit * c1 / (c1 + in.pd1_ec50);
  }
  if (solver::any(solver::less(Real(0.0), in.ctla4_slow))) {
    const Real c4 = in.ctla4_fast * exp(-in.ctla4_alpha * since) + in.ctla4_slow * exp(-in.ctla4_beta * since);
    w4 = c4 / (c4 + in.ctla4_ec50);
  }

  const Real C = y[S::C], X = y[S::X], M = y[S::M], R = y[S::R], A = y[S::A], Q = y[S::Q], J = y[S::J], W = y[S::W], D = y[S::D];
  const Real T = C + Real(c_.chi) * M;
  Real sensitive(1.0);  // s_T
  if (solver::any(solver::less(Real(0.0), W))) sensitive = exp(-W);
  const Real sup = (one - Real(c_.s_J) * J) * Real(c_.K_R * c_.K_Q) / ((Real(c_.K_R) + R) * (Real(c_.K_Q) + Q));
  const Real pd = one - in.pi * (one - w1);
  const Real func = sup * pd * (one + Real(c_.e_F) * in.u_F) * (one + Real(c_.e_I) * in.u_E);
  const Real frailty = in.a / (in.a + D);
  const Real slowed = in.growth * (one - Real(c_.g_F) * in.u_F);
  const Real capacity_loss = in.capacity_loss * sensitive;
  const Real drug_kill = in.drug_kill * sensitive;

  Real entering(0.0), leaving(0.0), exhausting(0.0), dying_cells(0.0), killed(0.0);
  for (int i = 0; i < kLesions; ++i) {
    const Real E = y[S::E + i];
    const Real E_cells = Real(1e6) * E;
    const Real attack = in.lytic[i] * func * E_cells / (E_cells + Real(c_.K_rho) * N[i] + tiny) * in.alive[i];
    const Real kill = attack * frailty;
    const Real growth = in.gamma[i] * slowed * (in.capacity[i] - capacity_loss - y[S::x + i]);
    dy[S::x + i] = in.alive[i] * (growth - kill - drug_kill);  // (1)
    const Real birth = Real(c_.d_0) + solver::larger(growth, Real(0.0));
    dy[S::g + i] = in.alive[i] * birth / (u[i] * u[i] * u[i]);  // (2)
    const Real visible = N[i] / (N[i] + Real(c_.N_r));
    const Real entry = in.homing[i] * Real(1e-6) * u[i] * u[i] * in.alive[i] * visible;  // q_i
    const Real crowded = N[i] / (N[i] + Real(c_.N_x));                                    // f_i
    const Real exhaustion = Real(c_.k_x) * crowded * (one - Real(c_.eta_x) * w1);
    dy[S::E + i] = entry * T - (Real(c_.k_out + c_.delta_E) + exhaustion - Real(c_.p_E) * pd * crowded -
                                Real(c_.r_EI) * in.u_E) * E;  // (3)
    entering += entry;
    leaving += E;
    exhausting += exhaustion * E;
    dying_cells += (Real(c_.delta_a) + kill + drug_kill) * V[i];
    killed += attack * V[i];
  }

  const Real boost = one + Real(c_.e_P) * w1;
  const Real priming = Real(c_.s_n) * sup * A / (A + Real(c_.A_50)) * (one + Real(c_.e_CT) * w4) * (one + Real(c_.p_F) * in.u_F) * boost;
  const Real recall = Real(c_.r_M) * M * sup * A / (A + Real(c_.A_M)) * boost;
  const Real expansion = Real(c_.r_CI) * in.u_E * A / (A + Real(c_.A_I)) * Real(c_.C_max) / (Real(c_.C_max) + C);
  dy[S::C] = priming + recall + Real(c_.k_out) * leaving + Real(c_.k_rev) * w1 * X -
             (Real(c_.delta_C + c_.mu_M) + entering - expansion) * C;                              // (4)
  dy[S::X] = exhausting - (Real(c_.delta_X) + Real(c_.k_rev) * w1) * X;                            // (5)
  dy[S::M] = Real(c_.mu_M) * C - Real(c_.delta_M) * M;                                             // (6)
  const Real treg_growth = Real(c_.r_RI) * in.u_R * Real(c_.R_max) / (Real(c_.R_max) + R);
  dy[S::R] = Real(c_.k_R) * (one + Real(c_.b_R) * B / (B + Real(c_.B_R))) -
             (Real(c_.k_R) + Real(c_.c_4) * w4 + Real(c_.c_T) * in.u_T - treg_growth) * R;         // (7)
  dy[S::A] = dying_cells - Real(c_.k_A) * A;                                                       // (8)
  dy[S::Q] = Real(c_.k_Q) * (B / (B + Real(c_.B_Q)) - Q);                                          // (9)
  dy[S::J] = -Real(c_.k_J) * J;                                                                    // (10)
  dy[S::W] = in.lambda_W * in.u_T - Real(c_.k_W) * (one - in.u_T) * W;                             // (11)
  dy[S::D] = killed / (B + Real(c_.B_D)) - Real(c_.k_D) * D;                                       // (12): k_bar B/(B+B_D)
  dy[S::seeding] = in.mu * spread;                                                                 // (14)
  const Real z = B_eff * Real(1.0 / c_.B_L);
  dy[S::dying] = Real(c_.h_D) * z * z / (one + z * z);
  dy[S::toxicity] = in.pd1_toxicity * w1 + in.ctla4_toxicity * w4 + in.other_toxicity;
}

/// Largest error over the states, each against its own scale: log cells absolutely, pools relatively with a floor below
/// which they act on nothing, Kendall's integral to a hundredth of the tolerance since only a threshold reads it.
template <class Real>
COLEY_INLINE Real TumourImmune::error(const Real* e, const Real* y, const Real* z, const Real* inputs) const {
  using solver::larger;
  using solver::magnitude;
  using S = State;
  const auto& in = *reinterpret_cast<const Inputs<Real>*>(inputs);
  Real worst(0.0);
  for (int i = 0; i < kLesions; ++i) {
    worst = larger(worst, magnitude(e[S::x + i]));
    const Real effectors = larger(magnitude(y[S::E + i]), magnitude(z[S::E + i]));
    worst = larger(worst, magnitude(e[S::E + i]) / (effectors + Real(1e-6)));
    const Real phi = larger(y[S::g + i], z[S::g + i]) + in.extinct_at[i] * Real(0.1);
    worst = larger(worst, in.alive[i] * magnitude(e[S::g + i]) / (Real(100.0) * phi));
  }
  static constexpr double floor[] = {1e-2, 1e-2, 1e-2, 0.1, 1e-3, 0.1, 0.1, 1.0, 0.1, 1e-2, 1e-2, 0.1};
  for (int k = S::C; k < S::count; ++k) {
    const Real size = larger(magnitude(y[k]), magnitude(z[k])) * Real(k < S::seeding ? 1.0 : 0.0);
    worst = larger(worst, magnitude(e[k]) / (size + Real(floor[k - S::C])));
  }
  // `larger` passes over a NaN on its second argument: a sum does not
  Real sum(0.0);
  for (int k = 0; k < S::count; ++k) sum += e[k] * Real(0.0);
  return worst + sum;
}

/// Positive once a lesion is extinct: Kendall's e^-x + g beyond its threshold, or too few cells to be there (equation 2).
/// Integrator and patient ask the same function, so that they never disagree by a rounding.
template <class Real>
COLEY_INLINE Real past_extinction(Real x, Real g, Real extinct_at) {
  return solver::larger(solver::exp(-x) + g - extinct_at, Real(kGone) - x);
}

template <class Real>
COLEY_INLINE void TumourImmune::roots(const Real* y, const Real* inputs, Real* g) const {
  using S = State;
  using solver::larger;
  using solver::less;
  using solver::select;
  const auto& in = *reinterpret_cast<const Inputs<Real>*>(inputs);
  g[0] = y[S::seeding] - in.seeding_at;
  g[1] = y[S::dying] - in.dying_at;
  Real burden(0.0);
  for (int i = 0; i < kLesions; ++i) {
    const Real volume = solver::exp(y[S::x + i]) * Real(1e-9) * in.alive[i];
    burden += i == 0 ? volume : Real(c_.kappa) * volume;
  }
  g[2] = burden - in.found_at;
  // the moment matters: it frees a slot, from which the next founder is timed
  g[3] = Real(-1.0);
  for (int i = 0; i < kLesions; ++i) g[3] = larger(g[3], select(less(Real(0.5), in.alive[i]), past_extinction(y[S::x + i], y[S::g + i], in.extinct_at[i]), Real(-1.0)));
}

template <class Real>
COLEY_INLINE solver::Mask<Real> TumourImmune::notice(const Real* y, const Real* inputs) const {
  using S = State;
  const auto& in = *reinterpret_cast<const Inputs<Real>*>(inputs);
  auto mask = solver::less(Real(1.0), Real(0.0));
  for (int i = 0; i < kLesions; ++i) {
    mask = mask | (solver::less(Real(0.0), past_extinction(y[S::x + i], y[S::g + i], in.extinct_at[i])) & solver::less(Real(0.5), in.alive[i]));
  }
  return mask;
}

}  // namespace coley::biology
