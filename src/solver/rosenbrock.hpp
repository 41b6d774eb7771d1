// SPDX-License-Identifier: Apache-2.0
#pragma once
// RODAS 4(3), a linearly implicit Rosenbrock method of six stages (Hairer and Wanner, Solving Ordinary Differential
// Equations II, 1996, section IV.10), many patients at a time. Each patient has a seat with its own clock, step and stops; the
// seat is filled again when its patient leaves. In rounds of a few steps, patients whose equations are of like size sit side
// by side in the lanes of a vector register: a patient's course does not depend on who they are.
//
// A Model gives, for a number type Real:
//   kStates, kInputs, kRoots               counts
//   kOrigin                                the input from which the model counts its time, t below, or -1: from 0
//   Use                                    which of the equations are in use in some lane; has `size` and `timed`, true when time
//                                          stands in them; `in_use(y, in)` finds it
//   each_state(use, visit)                 visit(i) for the states that can change in some lane; the others keep their values
//   Factors                                what it keeps of w - J, J the Jacobian
//   linearise(y, in, use, t, w, dy, dy_t, factors)   right-hand side per day, its derivative by time when timed, factors of w - J
//   derivative(y, in, use, t, dy)          right-hand side alone
//   solve(factors, r)                      (w - J) k = r in place
//   roots(y, in, use, g)                   functions that are negative until an event
//   each_root_state(use, visit)            visit(i) for the states that they read
//   assess(e, y, z, in, use, g) -> Real    the roots at z, and the size of the step's error estimate e between states y and z,
//                                          1 = just tolerable at relative tolerance 1
//
// Real may be single precision. A patient's clock, stop and time origin are kept in double, and only differences of them are
// rounded, so that decades of natural history do not cost the days of a trial.

#include <cstring>
#include <limits>

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

  static constexpr int kSeats = 32 * W < kMostSeats ? 32 * W : kMostSeats;
  static_assert(kSeats >= W);
  static constexpr int kRound = 16;  ///< steps between two seatings
  /// Between two stops, rejections included: where pools grow without end single precision comes to a crawl, and the patient counts
  /// as one who cannot be integrated. Ten are usual, a thousand are rare.
  static constexpr int kMostSteps = 10000;

  /// A patient between two rounds.
  struct Seat {
    double y[N], in[Model::kInputs], root_before[Model::kRoots], t, stop, h;
    bool active, fresh;
    int steps;  ///< since the last stop
    int size;  ///< of the patient's equations
  };

  LaneView view(int s) { return {seats_[s].y, seats_[s].in, &seats_[s].t, &seats_[s].stop, s}; }
  void sit(int lane);
  void sit_changed(int lane);
  void rise(int lane);
  int order_seats(int* order);
  static Real difference(const double* a, const double* b);
  double restart_step(double planned) const;
  void freshen();
  void stages();
  template <int Stage>
  void stage();
  void land(Mask<Real> crossed, Real* roots);
  void advance(BatchClient& client);
  void serve(BatchClient& client, int lane, Stop reason);

  const Model& model_;
  Tolerance tolerance_;
  Work work_;
  alignas(64) Real y_[N], z_[N], in_[Model::kInputs], u_[kStages][N], dy_[N], dy_t_[N];
  typename Model::template Factors<Real> factors_;
  typename Model::Use use_;
  double t_[W], stop_[W], origin_[W];
  Real h_, taken_, per_taken_, since_, root_before_[Model::kRoots];  ///< since_: t of the model
  bool active_[W], fresh_[W], stale_ = true;  ///< stale: a lane has changed since use_ was found
  int seat_[W], steps_[W];
  int active_count_ = 0;  // in the lanes
  Seat seats_[kSeats];
};

/// After anything has changed for a patient the step may be too long.
template <class Model, class Real>
double Rosenbrock<Model, Real>::restart_step(double planned) const {
  return planned > 0 && planned < tolerance_.restart_step ? planned : tolerance_.restart_step;
}

