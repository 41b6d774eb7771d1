// SPDX-License-Identifier: Apache-2.0
#pragma once
// The patient model: lesions, immune pools and drugs as ordinary differential equations, written once over the number type.
// Numbers in brackets are those of docs/model.md, where each equation stands with its sources. Every term is +, -, *, / or
// exp of a bounded argument. V^(2/3) and the dissemination law N^(2/3) share one exponential, u = e^(x/3).

#include <cmath>

#include "biology/states.hpp"
#include "core/units.hpp"
#include "solver/elementary.hpp"

namespace coley::biology {

/// Constants shared by all patients; symbols, units and sources are those of evidence/parameters.toml.
struct Constants {
  double d_0, kappa;                       // cell loss; weight of metastases in being found
  double K_rho, N_r, K_R, K_Q, s_J, k_J;   // killing and its suppression
  double k_out, delta_E, p_E, k_x, N_x, eta_x, k_rev, delta_X;
  double s_n, A_50, r_M, A_M, delta_C, mu_M, delta_M, M_max, chi, e_P;
  double k_A, delta_a, k_Q, B_Q, k_R, b_R, B_R;
  double r_CI, C_max, A_I, r_EI, e_I, r_RI, R_max;  // interleukin-2
  double e_F, p_F, g_F;                             // interferon
  double k_W, c_T;                                  // targeted drugs
  double e_CT, c_4;                                 // anti-CTLA-4
  double k_D, B_D;                                  // immune editing
  double h_D, B_L, n_L, tau_L, lag_L;               // death from disease
};

/// What derivative and Jacobian have in common at one point; by lesion where it has an index.
template <class Real>
struct Terms {
  Real V[kLesions], per_cell[kLesions], area[kLesions], entry[kLesions], crowded[kLesions], visible[kLesions];
  Real attack[kLesions], far[kLesions], per_target[kLesions], kill[kLesions], growth[kLesions], exhaustion[kLesions], division[kLesions];
  Real w1, w4, sup, pd, func, frailty, slowed, capacity_loss, drug_kill, boost;
  Real B, B_eff, ln_burden, averaging, dying, spread, entering, leaving, exhausting, dying_cells, killed;
  Real priming, recall, expansion, treg_growth, forming;
};

/// Which of the equations are in use in some lane. What is not is exactly 0 there and left out.
struct InUse {
  int slots;          ///< lesions: the slots beyond are empty in every lane
  bool pd1, ctla4;    ///< the antibody is in the body
  bool timed;         ///< one of them: time stands in the equations
  bool mortal;        ///< the disease may kill: not before randomisation
  bool drugged;       ///< drugs given on a schedule, or resistance to them
  bool stressed;      ///< by surgery
  bool harmed;        ///< by drugs
  int size;           ///< grows with the work of a step
};

/// Occupancy of the two antibodies' receptors, with the slope a day.
template <class Real>
struct Exposure {
  Real w1, w4, slope1, slope4;
};

/// The matrix w - J of a linearly implicit step, eliminated by hand: each lesion is a block of (x, E) that meets the rest
/// through two scalars only, the change of ln(func * frailty), here F, and that of T; R and Q follow the burden B.
/// What is left is a system of three in (C, B, D).
template <class Real>
struct Elimination {
  InUse use;
  Real per_w;       // 1 / w
  Real per_recent;  // 1 / (w - own rate)
  Real averaging, dying_burden, dying_recent;
  Real b11[kLesions], b12[kLesions], b21[kLesions], b22[kLesions];  // inverse of the lesion's block
  Real x_F[kLesions], x_T[kLesions], E_F[kLesions], E_T[kLesions];  // answer of (x, E) to F and T
  Real x_W[kLesions], g_x[kLesions], g_W[kLesions], seeding_x[kLesions], burden_x[kLesions];
  Real V[kLesions], X_x[kLesions], X_E[kLesions], A_x[kLesions], A_E[kLesions], C_x[kLesions], C_E[kLesions], D_x[kLesions], D_E[kLesions];
  Real per_R, per_Q, per_J, per_W, per_M, per_A, per_X;  // 1 / (w - own rate)
  Real sup_R, sup_Q, sup_J, frail_D;                     // derivatives of ln sup, ln frailty
  Real R_B, Q_B, M_C, C_M, C_A, C_X, C_sup, A_W, D_sup;
  Real B_F, B_T, D_F, D_T, A_F, A_T, X_F, X_T, P_F, P_T, S_B, T_C;
  Real m[3][3];  // inverse of the last system
};

class TumourImmune {
 public:
  static constexpr int kStates = State::count;
  static constexpr int kInputs = biology::kInputs;
  static constexpr int kOrigin = kEpoch;  ///< time counts from the last dose of antibodies
  static constexpr int kRoots = 4;  ///< founder lodged, death from disease, disease found, lesion extinct
  using Use = InUse;
  template <class Real>
  using Factors = Elimination<Real>;

