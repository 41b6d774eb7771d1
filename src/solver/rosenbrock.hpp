// SPDX-License-Identifier: Apache-2.0
#pragma once
// RODAS 4(3), a linearly implicit Rosenbrock method of six stages (Hairer and Wanner, Solving Ordinary Differential
// Equations II, 1996, section IV.10), many patients at a time. Each patient has a seat with its own clock, step and stops; the
// seat is filled again when its patient leaves. In rounds of a few steps, patients whose equations are of like size sit side
// by side in the lanes of a vector register: a patient's course does not depend on who they are.
//
// A Model gives, for a number type Real:
//   kStates, kInputs, kRoots               counts
//   Factors                                what it keeps of w - J, J the Jacobian
//   linearise(y, in, t, w, dy, factors)    right-hand side per day, and the factors of w - J
//   derivative(y, in, t, dy)               right-hand side alone
//   solve(factors, r)                      (w - J) k = r in place
//   depends_on_time(in)                    true when time stands in the equations of some lane
//   states_in_use(in, states)              indices of the states that can change in some lane; the others keep their values
//   error(e, y, z, in) -> Real             size of the step's error estimate e between states y and z, 1 = just tolerable at
//                                          relative tolerance 1
//   roots(y, in, g)                        functions that are negative until an event

#include <cmath>
#include <cstring>

#include "solver/batch_client.hpp"
#include "solver/elementary.hpp"

namespace coley::solver {

template <class Model, class Real>
class Rosenbrock {
 public:
  Rosenbrock(const Model& model, Tolerance tolerance) : model_(model), tolerance_(tolerance) {}

  /// Integrates every patient that `client` supplies; returns what it cost.
  Work integrate(BatchClient& client);

 private:
  static constexpr int W = kWidth<Real>;
  static constexpr int N = Model::kStates;
  static constexpr int kStages = 6;
  static constexpr double kGamma = 0.25;

  static constexpr int kSeats = 8 * W;
  static_assert(kSeats <= kMostSeats);
  static constexpr int kRound = 16;  ///< steps between two seatings

  /// A patient between two rounds.
  struct Seat {
    double y[N], in[Model::kInputs], root_before[Model::kRoots], t, stop, h;
    bool active, fresh;
    int size;  ///< states in use
  };

  LaneView view(int lane) {
    return {reinterpret_cast<double*>(y_) + lane, reinterpret_cast<double*>(in_) + lane,
            reinterpret_cast<double*>(&t_) + lane, reinterpret_cast<double*>(&stop_) + lane, W, seat_[lane]};
  }
  void sit(int lane, const Seat& seat);
  void rise(int lane, Seat& seat);
  int order_seats(int* order);
  void load_lane(BatchClient& client, int lane);
  void restart_lane(int lane);
  void stages();
  template <int Stage>
  void stage();
  void advance(BatchClient& client);
  void serve(BatchClient& client, int lane, Stop reason);