/// What the lanes hold has changed: finds which equations are in use, and the roots where a lane is fresh.
template <class Model, class Real>
void Rosenbrock<Model, Real>::freshen() {
  stale_ = false;
  use_ = model_.in_use(y_, in_);
  bool any_fresh = false;
  for (int lane = 0; lane < W; ++lane) any_fresh = any_fresh || (active_[lane] && fresh_[lane]);
  if (!any_fresh) return;
  Real roots[Model::kRoots];
  model_.roots(y_, in_, use_, roots);
  for (int lane = 0; lane < W; ++lane) {
    if (!active_[lane] || !fresh_[lane]) continue;
    for (int r = 0; r < Model::kRoots; ++r) set_lane(root_before_[r], lane, get_lane(roots[r], lane));
    fresh_[lane] = false;
  }
}

/// The patient's numbers in the lane. What the caller compares with states later is rounded as the lane rounds it, but for
/// what is beyond its range and stands for never.
template <class Model, class Real>
void Rosenbrock<Model, Real>::sit_changed(int lane) {
  using Scalar = typename ScalarOf<Real>::Type;
  Seat& seat = seats_[seat_[lane]];
  for (int i = 0; i < N; ++i) set_lane(y_[i], lane, seat.y[i]);
  for (int i = 0; i < Model::kInputs; ++i) {
    set_lane(in_[i], lane, seat.in[i]);
    if (kSingle<Real> && i != Model::kOrigin && seat.in[i] < std::numeric_limits<Scalar>::max()) seat.in[i] = static_cast<double>(static_cast<Scalar>(seat.in[i]));
  }
  t_[lane] = seat.t;
  stop_[lane] = seat.stop;
  origin_[lane] = Model::kOrigin < 0 ? 0 : seat.in[Model::kOrigin < 0 ? 0 : Model::kOrigin];
  set_lane(h_, lane, seat.h);
  active_[lane] = seat.active;
  fresh_[lane] = seat.fresh;
  steps_[lane] = seat.steps;
}

template <class Model, class Real>
void Rosenbrock<Model, Real>::sit(int lane) {
  sit_changed(lane);
  for (int r = 0; r < Model::kRoots; ++r) set_lane(root_before_[r], lane, seats_[seat_[lane]].root_before[r]);
}

/// The inputs in the seat are those of the lane already.
template <class Model, class Real>
void Rosenbrock<Model, Real>::rise(int lane) {
  Seat& seat = seats_[seat_[lane]];
  for (int i = 0; i < N; ++i) seat.y[i] = get_lane(y_[i], lane);
  for (int r = 0; r < Model::kRoots; ++r) seat.root_before[r] = get_lane(root_before_[r], lane);
  seat.t = t_[lane];
  seat.stop = stop_[lane];
  seat.h = get_lane(h_, lane);
  seat.active = active_[lane];
  seat.fresh = fresh_[lane];
  seat.steps = steps_[lane];
}

template <class Model, class Real>
Real Rosenbrock<Model, Real>::difference(const double* a, const double* b) {
  Real result;
  for (int lane = 0; lane < W; ++lane) set_lane(result, lane, a[lane] - b[lane]);
  return result;
}

/// Seats that are taken, by the size of their patients' equations; returns how many.
template <class Model, class Real>
int Rosenbrock<Model, Real>::order_seats(int* order) {
  int taken = 0;
  for (int s = 0; s < kSeats; ++s) {
    Seat& seat = seats_[s];
    if (!seat.active) continue;
    seat.size = model_.in_use(seat.y, seat.in).size;
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
    seat.active = client.load(view(s));
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
        sit(lane);
        active_[lane] = lane < active_count_;
      }
      stale_ = true;
      const int seated = active_count_;
      for (int step = 0; step < kRound && active_count_ > 0; ++step) advance(client);
      for (int lane = 0; lane < seated; ++lane) rise(lane);
    }
  }
  return work_;
}