  explicit TumourImmune(const Constants& constants) : c_(constants) {}
  const Constants& constants() const { return c_; }

  template <class Real>
  COLEY_INLINE InUse in_use(const Real* y, const Real* inputs) const;

  /// Visits the states in use: the others stay what they are, 0 or, of cumulative hazards, what they were.
  template <class Visit>
  static COLEY_INLINE void each_state(const InUse& use, Visit visit) {
    for (int first = State::x; first < State::C; first += kLesions) {
      for (int i = 0; i < use.slots; ++i) visit(first + i);
    }
    each_pool(use, visit);
    visit(State::seeding);
    if (use.mortal) visit(State::recent);
    if (use.mortal) visit(State::dying);
    if (use.harmed) visit(State::toxicity);
  }

  /// Those that `roots` reads.
  template <class Visit>
  static COLEY_INLINE void each_root_state(const InUse& use, Visit visit) {
    for (int i = 0; i < use.slots; ++i) visit(State::x + i);
    for (int i = 0; i < use.slots; ++i) visit(State::g + i);
    visit(State::seeding);
    if (use.mortal) visit(State::dying);
  }

  template <class Real>
  COLEY_INLINE void derivative(const Real* y, const Real* inputs, const InUse& use, Real t, Real* dy) const {
    Terms<Real> terms;
    evaluate(y, inputs, use, exposure(inputs, use, t), terms);
    derivative(terms, y, inputs, use, dy);
  }

  /// Derivative at a point, its derivative by time where antibodies are in use, and the factors of w - J there.
  template <class Real>
  COLEY_INLINE void linearise(const Real* y, const Real* inputs, const InUse& use, Real t, Real w, Real* dy, Real* dy_t, Elimination<Real>& factors) const {
    Terms<Real> terms;
    const Exposure<Real> antibodies = exposure(inputs, use, t);
    evaluate(y, inputs, use, antibodies, terms);
    derivative(terms, y, inputs, use, dy);
    if (use.timed) by_time(terms, antibodies, y, inputs, use, dy_t);
    factorise(terms, y, inputs, use, w, factors);
  }

  /// Solves (w - J) k = r in place.
  template <class Real>
  COLEY_INLINE void solve(const Elimination<Real>& factors, Real* r) const;

  template <class Real>
  COLEY_INLINE void roots(const Real* y, const Real* inputs, const InUse& use, Real* g) const {
    Real cells[kLesions];
    count_cells(y, use, cells);
    roots(y, inputs, use, cells, g);
  }

  /// Error of a step from y to z, and the roots at z.
  template <class Real>
  COLEY_INLINE Real assess(const Real* e, const Real* y, const Real* z, const Real* inputs, const InUse& use, Real* g) const {
    Real cells[kLesions];
    count_cells(z, use, cells);
    roots(z, inputs, use, cells, g);
    return error(e, y, z, inputs, use, cells);
  }

