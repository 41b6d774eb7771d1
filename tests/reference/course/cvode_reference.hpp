// SPDX-License-Identifier: Apache-2.0
#pragma once
// The same model and the same client in the hands of SUNDIALS CVODE (BDF, dense Newton, root finding), one patient at a
// time: an integrator that shares no line with ours, at a tolerance where its error can be neglected. For tests only:
// SUNDIALS is no dependency of the library.

#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "core/error.hpp"
#include "solver/batch_client.hpp"

namespace coley::solver {

/// Tolerances of the reference: relative, and absolute in the unit of each state. At a relative 1e-10 the day of a founder that
/// hangs on a slow intensity was off by a twentieth of a day, and the reference was what erred.
struct ReferenceTolerance {
  double relative = 1e-11;
  double absolute = 1e-13;
};

template <class Model>
class CvodeReference {
 public:
  /// `method` is CV_BDF (dense Newton) or CV_ADAMS (fixed-point iteration).
  explicit CvodeReference(const Model& model, ReferenceTolerance tolerance = {}, int method = CV_BDF);

  /// Integrates every patient that `client` supplies. Stops are served in the order in which ours serves them.
  Work integrate(BatchClient& client);

 private:
  template <class T>
  using Owned = std::unique_ptr<T, void (*)(T*)>;

  static int derivative(double t, N_Vector y, N_Vector dy, void* self) {
    const auto& me = *static_cast<CvodeReference*>(self);
    N_VConst(0.0, dy);
    me.model_.derivative(N_VGetArrayPointer(y), me.in_.data(), me.use_, t - me.origin(), N_VGetArrayPointer(dy));
    return 0;
  }
  static int roots(double, N_Vector y, double* g, void* self) {
    const auto& me = *static_cast<CvodeReference*>(self);
    me.model_.roots(N_VGetArrayPointer(y), me.in_.data(), me.use_, g);
    return 0;
  }
  static void check(int flag, const char* call) {
    if (flag < 0) throw RunError(std::string("the reference integrator failed in ") + call + " with " + std::to_string(flag));
  }

  double origin() const { return Model::kOrigin < 0 ? 0.0 : in_[static_cast<std::size_t>(Model::kOrigin < 0 ? 0 : Model::kOrigin)]; }
  double* states() { return N_VGetArrayPointer(y_.get()); }
  bool root_passed() const;
  void follow(BatchClient& client);
  Stop next_stop();

  const Model& model_;
  std::array<double, Model::kInputs> in_{};
  typename Model::Use use_{};
  double t_ = 0, stop_ = 0;
  Work work_;
  // destroyed in reverse order: the solver first, the context last
  Owned<_SUNContext> context_{nullptr, [](SUNContext c) { SUNContext_Free(&c); }};
  Owned<_generic_N_Vector> y_{nullptr, N_VDestroy};
  Owned<_generic_SUNMatrix> matrix_{nullptr, SUNMatDestroy};
  Owned<_generic_SUNLinearSolver> linear_{nullptr, [](SUNLinearSolver s) { SUNLinSolFree(s); }};
  Owned<_generic_SUNNonlinearSolver> fixed_point_{nullptr, [](SUNNonlinearSolver s) { SUNNonlinSolFree(s); }};
  Owned<void> cvode_{nullptr, [](void* c) { CVodeFree(&c); }};
};

template <class Model>
CvodeReference<Model>::CvodeReference(const Model& model, ReferenceTolerance tolerance, int method) : model_(model) {
  SUNContext context = nullptr;
  check(SUNContext_Create(nullptr, &context), "SUNContext_Create");
  context_.reset(context);
  y_.reset(N_VNew_Serial(Model::kStates, context));
  N_VConst(0.0, y_.get());
  matrix_.reset(SUNDenseMatrix(Model::kStates, Model::kStates, context));
  linear_.reset(SUNLinSol_Dense(y_.get(), matrix_.get(), context));
  cvode_.reset(CVodeCreate(method, context));
  check(CVodeInit(cvode_.get(), derivative, 0.0, y_.get()), "CVodeInit");
  check(CVodeSStolerances(cvode_.get(), tolerance.relative, tolerance.absolute), "CVodeSStolerances");
  check(CVodeSetUserData(cvode_.get(), this), "CVodeSetUserData");
  if (method == CV_ADAMS) {
    fixed_point_.reset(SUNNonlinSol_FixedPoint(y_.get(), 0, context));
    check(CVodeSetNonlinearSolver(cvode_.get(), fixed_point_.get()), "CVodeSetNonlinearSolver");
  } else {
    check(CVodeSetLinearSolver(cvode_.get(), linear_.get(), matrix_.get()), "CVodeSetLinearSolver");
  }
  check(CVodeSetMaxNumSteps(cvode_.get(), -1), "CVodeSetMaxNumSteps");
  // birth in Kendall's integral has a kink where growth ends: at this tolerance the step shrinks more often than the default 7
  check(CVodeSetMaxErrTestFails(cvode_.get(), 100), "CVodeSetMaxErrTestFails");
  check(CVodeSetMaxConvFails(cvode_.get(), 100), "CVodeSetMaxConvFails");
  check(CVodeRootInit(cvode_.get(), Model::kRoots, roots), "CVodeRootInit");
  std::array<int, Model::kRoots> rising;
  rising.fill(1);
  check(CVodeSetRootDirection(cvode_.get(), rising.data()), "CVodeSetRootDirection");
  check(CVodeSetNoInactiveRootWarn(cvode_.get()), "CVodeSetNoInactiveRootWarn");
}

template <class Model>
Work CvodeReference<Model>::integrate(BatchClient& client) {
  work_ = {};
  while (client.load({states(), in_.data(), &t_, &stop_, 0})) follow(client);
  work_.lane_slots = work_.steps;
  return work_;
}

/// One patient from load to leave.
template <class Model>
void CvodeReference<Model>::follow(BatchClient& client) {
  for (Next next = Next::changed; next != Next::leave;) {
    if (next == Next::changed) {
      use_ = model_.in_use(states(), in_.data());
      check(CVodeReInit(cvode_.get(), t_, y_.get()), "CVodeReInit");
    }
    const Stop reason = next_stop();
    ++work_.stops;
    next = client.stop({states(), in_.data(), &t_, &stop_, 0}, reason);
  }
}

template <class Model>
bool CvodeReference<Model>::root_passed() const {
  std::array<double, Model::kRoots> g;
  model_.roots(N_VGetArrayPointer(y_.get()), in_.data(), use_, g.data());
  return *std::max_element(g.begin(), g.end()) > 0;
}

/// Steps until something is to be served.
template <class Model>
Stop CvodeReference<Model>::next_stop() {
  for (;;) {
    if (root_passed()) return Stop::root;
    if (t_ >= stop_ - 1e-9) {
      t_ = stop_;
      return Stop::time;
    }
    check(CVodeSetStopTime(cvode_.get(), stop_), "CVodeSetStopTime");
    const int flag = CVode(cvode_.get(), stop_, y_.get(), &t_, CV_ONE_STEP);
    if (flag < 0) return Stop::failed;
    ++work_.steps;
    // stopped on a root that is exactly zero: a fresh start takes a minute step beyond it
    if (flag == CV_ROOT_RETURN && !root_passed()) check(CVodeReInit(cvode_.get(), t_, y_.get()), "CVodeReInit");
  }
}

}  // namespace coley::solver
