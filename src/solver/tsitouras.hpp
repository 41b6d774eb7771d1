// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tsitouras 5(4) explicit Runge-Kutta (Comput Math Appl 62:770, 2011), many patients at a time. Each lane has its own clock,
// step and stops, and is refilled when its patient leaves; a patient's course does not depend on who shares the batch.
//
// A Model gives, for a number type Real:
//   kStates, kInputs, kRoots           counts
//   derivative(y, in, t, dy)           right-hand side, per day
//   error(e, y, z, in) -> Real         size of the step's error estimate e between states y and z, 1 = just tolerable at
//                                      relative tolerance 1
//   roots(y, in, g)                    functions that are negative until an event
//   notice(y, in) -> Mask              lanes that need attention at the end of a step

#include <cstring>

#include "solver/batch_client.hpp"
#include "solver/elementary.hpp"

namespace coley::solver {

template <class Model, class Real>
class Tsitouras {
 public:
  Tsitouras(const Model& model, Tolerance tolerance) : model_(model), tolerance_(tolerance) {}

  /// Integrates every patient that `client` supplies; returns what it cost.
  Work integrate(BatchClient& client);

 private:
  static constexpr int W = kWidth<Real>;
  static constexpr int N = Model::kStates;

  LaneView view(int lane) {
    return {reinterpret_cast<double*>(y_) + lane, reinterpret_cast<double*>(in_) + lane,
            reinterpret_cast<double*>(&t_) + lane, reinterpret_cast<double*>(&stop_) + lane, W, lane};
  }
  void load_lane(BatchClient& client, int lane);
  void restart_lane(int lane);
  void stages();
  void advance(BatchClient& client);
  void serve(BatchClient& client, int lane, Stop reason);