 private:
  template <class Visit>
  static COLEY_INLINE void each_pool(const InUse& use, Visit visit) {
    for (int k = State::C; k < State::J; ++k) visit(k);
    if (use.stressed) visit(State::J);
    if (use.drugged) visit(State::W);
    visit(State::D);
  }
  template <class Real>
  COLEY_INLINE Exposure<Real> exposure(const Real* inputs, const InUse& use, Real t) const;
  template <class Real>
  COLEY_INLINE void evaluate(const Real* y, const Real* inputs, const InUse& use, const Exposure<Real>& antibodies, Terms<Real>& e) const;
  template <class Real>
  COLEY_INLINE void derivative(const Terms<Real>& e, const Real* y, const Real* inputs, const InUse& use, Real* dy) const;
  template <class Real>
  COLEY_INLINE void by_time(const Terms<Real>& e, const Exposure<Real>& antibodies, const Real* y, const Real* inputs, const InUse& use, Real* dy_t) const;
  template <class Real>
  COLEY_INLINE void factorise(const Terms<Real>& e, const Real* y, const Real* inputs, const InUse& use, Real w, Elimination<Real>& f) const;
  template <class Real>
  COLEY_INLINE void count_cells(const Real* y, const InUse& use, Real* cells) const {
    for (int i = 0; i < use.slots; ++i) cells[i] = solver::exp(y[State::x + i]);
  }
  template <class Real>
  COLEY_INLINE void roots(const Real* y, const Real* inputs, const InUse& use, const Real* cells, Real* g) const;
  template <class Real>
  COLEY_INLINE Real error(const Real* e, const Real* y, const Real* z, const Real* inputs, const InUse& use, const Real* cells) const;

