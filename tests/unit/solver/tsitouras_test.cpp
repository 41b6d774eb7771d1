// SPDX-License-Identifier: Apache-2.0
#include "solver/tsitouras.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace coley::solver {
namespace {

/// Two decays and a clock; a root when the clock passes input 1.
struct Decays {
  static constexpr int kStates = 3, kInputs = 2, kRoots = 1;
  template <class Real>
  void derivative(const Real* y, const Real* in, Real, Real* dy) const {
    dy[0] = -in[0] * y[0];
    dy[1] = Real(-0.1) * y[1];
    dy[2] = Real(1.0);
  }
  template <class Real>
  Real error(const Real* e, const Real*, const Real*, const Real*) const {
    return larger(magnitude(e[0]), magnitude(e[1]));
  }
  template <class Real>
  void roots(const Real* y, const Real* in, Real* g) const {
    g[0] = y[2] - in[1];
  }
  template <class Real>
  Mask<Real> notice(const Real*, const Real*) const {
    return less(Real(1.0), Real(0.0));
  }
};

/// Patient p decays at rate 0.01 (p + 1) until day 100 + p; the root adds 1 to the first state once.
class Cohort : public BatchClient {
 public:
  explicit Cohort(int patients) : results(static_cast<std::size_t>(patients)), patients_(patients) {}
  bool load(LaneView lane) override {
    if (next_ == patients_) return false;
    const int p = who_[lane.lane] = next_++;
    lane.state(0) = lane.state(1) = 1;
    lane.state(2) = 0;
    lane.input(0) = 0.01 * (p + 1);
    lane.input(1) = 20.5 + 0.01 * p;
    *lane.time = 0;
    *lane.next_stop = 100 + p;
    return true;
  }
  Next stop(LaneView lane, Stop reason) override {
    const auto p = static_cast<std::size_t>(who_[lane.lane]);
    if (reason == Stop::root) {
      root_error = std::max(root_error, std::fabs(*lane.time - (20.5 + 0.01 * static_cast<double>(p))));
      lane.state(0) += 1;
      lane.input(1) = 1e300;
      return Next::changed;
    }
    EXPECT_EQ(reason, Stop::time);
    EXPECT_EQ(*lane.time, 100.0 + static_cast<double>(p));
    results[p] = lane.state(0);
    return Next::leave;
  }
  std::vector<double> results;
  double root_error = 0;

 private:
  int patients_, next_ = 0;
  int who_[16] = {};
};

TEST(Tsitouras, DecayWithAJumpAtARoot) {
  const Decays model;
  Cohort cohort(37);
  Tsitouras<Decays, Lanes<4>> solver(model, {.relative = 1e-8});
  const Work work = solver.integrate(cohort);
  EXPECT_GT(work.steps, 37);
  EXPECT_LT(cohort.root_error, 1e-3);
  for (int p = 0; p < 37; ++p) {
    const double rate = 0.01 * (p + 1), jump = 20.5 + 0.01 * p, end = 100 + p;
    const double exact = (std::exp(-rate * jump) + 1) * std::exp(-rate * (end - jump));
    EXPECT_NEAR(cohort.results[static_cast<std::size_t>(p)], exact, 1e-3 * rate * exact + 1e-7) << p;
  }
}

TEST(Tsitouras, NeitherWidthNorNeighboursChangeABit) {
  const Decays model;
  Cohort one(37), two(37), four(11);
  Tsitouras<Decays, double>(model, {.relative = 1e-6}).integrate(one);
  Tsitouras<Decays, Lanes<2>>(model, {.relative = 1e-6}).integrate(two);
  Tsitouras<Decays, Lanes<4>>(model, {.relative = 1e-6}).integrate(four);
  EXPECT_EQ(one.results, two.results);
  for (std::size_t p = 0; p < 11; ++p) EXPECT_EQ(one.results[p], four.results[p]);
}

}  // namespace
}  // namespace coley::solver