  const Model& model_;
  Tolerance tolerance_;
  Work work_;
  alignas(64) Real y_[N], z_[N], in_[Model::kInputs], k_[7][N], e_[N];
  Real t_, stop_, h_, taken_, root_before_[Model::kRoots];
  bool active_[W], fresh_[W];
  int active_count_ = 0;
};

template <class Model, class Real>
void Tsitouras<Model, Real>::load_lane(BatchClient& client, int lane) {
  active_[lane] = client.load(view(lane));
  if (!active_[lane]) {
    --active_count_;
    set_lane(stop_, lane, get_lane(t_, lane));  // an idle lane takes steps of length zero
    return;
  }
  set_lane(h_, lane, 0.0);
  restart_lane(lane);
}

/// After anything has changed in a lane: derivative and step must be found anew.
template <class Model, class Real>
void Tsitouras<Model, Real>::restart_lane(int lane) {
  fresh_[lane] = true;
  const double planned = get_lane(h_, lane);
  set_lane(h_, lane, planned > 0 && planned < tolerance_.restart_step ? planned : tolerance_.restart_step);
}

template <class Model, class Real>
Work Tsitouras<Model, Real>::integrate(BatchClient& client) {
  work_ = {};
  std::memset(static_cast<void*>(y_), 0, sizeof y_);
  std::memset(static_cast<void*>(in_), 0, sizeof in_);
  std::memset(static_cast<void*>(k_), 0, sizeof k_);
  t_ = stop_ = h_ = Real(0.0);
  active_count_ = W;
  for (int lane = 0; lane < W; ++lane) load_lane(client, lane);
  while (active_count_ > 0) advance(client);
  return work_;
}

template <class Model, class Real>
COLEY_INLINE void Tsitouras<Model, Real>::stages() {
  static constexpr double c[7] = {0, 0.161, 0.327, 0.9, 0.9800255409045097, 1, 1};
  static constexpr double a[7][6] = {
      {0, 0, 0, 0, 0, 0},
      {0.161, 0, 0, 0, 0, 0},
      {-0.008480655492356989, 0.335480655492357, 0, 0, 0, 0},
      {2.8971530571054935, -6.359448489975075, 4.3622954328695815, 0, 0, 0},
      {5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525, 0, 0},
      {5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383, 0},
      {0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774}};
  static constexpr double b_error[7] = {-0.00178001105222577714, -0.0008164344596567469, 0.007880878010261995,
                                        -0.1447110071732629,     0.5823571654525552,     -0.45808210592918697,
                                        0.015151515151515152};
  for (int s = 1; s < 7; ++s) {
    for (int i = 0; i < N; ++i) {
      Real sum = Real(a[s][0]) * k_[0][i];
      for (int j = 1; j < s; ++j) sum += Real(a[s][j]) * k_[j][i];
      z_[i] = y_[i] + taken_ * sum;
    }
    model_.derivative(z_, in_, t_ + Real(c[s]) * taken_, k_[s]);
  }
  for (int i = 0; i < N; ++i) {
    Real sum = Real(b_error[0]) * k_[0][i];
    for (int s = 1; s < 7; ++s) sum += Real(b_error[s]) * k_[s][i];
    e_[i] = taken_ * sum;
  }
}

template <class Model, class Real>
void Tsitouras<Model, Real>::advance(BatchClient& client) {
  bool any_fresh = false;
  for (int lane = 0; lane < W; ++lane) any_fresh = any_fresh || (active_[lane] && fresh_[lane]);
  if (any_fresh) {
    Real first[N], roots[Model::kRoots];
    model_.derivative(y_, in_, t_, first);
    model_.roots(y_, in_, roots);
    for (int lane = 0; lane < W; ++lane) {
      if (!active_[lane] || !fresh_[lane]) continue;
      for (int i = 0; i < N; ++i) set_lane(k_[0][i], lane, get_lane(first[i], lane));
      for (int r = 0; r < Model::kRoots; ++r) set_lane(root_before_[r], lane, get_lane(roots[r], lane));
      fresh_[lane] = false;
    }
  }

  // a root that had passed before this step began (two in one step, of which one was served) is served after a short one
  auto passed = less(Real(1.0), Real(0.0));
  for (int r = 0; r < Model::kRoots; ++r) passed = passed | less(Real(0.0), root_before_[r]);
  taken_ = smaller(h_, stop_ - t_);
  taken_ = select(passed, smaller(taken_, Real(tolerance_.root_days)), taken_);
  stages();

  const Real error = model_.error(e_, y_, z_, in_) / Real(tolerance_.relative);
  auto accepted = less_equal(error, Real(1.0));
  // the usual controller: 0.9 err^(-1/5), between a fifth and five times
  const auto finite = less_equal(error, Real(1e300));
  const Real factor = Real(0.9) * exp(Real(-0.2) * log(larger(select(finite, error, Real(1e300)), Real(1e-10))));
  Real next = taken_ * larger(Real(0.2), smaller(factor, Real(5.0)));

  // A root inside an accepted step: take the step again up to just beyond where the secant puts it, until the step ends
  // within root_days of the root.
  Real roots[Model::kRoots];
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
  for (int i = 0; i < N; ++i) {
    y_[i] = select(accepted, z_[i], y_[i]);
    k_[0][i] = select(accepted, k_[6][i], k_[0][i]);
  }
  for (int r = 0; r < Model::kRoots; ++r) root_before_[r] = select(accepted, roots[r], root_before_[r]);
  // a step cut short by a stop says nothing against the longer one that was planned
  next = select(at_stop, larger(next, h_), next);
  h_ = smaller(next, Real(tolerance_.largest_step));

  const auto noticed = model_.notice(y_, in_) & accepted;
  const auto failed = (!accepted) & less(h_, Real(tolerance_.smallest_step));
  work_.lane_slots += W;
  for (int lane = 0; lane < W; ++lane) {
    if (!active_[lane]) continue;
    accepted[lane] ? ++work_.steps : ++work_.rejected;
    if (failed[lane]) {
      serve(client, lane, Stop::failed);
    } else if (noticed[lane]) {
      serve(client, lane, Stop::notice);
    } else if (rooted[lane]) {
      serve(client, lane, Stop::root);
    } else if (at_stop[lane]) {
      serve(client, lane, Stop::time);
    }
  }
}

template <class Model, class Real>
void Tsitouras<Model, Real>::serve(BatchClient& client, int lane, Stop reason) {
  ++work_.stops;
  switch (client.stop(view(lane), reason)) {
    case Next::unchanged: break;
    case Next::changed: restart_lane(lane); break;
    case Next::leave: load_lane(client, lane); break;
  }
}

}  // namespace coley::solver