/// The coefficients of RODAS in the form that needs no product with the Jacobian.
struct Rodas {
  static constexpr double gamma = 0.25;
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
  model_.each_state(use_, [&](int i) {
    if constexpr (Stage == 5) {  // a differs from that of stage 4 by the 1 at its end
      z_[i] += u_[4][i];
      return;
    }
    Real sum = Real(Rodas::a[Stage][0]) * u_[0][i];
    for (int j = 1; j < Stage; ++j) sum += Real(Rodas::a[Stage][j]) * u_[j][i];
    z_[i] = y_[i] + sum;
  });
  model_.derivative(z_, in_, use_, since_ + Real(Rodas::c[Stage]) * taken_, u_[Stage]);
  model_.each_state(use_, [&](int i) {
    Real sum = Real(Rodas::b[Stage][0]) * u_[0][i];
    for (int j = 1; j < Stage; ++j) sum += Real(Rodas::b[Stage][j]) * u_[j][i];
    u_[Stage][i] += sum * per_taken_;
  });
  const Real timed = Real(Rodas::d[Stage]) * taken_;
  if (Rodas::d[Stage] != 0 && use_.timed) model_.each_state(use_, [&](int i) { u_[Stage][i] += timed * dy_t_[i]; });
  model_.solve(factors_, u_[Stage]);
}

/// One step of length taken_ from y_ to z_, with its error estimate in u_[5].
template <class Model, class Real>
COLEY_INLINE void Rosenbrock<Model, Real>::stages() {
  per_taken_ = Real(1.0) / taken_;
  model_.linearise(y_, in_, use_, since_, per_taken_ * Real(1.0 / Rodas::gamma), dy_, dy_t_, factors_);
  model_.each_state(use_, [&](int i) { u_[0][i] = dy_[i]; });
  if (use_.timed) model_.each_state(use_, [&](int i) { u_[0][i] += Real(Rodas::d[0]) * taken_ * dy_t_[i]; });
  model_.solve(factors_, u_[0]);
  stage<1>();
  stage<2>();
  stage<3>();
  stage<4>();
  stage<5>();
  model_.each_state(use_, [&](int i) { z_[i] += u_[5][i]; });
}

/// Cuts the step short where lanes crossed a root: to just beyond it, on the cubic that has values and slopes of both ends. The
/// cubic errs by no more than a step may. Expects the roots at the end of the step and leaves those where it lands.
template <class Model, class Real>
void Rosenbrock<Model, Real>::land(Mask<Real> crossed, Real* roots) {
  constexpr int kMostTries = 60;
  model_.derivative(z_, in_, use_, since_ + taken_, u_[3]);
  model_.each_state(use_, [&](int i) {  // y + s (u0 + s (u1 + s u2))
    const Real rise = z_[i] - y_[i], start = dy_[i] * taken_, end = u_[3][i] * taken_;
    u_[0][i] = start;
    u_[1][i] = Real(3.0) * rise - Real(2.0) * start - end;
    u_[2][i] = start + end - Real(2.0) * rise;
  });
  const auto on_the_way = [&](int i, Real at) { return y_[i] + at * (u_[0][i] + at * (u_[1][i] + at * u_[2][i])); };
  Real low[Model::kRoots], high[Model::kRoots], tried[Model::kRoots], point[N];
  for (int r = 0; r < Model::kRoots; ++r) {
    low[r] = root_before_[r];
    high[r] = roots[r];
  }
  Real from(0.0), to(1.0);
  const Real width = Real(tolerance_.root_days) / taken_;
  auto open = crossed & less(width, to - from), rose = less(Real(1.0), Real(0.0)), fell = rose;
  for (int tries = 0; tries < kMostTries && any(open); ++tries) {
    // regula falsi on the first root to be crossed, a little beyond; an end that stays twice counts half (Illinois)
    Real fraction = Real(1.0);
    for (int r = 0; r < Model::kRoots; ++r) {
      const Real secant = -low[r] / larger(high[r] - low[r], Real(1e-30));
      fraction = select(less(Real(0.0), high[r]), smaller(fraction, secant), fraction);
    }
    const Real span = to - from;
    open = open & !(fell & less(span * (Real(1.0) - fraction), width));  // as far as can be told, `to` is just beyond already
    const Real at = from + smaller(larger(span * fraction + Real(0.25) * width, Real(0.01) * span), Real(0.99) * span);
    model_.each_root_state(use_, [&](int i) { point[i] = on_the_way(i, at); });
    model_.roots(point, in_, use_, tried);
    auto beyond = less(Real(1.0), Real(0.0));
    for (int r = 0; r < Model::kRoots; ++r) beyond = beyond | less(Real(0.0), tried[r]);
    beyond = beyond & open;
    const auto before = open & (!beyond);
    const auto halve_low = beyond & fell, halve_high = before & rose;
    for (int r = 0; r < Model::kRoots; ++r) {
      low[r] = select(before, tried[r], select(halve_low, Real(0.5) * low[r], low[r]));
      high[r] = select(beyond, tried[r], select(halve_high, Real(0.5) * high[r], high[r]));
      roots[r] = select(beyond, tried[r], roots[r]);
    }
    from = select(before, at, from);
    to = select(beyond, at, to);
    fell = beyond;
    rose = before;
    open = open & less(width, to - from);
  }
  const auto cut = less(to, Real(1.0));
  model_.each_state(use_, [&](int i) { z_[i] = select(cut, on_the_way(i, to), z_[i]); });
  taken_ = taken_ * to;
}