  Constants c_;
};

/// How much larger than that of log cells an error of the immune system may be; under interleukin-2, where it grows by half in a day,
/// no larger than a few times.
inline constexpr double kPools = 30, kPoolsExpanding = 3;

/// Lanes in which the hazard of death from disease runs.
template <class Real>
COLEY_INLINE solver::Mask<Real> mortal(const Inputs<Real>& in) {
  return solver::less(in.dying_at, Real(kNever));
}

/// Burden in cm3 that stands for none where its logarithm is taken: a thousand cells.
inline constexpr double kNoBurden = 1e-6;

/// Log cells below which a lesion is gone whatever its integral says (P_ext > 0.999).
inline constexpr double kGone = -7.0;

template <class Real>
COLEY_INLINE InUse TumourImmune::in_use(const Real* y, const Real* inputs) const {
  const auto& in = *reinterpret_cast<const Inputs<Real>*>(inputs);
  const auto positive = [](Real x) { return solver::any(solver::less(Real(0.0), x)); };
  InUse use{};
  use.slots = kLesions;
  while (use.slots > 0 && !positive(in.alive[use.slots - 1])) --use.slots;
  use.pd1 = positive(in.pd1_slow);
  use.ctla4 = positive(in.ctla4_slow);
  use.timed = use.pd1 || use.ctla4;
  use.mortal = solver::any(mortal(in));
  use.drugged = positive(y[State::W]) || positive(in.u_T) || positive(in.capacity_loss) || positive(in.drug_kill) || positive(in.u_E) || positive(in.u_R) ||
                positive(in.u_F) || solver::any(solver::less(in.growth, Real(1.0)));
  use.stressed = positive(y[State::J]);
  use.harmed = use.timed || positive(in.other_toxicity);
  use.size = 4 * use.slots + 2 * use.timed + use.drugged;
  return use;
}

/// Two exponentials an antibody after the last dose, through Michaelis and Menten's law.
template <class Real>
COLEY_INLINE Exposure<Real> TumourImmune::exposure(const Real* inputs, const InUse& use, Real since) const {
  using solver::exp;
  const auto& in = *reinterpret_cast<const Inputs<Real>*>(inputs);
  Exposure<Real> x{Real(0.0), Real(0.0), Real(0.0), Real(0.0)};
  if (use.pd1) {
    const Real fast = in.pd1_fast * exp(-in.pd1_alpha * since), slow = in.pd1_slow * exp(-in.pd1_beta * since);
    const Real per = in.pd1_limit / (fast + slow + in.pd1_ec50);
    x.w1 = (fast + slow) * per;
    x.slope1 = -(in.pd1_alpha * fast + in.pd1_beta * slow) * per * in.pd1_ec50 / (fast + slow + in.pd1_ec50);
  }
  if (use.ctla4) {
    const Real fast = in.ctla4_fast * exp(-in.ctla4_alpha * since), slow = in.ctla4_slow * exp(-in.ctla4_beta * since);
    const Real per = Real(1.0) / (fast + slow + in.ctla4_ec50);
    x.w4 = (fast + slow) * per;
    x.slope4 = -(in.ctla4_alpha * fast + in.ctla4_beta * slow) * per * per * in.ctla4_ec50;
  }
  return x;
}

template <class Real>
COLEY_INLINE void TumourImmune::evaluate(const Real* y, const Real* inputs, const InUse& use, const Exposure<Real>& antibodies, Terms<Real>& e) const {
  using solver::exp;
  using S = State;
  const auto& in = *reinterpret_cast<const Inputs<Real>*>(inputs);
  const Real one(1.0);
  e.w1 = antibodies.w1;
  e.w4 = antibodies.w4;
  const Real C = y[S::C], M = y[S::M], R = y[S::R], A = y[S::A], Q = y[S::Q], D = y[S::D];
  e.sup = Real(c_.K_R * c_.K_Q) / ((Real(c_.K_R) + R) * (Real(c_.K_Q) + Q));
  if (use.stressed) e.sup = (one - Real(c_.s_J) * y[S::J]) * e.sup;
  e.pd = one - in.pi * (one - e.w1);
  e.func = e.sup * e.pd;
  e.frailty = in.a / (in.a + D);
  e.slowed = one;
  e.capacity_loss = e.drug_kill = Real(0.0);
  if (use.drugged) {
    Real sensitive(1.0);  // s_T
    if (solver::any(solver::less(Real(0.0), y[S::W]))) sensitive = exp(-y[S::W]);
    e.func = e.func * (one + Real(c_.e_F) * in.u_F) * (one + Real(c_.e_I) * in.u_E);
    e.slowed = in.growth * (one - Real(c_.g_F) * in.u_F);
    e.capacity_loss = in.capacity_loss * sensitive;
    e.drug_kill = in.drug_kill * sensitive;
  }

  e.B = e.B_eff = e.spread = e.entering = e.leaving = e.exhausting = e.dying_cells = e.killed = Real(0.0);
  for (int i = 0; i < use.slots; ++i) {
    const Real u = exp(y[S::x + i] * Real(1.0 / 3.0));
    const Real E = y[S::E + i], N = u * u * u * Real(1e-6);  // both in 10^6 cells: the fourth power stays in single precision's range
    // four quotients of one division; an empty slot has x = 0, so that all stay finite
    const Real targets = E + Real(c_.K_rho) * N, seen = N + Real(1e-6 * c_.N_r), many = N + Real(1e-6 * c_.N_x);
    const Real near = targets * N, wide = seen * many, quotient = one / (near * wide);
    e.per_cell[i] = Real(1e-6) * (quotient * targets * wide);
    e.per_target[i] = quotient * N * wide;
    e.visible[i] = N * (quotient * near * many);
    e.crowded[i] = N * (quotient * near * seen);
    e.area[i] = u * u * in.alive[i];
    const Real m = one + in.others[i];
    e.V[i] = m * e.area[i] * u * Real(1e-9);  // of all the lesions that the slot stands for
    e.far[i] = Real(c_.K_rho) * N * e.per_target[i];
    e.attack[i] = in.lytic[i] * e.func * E * e.per_target[i] * in.alive[i];
    e.kill[i] = e.attack[i] * e.frailty;
    e.growth[i] = use.drugged ? in.gamma[i] * e.slowed * (in.capacity[i] - e.capacity_loss - y[S::x + i]) : in.gamma[i] * (in.capacity[i] - y[S::x + i]);
    e.entry[i] = in.homing[i] * Real(1e-6) * e.area[i] * e.visible[i];                       // q_i
    e.exhaustion[i] = Real(c_.k_x) * e.crowded[i] * (one - Real(c_.eta_x) * e.w1);           // f_i is crowded
    e.division[i] = Real(c_.p_E) * e.pd * e.crowded[i] * e.far[i];                           // on targets not yet engaged
    e.B += e.V[i];
    e.B_eff += in.weight[i] * e.V[i];
    e.spread += m * e.area[i];
    e.entering += m * e.entry[i];
    e.leaving += m * E;
    e.exhausting += m * e.exhaustion[i] * E;
    e.dying_cells += (Real(c_.delta_a) + e.kill[i] + e.drug_kill) * e.V[i];
    e.killed += e.attack[i] * e.V[i];
  }
  e.ln_burden = e.averaging = e.dying = Real(0.0);
  if (use.mortal) {
    const auto runs = mortal(in);
    e.ln_burden = solver::log(e.B_eff + Real(kNoBurden));
    e.averaging = solver::select(runs, Real(1.0 / c_.lag_L), e.averaging);
    const Real heading = e.ln_burden + Real(c_.tau_L / c_.lag_L) * (e.ln_burden - y[S::recent]);  // the slope is the difference over the lag
    const Real z = exp(Real(c_.n_L) * (heading - Real(std::log(c_.B_L))));
    e.dying = solver::select(runs, z / (one + z), e.dying);
  }

  e.boost = one + Real(c_.e_P) * e.w1;
  e.priming = Real(c_.s_n) * e.sup * A / (A + Real(c_.A_50)) * (one + Real(c_.e_CT) * e.w4) * e.boost;
  e.recall = Real(c_.r_M) * M * e.sup * A / (A + Real(c_.A_M)) * e.boost;
  e.forming = Real(c_.mu_M) * (one - M * Real(1.0 / c_.M_max));  // memory, of each effector
  e.expansion = e.treg_growth = Real(0.0);
  if (use.drugged) {
    e.priming = e.priming * (one + Real(c_.p_F) * in.u_F);
    e.expansion = Real(c_.r_CI) * in.u_E * A / (A + Real(c_.A_I)) * Real(c_.C_max) / (Real(c_.C_max) + C);
    e.treg_growth = Real(c_.r_RI) * in.u_R * Real(c_.R_max) / (Real(c_.R_max) + R);
  }
}

template <class Real>
COLEY_INLINE void TumourImmune::derivative(const Terms<Real>& e, const Real* y, const Real* inputs, const InUse& use, Real* dy) const {
  using S = State;
  const auto& in = *reinterpret_cast<const Inputs<Real>*>(inputs);
  const Real one(1.0);
  const Real C = y[S::C], X = y[S::X], M = y[S::M], R = y[S::R], A = y[S::A], Q = y[S::Q], D = y[S::D];
  const Real T = C + Real(c_.chi) * M;
  for (int i = 0; i < use.slots; ++i) {
    dy[S::x + i] = in.alive[i] * (e.growth[i] - e.kill[i] - e.drug_kill);  // (1)
    const Real birth = Real(c_.d_0) + solver::larger(e.growth[i], Real(0.0));
    dy[S::g + i] = in.alive[i] * birth * e.per_cell[i];  // (2)
    dy[S::E + i] = e.entry[i] * T - (Real(c_.k_out + c_.delta_E) + e.exhaustion[i] - e.division[i] - Real(c_.r_EI) * in.u_E) * y[S::E + i];  // (3)
  }
  dy[S::C] = e.priming + e.recall + Real(c_.k_out) * e.leaving + Real(c_.k_rev) * e.w1 * X -
             (Real(c_.delta_C + c_.mu_M) + e.entering - e.expansion) * C;                              // (4)
  dy[S::X] = e.exhausting - (Real(c_.delta_X) + Real(c_.k_rev) * e.w1) * X;                            // (5)
  dy[S::M] = e.forming * C - Real(c_.delta_M) * M;                                                     // (6)
  dy[S::R] = Real(c_.k_R) * (one + Real(c_.b_R) * e.B / (e.B + Real(c_.B_R))) -
             (Real(c_.k_R) + Real(c_.c_4) * e.w4 + Real(c_.c_T) * in.u_T - e.treg_growth) * R;         // (7)
  dy[S::A] = e.dying_cells - Real(c_.k_A) * A;                                                         // (8)
  dy[S::Q] = Real(c_.k_Q) * (e.B / (e.B + Real(c_.B_Q)) - Q);                                          // (9)
  if (use.stressed) dy[S::J] = -Real(c_.k_J) * y[S::J];                                                // (10)
  if (use.drugged) dy[S::W] = in.lambda_W * in.u_T - Real(c_.k_W) * (one - in.u_T) * y[S::W];          // (11)
  dy[S::D] = e.killed / (e.B + Real(c_.B_D)) - Real(c_.k_D) * D;                                       // (12): k_bar B/(B+B_D)
  dy[S::seeding] = in.mu * e.spread;                                                                   // (14)
  if (use.mortal) {
    dy[S::recent] = e.averaging * (e.ln_burden - y[S::recent]);                                        // (15)
    dy[S::dying] = Real(c_.h_D) * e.dying;                                                             // (16)
  }
  if (use.harmed) dy[S::toxicity] = in.pd1_toxicity * e.w1 + in.ctla4_toxicity * e.w4 + in.other_toxicity;
}

/// Time stands in the equations through the occupancies alone.
template <class Real>
COLEY_INLINE void TumourImmune::by_time(const Terms<Real>& e, const Exposure<Real>& antibodies, const Real* y, const Real* inputs, const InUse& use, Real* dy_t) const {
  using S = State;
  const auto& in = *reinterpret_cast<const Inputs<Real>*>(inputs);
  const Real one(1.0), zero(0.0), s1 = antibodies.slope1, s4 = antibodies.slope4;
  for (int k = S::C; k < S::count; ++k) dy_t[k] = zero;
  const Real relief = in.pi * s1 / e.pd;  // of killing, relative
  const Real kept = Real(c_.k_x * c_.eta_x) * s1, divided = Real(c_.p_E) * in.pi * s1;
  Real exhausting(0.0), killed_V(0.0);
  for (int i = 0; i < use.slots; ++i) {
    const Real m = one + in.others[i], crowd = e.crowded[i] * y[S::E + i];
    dy_t[S::x + i] = -e.kill[i] * relief;
    dy_t[S::E + i] = (kept + divided * e.far[i]) * crowd;
    dy_t[S::g + i] = zero;
    exhausting += m * kept * crowd;
    killed_V += e.kill[i] * e.V[i];
  }
  const Real boosted = Real(c_.e_P) * s1 / e.boost, revived = Real(c_.k_rev) * s1 * y[S::X];
  dy_t[S::C] = e.priming * (boosted + Real(c_.e_CT) * s4 / (one + Real(c_.e_CT) * e.w4)) + e.recall * boosted + revived;
  dy_t[S::X] = -exhausting - revived;
  dy_t[S::R] = -Real(c_.c_4) * s4 * y[S::R];
  dy_t[S::A] = relief * killed_V;
  dy_t[S::D] = relief * e.killed / (e.B + Real(c_.B_D));
  dy_t[S::toxicity] = in.pd1_toxicity * s1 + in.ctla4_toxicity * s4;
}

/// Positive once a lesion is extinct: Kendall's e^-x + g beyond its threshold, or too few cells to be there (equation 2).
/// Integrator and patient ask the same function, so that they never disagree by more than a rounding.
template <class Real>
COLEY_INLINE Real past_extinction(Real x, Real cells, Real g, Real extinct_at) {
  return solver::larger(Real(1.0) / cells + g - extinct_at, Real(kGone) - x);
}
inline double past_extinction(double x, double g, double extinct_at) { return past_extinction(x, solver::exp(x), g, extinct_at); }

template <class Real>
COLEY_INLINE void TumourImmune::roots(const Real* y, const Real* inputs, const InUse& use, const Real* cells, Real* g) const {
  using S = State;
  const auto& in = *reinterpret_cast<const Inputs<Real>*>(inputs);
  g[0] = y[S::seeding] - in.seeding_at;
  g[1] = use.mortal ? y[S::dying] - in.dying_at : Real(-1.0);
  Real burden(0.0);
  g[3] = Real(-1.0);
  for (int i = 0; i < use.slots; ++i) {
    const Real volume = cells[i] * Real(1e-9) * in.alive[i];
    burden += i == 0 ? volume : Real(c_.kappa) * (Real(1.0) + in.others[i]) * volume;
    // the moment matters: it frees a slot, from which the next founder is timed
    const Real extinct = past_extinction(y[S::x + i], cells[i], y[S::g + i], in.extinct_at[i]);
    g[3] = solver::larger(g[3], solver::select(solver::less(Real(0.5), in.alive[i]), extinct, Real(-1.0)));
  }
  g[3] = solver::larger(g[3], solver::select(solver::less(Real(0.0), in.held_below), in.held_below - y[S::x], Real(-1.0)));
  g[2] = burden - in.found_at;
}

/// Largest error over the states, each against its own scale: log cells absolutely; cells and signals of the immune system
/// relatively and to thirty times as much, since they forget an error within weeks and act through functions that saturate, with
/// a floor below which they act on nothing; Kendall's integral likewise, since only a threshold reads it.
template <class Real>
COLEY_INLINE Real TumourImmune::error(const Real* e, const Real* y, const Real* z, const Real* inputs, const InUse& use, const Real* cells) const {
  using solver::larger;
  using solver::magnitude;
  using S = State;
  const auto& in = *reinterpret_cast<const Inputs<Real>*>(inputs);
  const Real pools = use.drugged ? solver::select(solver::less(Real(0.0), in.u_E), Real(kPoolsExpanding), Real(kPools)) : Real(kPools);
  Real worst(0.0), sum(0.0);  // `larger` passes over a NaN on its second argument: a sum does not
  for (int i = 0; i < use.slots; ++i) {
    // a thousandth of the ratio at which killing is half its limit acts on nothing
    const Real effectors = larger(magnitude(y[S::E + i]), magnitude(z[S::E + i])) + Real(1e-9 * c_.K_rho) * cells[i] + Real(1e-6);
    const Real phi = larger(y[S::g + i], z[S::g + i]) + in.extinct_at[i] * Real(0.1);
    worst = larger(worst, magnitude(e[S::x + i]));
    worst = larger(worst, magnitude(e[S::E + i]) / (pools * effectors));
    worst = larger(worst, in.alive[i] * magnitude(e[S::g + i]) / (Real(kPools) * phi));
    sum += e[S::x + i] + e[S::E + i] + e[S::g + i];
  }
  static constexpr double floor[] = {0.01, 0.01, 0.01, 0.1, 1e-3, 0.1, 0.1, 0.1, 0.1};  // of the pools, in their units
  each_pool(use, [&](int k) {
    const Real size = larger(magnitude(y[k]), magnitude(z[k])) + Real(floor[k - S::C]);
    worst = larger(worst, magnitude(e[k]) / (pools * size));
    sum += e[k];
  });
  // thresholds of cumulative intensities are crossed at a time, which is off by the error over the slope
  const Real awaited = solver::select(solver::less(in.seeding_at, Real(kNever)), Real(1.0), Real(0.0));
  worst = larger(worst, awaited * magnitude(e[S::seeding]) / (z[S::seeding] - y[S::seeding] + Real(1e-3)));
  sum += e[S::seeding];
  if (use.mortal) {
    worst = larger(worst, magnitude(e[S::recent]));
    worst = larger(worst, magnitude(e[S::dying]) / (z[S::dying] - y[S::dying] + Real(1e-2)));
    sum += e[S::recent] + e[S::dying];
  }
  if (use.harmed) {
    worst = larger(worst, magnitude(e[S::toxicity]) / (z[S::toxicity] - y[S::toxicity] + Real(0.1)));
    sum += e[S::toxicity];
  }
  return worst + sum * Real(0.0);
}

}  // namespace coley::biology

#include "biology/elimination.hpp"  // factorise and solve