  const Model& model_;
  Tolerance tolerance_;
  Work work_;
  alignas(64) Real y_[N], z_[N], in_[Model::kInputs], u_[kStages][N], f_[N], f_t_[N];
  typename Model::template Factors<Real> factors_;
  int states_[N], used_ = 0;
  bool timed_ = false;
  Real t_, stop_, h_, taken_, per_taken_, root_before_[Model::kRoots];
  bool active_[W], fresh_[W];
  int seat_[W];
  int active_count_ = 0;  // in the lanes
  Seat seats_[kSeats];
};

template <class Model, class Real>
void Rosenbrock<Model, Real>::load_lane(BatchClient& client, int lane) {
  active_[lane] = client.load(view(lane));
  if (!active_[lane]) {
    --active_count_;
    set_lane(stop_, lane, get_lane(t_, lane));  // an idle lane takes steps of next to no length
    return;
  }
  set_lane(h_, lane, 0.0);
  restart_lane(lane);
}

/// After anything has changed in a lane: roots must be found anew, and the step may be too long.
template <class Model, class Real>
void Rosenbrock<Model, Real>::restart_lane(int lane) {
  fresh_[lane] = true;
  const double planned = get_lane(h_, lane);
  set_lane(h_, lane, planned > 0 && planned < tolerance_.restart_step ? planned : tolerance_.restart_step);
}

template <class Model, class Real>
void Rosenbrock<Model, Real>::sit(int lane, const Seat& seat) {
  for (int i = 0; i < N; ++i) set_lane(y_[i], lane, seat.y[i]);
  for (int i = 0; i < Model::kInputs; ++i) set_lane(in_[i], lane, seat.in[i]);
  for (int r = 0; r < Model::kRoots; ++r) set_lane(root_before_[r], lane, seat.root_before[r]);
  set_lane(t_, lane, seat.t);
  set_lane(stop_, lane, seat.stop);
  set_lane(h_, lane, seat.h);
  active_[lane] = seat.active;
  fresh_[lane] = seat.fresh;
}

template <class Model, class Real>
void Rosenbrock<Model, Real>::rise(int lane, Seat& seat) {
  for (int i = 0; i < N; ++i) seat.y[i] = get_lane(y_[i], lane);
  for (int i = 0; i < Model::kInputs; ++i) seat.in[i] = get_lane(in_[i], lane);
  for (int r = 0; r < Model::kRoots; ++r) seat.root_before[r] = get_lane(root_before_[r], lane);
  seat.t = get_lane(t_, lane);
  seat.stop = get_lane(stop_, lane);
  seat.h = get_lane(h_, lane);
  seat.active = active_[lane];
  seat.fresh = fresh_[lane];
}

/// Seats that are taken, by the size of their patients' equations; returns how many.
template <class Model, class Real>
int Rosenbrock<Model, Real>::order_seats(int* order) {
  int taken = 0;
  for (int s = 0; s < kSeats; ++s) {
    Seat& seat = seats_[s];
    if (!seat.active) continue;
    seat.size = model_.states_in_use(seat.in, states_);
    int place = taken++;
    for (; place > 0 && seats_[order[place - 1]].size > seat.size; --place) order[place] = order[place - 1];
    order[place] = s;
  }
  return taken;
}

template <class Model, class Real>
Work Rosenbrock<Model, Real>::integrate(BatchClient& client) {
  work_ = {};
  std::memset(static_cast<void*>(z_), 0, sizeof z_);
  std::memset(static_cast<void*>(u_), 0, sizeof u_);
  for (int s = 0; s < kSeats; ++s) {
    Seat& seat = seats_[s];
    std::memset(static_cast<void*>(&seat), 0, sizeof seat);
    seat.active = client.load({seat.y, seat.in, &seat.t, &seat.stop, 1, s});
    seat.fresh = true;
    seat.h = tolerance_.restart_step;
  }
  int order[kSeats];
  for (int taken; (taken = order_seats(order)) > 0;) {
    for (int first = 0; first < taken; first += W) {
      active_count_ = taken - first < W ? taken - first : W;
      for (int lane = 0; lane < W; ++lane) {
        // a lane without a patient computes what its neighbour does
        seat_[lane] = order[first + (lane < active_count_ ? lane : 0)];
        sit(lane, seats_[seat_[lane]]);
        active_[lane] = lane < active_count_;
      }
      const int seated = active_count_;
      for (int step = 0; step < kRound && active_count_ > 0; ++step) advance(client);
      for (int lane = 0; lane < seated; ++lane) rise(lane, seats_[seat_[lane]]);
    }
  }
  return work_;
}

/// The coefficients of RODAS in the form that needs no product with the Jacobian.
struct Rodas {
  static constexpr double c[6] = {0, 0.386, 0.21, 0.63, 1, 1};
  static constexpr double d[6] = {0.25, -0.1043, 0.1035, -0.0362, 0, 0};
  static constexpr double a[6][5] = {{},
                                     {1.544},
                                     {0.9466785280815826, 0.2557011698983284},
                                     {3.314825187068521, 2.896124015972201, 0.9986419139977817},
                                     {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950},
                                     {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1}};
  static constexpr double b[6][5] = {{},
                                     {-5.6688},
                                     {-2.430093356833875, -0.2063599157091915},
                                     {-0.1073529058151375, -9.594562251023355, -20.47028614809616},
                                     {7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160},
                                     {8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054}};
};

template <class Model, class Real>
template <int Stage>
COLEY_INLINE void Rosenbrock<Model, Real>::stage() {
  for (int n = 0; n < used_; ++n) {
    const int i = states_[n];
    Real sum = Real(Rodas::a[Stage][0]) * u_[0][i];
    for (int j = 1; j < Stage; ++j) sum += Real(Rodas::a[Stage][j]) * u_[j][i];
    z_[i] = y_[i] + sum;
  }
  model_.derivative(z_, in_, t_ + Real(Rodas::c[Stage]) * taken_, u_[Stage]);
  const Real timed = Real(Rodas::d[Stage]) * taken_;
  for (int n = 0; n < used_; ++n) {
    const int i = states_[n];
    Real sum = Real(Rodas::b[Stage][0]) * u_[0][i];
    for (int j = 1; j < Stage; ++j) sum += Real(Rodas::b[Stage][j]) * u_[j][i];
    u_[Stage][i] += sum * per_taken_;
    if (Rodas::d[Stage] != 0 && timed_) u_[Stage][i] += timed * f_t_[i];
  }
  model_.solve(factors_, u_[Stage]);
}

/// One step of length taken_ from y_ to z_, with its error estimate in u_[5].
template <class Model, class Real>
COLEY_INLINE void Rosenbrock<Model, Real>::stages() {
  used_ = model_.states_in_use(in_, states_);
  timed_ = model_.depends_on_time(in_);
  per_taken_ = Real(1.0) / taken_;
  model_.linearise(y_, in_, t_, per_taken_ * Real(1.0 / kGamma), f_, factors_);
  for (int n = 0; n < used_; ++n) u_[0][states_[n]] = f_[states_[n]];
  if (timed_) {
    // derivative by time: a lane whose equations do not hold it finds exactly 0
    const Real later = t_ + Real(0x1.0p-20), per_shift = Real(1.0) / (later - t_);
    model_.derivative(y_, in_, later, f_t_);
    for (int n = 0; n < used_; ++n) {
      const int i = states_[n];
      f_t_[i] = (f_t_[i] - f_[i]) * per_shift;
      u_[0][i] += Real(Rodas::d[0]) * taken_ * f_t_[i];
    }
  }
  model_.solve(factors_, u_[0]);
  stage<1>();
  stage<2>();
  stage<3>();
  stage<4>();
  stage<5>();
  for (int n = 0; n < used_; ++n) z_[states_[n]] += u_[5][states_[n]];
}

template <class Model, class Real>
void Rosenbrock<Model, Real>::advance(BatchClient& client) {
  Real roots[Model::kRoots];
  bool any_fresh = false;
  for (int lane = 0; lane < W; ++lane) any_fresh = any_fresh || (active_[lane] && fresh_[lane]);
  if (any_fresh) {
    model_.roots(y_, in_, roots);
    for (int lane = 0; lane < W; ++lane) {
      if (!active_[lane] || !fresh_[lane]) continue;
      for (int r = 0; r < Model::kRoots; ++r) set_lane(root_before_[r], lane, get_lane(roots[r], lane));
      fresh_[lane] = false;
    }
  }

  // a root that had passed before this step began (two in one step, of which one was served) is served after a short one
  auto passed = less(Real(1.0), Real(0.0));
  for (int r = 0; r < Model::kRoots; ++r) passed = passed | less(Real(0.0), root_before_[r]);
  taken_ = smaller(h_, stop_ - t_);
  taken_ = select(passed, smaller(taken_, Real(tolerance_.root_days)), taken_);
  taken_ = larger(taken_, Real(1e-9));
  stages();

  const Real error = model_.error(u_[5], y_, z_, in_) / Real(tolerance_.relative);
  auto accepted = less_equal(error, Real(1.0));
  // the usual controller: 0.9 err^(-1/4), between a fifth and five times
  const auto finite = less_equal(error, Real(1e300));
  const Real factor = Real(0.9) / root(root(larger(select(finite, error, Real(1e300)), Real(1e-10))));
  Real next = taken_ * larger(Real(0.2), smaller(factor, Real(5.0)));

  // A root inside an accepted step: take the step again up to just beyond where the secant puts it, until the step ends
  // within root_days of the root.
  model_.roots(z_, in_, roots);
  auto crossed = less(Real(1.0), Real(0.0));
  Real fraction = Real(1.0);
  for (int r = 0; r < Model::kRoots; ++r) {
    crossed = crossed | less(Real(0.0), roots[r]);
    const Real secant = -root_before_[r] / larger(roots[r] - root_before_[r], Real(1e-300));
    fraction = select(less(Real(0.0), roots[r]), smaller(fraction, secant), fraction);
  }
  crossed = crossed & accepted;
  const auto too_long = crossed & (!passed) & less(Real(tolerance_.root_days), taken_ * (Real(1.0) - fraction));
  next = select(too_long, taken_ * larger(Real(0.02), smaller(fraction, Real(0.98))) + Real(0.25 * tolerance_.root_days), next);
  accepted = accepted & (!too_long);
  const auto rooted = crossed & (!too_long);

  t_ = select(accepted, t_ + taken_, t_);
  const auto at_stop = accepted & less_equal(stop_ - Real(1e-9), t_);
  t_ = select(at_stop, stop_, t_);
  for (int n = 0; n < used_; ++n) y_[states_[n]] = select(accepted, z_[states_[n]], y_[states_[n]]);
  for (int r = 0; r < Model::kRoots; ++r) root_before_[r] = select(accepted, roots[r], root_before_[r]);
  // a step cut short by a stop says nothing against the longer one that was planned
  next = select(at_stop, larger(next, h_), next);
  h_ = smaller(next, Real(tolerance_.largest_step));

  const auto failed = (!accepted) & less(h_, Real(tolerance_.smallest_step));
  work_.lane_slots += W;
  for (int lane = 0; lane < W; ++lane) {
    if (!active_[lane]) continue;
    accepted[lane] ? ++work_.steps : ++work_.rejected;
    if (failed[lane]) {
      serve(client, lane, Stop::failed);
    } else if (rooted[lane]) {
      serve(client, lane, Stop::root);
    } else if (at_stop[lane]) {
      serve(client, lane, Stop::time);
    }
  }
}

template <class Model, class Real>
void Rosenbrock<Model, Real>::serve(BatchClient& client, int lane, Stop reason) {
  ++work_.stops;
  switch (client.stop(view(lane), reason)) {
    case Next::unchanged: break;
    case Next::changed: restart_lane(lane); break;
    case Next::leave: load_lane(client, lane); break;
  }
}

}  // namespace coley::solver