template <class Model, class Real>
void Rosenbrock<Model, Real>::advance(BatchClient& client) {
  Real roots[Model::kRoots];
  if (stale_) freshen();

  // a root that had passed before this step began (two in one step, of which one was served) is served after a short one
  auto passed = less(Real(1.0), Real(0.0));
  for (int r = 0; r < Model::kRoots; ++r) passed = passed | less(Real(0.0), root_before_[r]);
  const Real left = difference(stop_, t_);
  if (use_.timed) since_ = difference(t_, origin_);
  taken_ = smaller(h_, left);
  taken_ = select(passed, smaller(taken_, Real(tolerance_.root_days)), taken_);
  taken_ = larger(taken_, Real(1e-9));
  stages();

  const Real error = model_.assess(u_[5], y_, z_, in_, use_, roots) / Real(tolerance_.relative);
  const auto accepted = less_equal(error, Real(1.0));
  // the usual controller: 0.9 err^(-1/4), between a fifth and five times
  constexpr double kEndless = 1e30;
  const auto finite = less_equal(error, Real(kEndless));
  const Real factor = Real(0.9) / root(root(larger(select(finite, error, Real(kEndless)), Real(1e-10))));
  Real next = taken_ * larger(Real(0.2), smaller(factor, Real(5.0)));

  auto rooted = less(Real(1.0), Real(0.0));
  for (int r = 0; r < Model::kRoots; ++r) rooted = rooted | less(Real(0.0), roots[r]);
  rooted = rooted & accepted;
  const Real whole = taken_;
  if (const auto inside = rooted & (!passed); any(inside)) land(inside, roots);

  const auto at_stop = accepted & less_equal(left, taken_);
  model_.each_state(use_, [&](int i) { y_[i] = select(accepted, z_[i], y_[i]); });
  for (int r = 0; r < Model::kRoots; ++r) root_before_[r] = select(accepted, roots[r], root_before_[r]);
  // a step cut short by a stop or a root that was past says nothing against the longer one that was planned
  next = select(accepted & less(whole, h_), larger(next, h_), next);
  h_ = smaller(next, Real(tolerance_.largest_step));

  const auto failed = (!accepted) & less(h_, Real(tolerance_.smallest_step));
  work_.lane_slots += W;
  for (int lane = 0; lane < W; ++lane) {
    if (accepted[lane]) t_[lane] = at_stop[lane] ? stop_[lane] : t_[lane] + get_lane(taken_, lane);
    if (!active_[lane]) continue;
    accepted[lane] ? ++work_.steps : ++work_.rejected;
    if (failed[lane] || ++steps_[lane] > kMostSteps) {
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
  steps_[lane] = 0;
  rise(lane);
  Seat& seat = seats_[seat_[lane]];
  switch (client.stop(view(seat_[lane]), reason)) {
    case Next::unchanged: stop_[lane] = seat.stop; return;
    case Next::changed: seat.h = restart_step(seat.h); break;
    case Next::leave:
      seat.active = client.load(view(seat_[lane]));
      seat.h = restart_step(0);
      if (!seat.active) {
        --active_count_;
        seat.stop = seat.t;  // an idle lane takes steps of next to no length
      }
      break;
  }
  seat.fresh = stale_ = true;
  sit_changed(lane);
}

}  // namespace coley::solver
