// SPDX-License-Identifier: Apache-2.0
#include "solver/rosenbrock.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace coley::solver {
namespace {

struct AllInUse {
  int size = 1;
  bool timed = false;
};

/// Two decays and a clock; a root when the clock passes input 1.
struct Decays {
  static constexpr int kStates = 3, kInputs = 2, kRoots = 1, kOrigin = -1;
  using Use = AllInUse;
  template <class Real>
  void derivative(const Real* y, const Real* in, const Use&, Real, Real* dy) const {
    dy[0] = -in[0] * y[0];
    dy[1] = Real(-0.1) * y[1];
    dy[2] = Real(1.0);
  }
  template <class Real>
  void roots(const Real* y, const Real* in, const Use&, Real* g) const {
    g[0] = y[2] - in[1];
  }
  template <class Real>
  Real assess(const Real* e, const Real*, const Real* z, const Real* in, const Use& use, Real* g) const {
    roots(z, in, use, g);
    return larger(magnitude(e[0]), magnitude(e[1]));
  }
  template <class Real>
  struct Factors {
    Real pivot[3];
  };
  template <class Real>
  void linearise(const Real* y, const Real* in, const Use& use, Real t, Real w, Real* dy, Real*, Factors<Real>& f) const {
    derivative(y, in, use, t, dy);
    f.pivot[0] = w + in[0];
    f.pivot[1] = w + Real(0.1);
    f.pivot[2] = w;
  }
  template <class Real>
  void solve(const Factors<Real>& f, Real* r) const {
    for (int i = 0; i < 3; ++i) r[i] = r[i] / f.pivot[i];
  }
  template <class Real>
  Use in_use(const Real*, const Real*) const {
    return {.timed = false};
  }
  template <class Visit>
  static void each_state(const Use&, Visit visit) {
    for (int i = 0; i < kStates; ++i) visit(i);
  }
  template <class Visit>
  static void each_root_state(const Use& use, Visit visit) {
    each_state(use, visit);
  }
};

/// Patient p decays at rate 0.01 (p + 1) until day 100 + p; the root adds 1 to the first state once.
class Cohort : public BatchClient {
 public:
  explicit Cohort(int patients) : results(static_cast<std::size_t>(patients)), patients_(patients) {}
  bool load(LaneView lane) override {
    if (next_ == patients_) return false;
    const int p = who_[lane.seat] = next_++;
    lane.state(0) = lane.state(1) = 1;
    lane.state(2) = 0;
    lane.input(0) = 0.01 * (p + 1);
    lane.input(1) = 20.5 + 0.01 * p;
    *lane.time = 0;
    *lane.next_stop = 100 + p;
    return true;
  }
  Next stop(LaneView lane, Stop reason) override {
    const auto p = static_cast<std::size_t>(who_[lane.seat]);
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
  int who_[kMostSeats] = {};
};

TEST(Rosenbrock, DecayWithAJumpAtARoot) {
  const Decays model;
  Cohort cohort(37);
  Rosenbrock<Decays, double> solver(model, {.relative = 1e-8});
  const Work work = solver.integrate(cohort);
  EXPECT_GT(work.steps, 37);
  EXPECT_LT(cohort.root_error, 1e-3);
  for (int p = 0; p < 37; ++p) {
    const double rate = 0.01 * (p + 1), jump = 20.5 + 0.01 * p, end = 100 + p;
    const double exact = (std::exp(-rate * jump) + 1) * std::exp(-rate * (end - jump));
    EXPECT_NEAR(cohort.results[static_cast<std::size_t>(p)], exact, 1e-3 * rate * exact + 1e-7) << p;
  }
}

TEST(Rosenbrock, NeitherWidthNorNeighboursChangeABit) {
  const Decays model;
  Cohort one(37), two(37), four(11);
  Rosenbrock<Decays, float>(model, {.relative = 1e-6}).integrate(one);
  Rosenbrock<Decays, Lanes<float, 4>>(model, {.relative = 1e-6}).integrate(two);
  Rosenbrock<Decays, Lanes<float, 8>>(model, {.relative = 1e-6}).integrate(four);
  EXPECT_EQ(one.results, two.results);
  for (std::size_t p = 0; p < 11; ++p) EXPECT_EQ(one.results[p], four.results[p]);
}

/// y' = -k (y - sin t) + cos t and y' = -y^2, in steps of a given length: k = 1000 a day, 200 steps of stability by an
/// explicit method. The error of a step is never too large, so that the step stays at its limit.
struct Stiff {
  static constexpr int kStates = 2, kInputs = 1, kRoots = 1, kOrigin = -1;
  using Use = AllInUse;
  template <class Real>
  struct Factors {
    Real pivot[2];
  };
  template <class Real>
  void derivative(const Real* y, const Real* in, const Use&, Real t, Real* dy) const {
    Real sine, cosine;
    for (int lane = 0; lane < kWidth<Real>; ++lane) {
      set_lane(sine, lane, std::sin(get_lane(t, lane)));
      set_lane(cosine, lane, std::cos(get_lane(t, lane)));
    }
    dy[0] = -in[0] * (y[0] - sine) + cosine;
    dy[1] = -y[1] * y[1];
  }
  template <class Real>
  void linearise(const Real* y, const Real* in, const Use& use, Real t, Real w, Real* dy, Real* dy_t, Factors<Real>& f) const {
    derivative(y, in, use, t, dy);
    Real sine, cosine;
    for (int lane = 0; lane < kWidth<Real>; ++lane) {
      set_lane(sine, lane, std::sin(get_lane(t, lane)));
      set_lane(cosine, lane, std::cos(get_lane(t, lane)));
    }
    dy_t[0] = in[0] * cosine - sine;
    dy_t[1] = Real(0.0);
    f.pivot[0] = w + in[0];
    f.pivot[1] = w + Real(2.0) * y[1];
  }
  template <class Real>
  void solve(const Factors<Real>& f, Real* r) const {
    for (int i = 0; i < 2; ++i) r[i] = r[i] / f.pivot[i];
  }
  template <class Real>
  Use in_use(const Real*, const Real*) const {
    return {.timed = true};
  }
  template <class Visit>
  static void each_state(const Use&, Visit visit) {
    for (int i = 0; i < kStates; ++i) visit(i);
  }
  template <class Visit>
  static void each_root_state(const Use& use, Visit visit) {
    each_state(use, visit);
  }
  template <class Real>
  void roots(const Real*, const Real*, const Use&, Real* g) const {
    g[0] = Real(-1.0);
  }
  template <class Real>
  Real assess(const Real*, const Real*, const Real*, const Real*, const Use&, Real* g) const {
    g[0] = Real(-1.0);
    return Real(0.0);
  }
};

class One : public BatchClient {
 public:
  explicit One(double rate) : rate_(rate) {}
  bool load(LaneView lane) override {
    if (loaded_) return false;
    loaded_ = true;
    lane.state(0) = 0;
    lane.state(1) = 1;
    lane.input(0) = rate_;
    *lane.time = 0;
    *lane.next_stop = 2;
    return true;
  }
  Next stop(LaneView lane, Stop) override {
    end[0] = lane.state(0);
    end[1] = lane.state(1);
    return Next::leave;
  }
  double end[2] = {};

 private:
  double rate_;
  bool loaded_ = false;
};

double error_with_step(double rate, double step, int state) {
  One one(rate);
  Rosenbrock<Stiff, double>(Stiff{}, {.largest_step = step, .restart_step = step}).integrate(one);
  return std::fabs(one.end[state] - (state == 0 ? std::sin(2.0) : 1.0 / 3.0));
}

TEST(Rosenbrock, IsOfFourthOrderAtLeast) {
  for (int state : {0, 1}) {
    const double order = std::log2(error_with_step(1, 0.1, state) / error_with_step(1, 0.05, state));
    EXPECT_GT(order, 3.6) << state;
  }
}

TEST(Rosenbrock, IsStableOnADecayOfAThousandStepsADay) {
  EXPECT_LT(error_with_step(1000, 0.1, 0), 1e-5);
}

/// As Decays, but every step that decays by more than a millionth is too long.
struct Crawl : Decays {
  template <class Real>
  Real assess(const Real*, const Real* y, const Real* z, const Real* in, const Use& use, Real* g) const {
    roots(z, in, use, g);
    return magnitude(z[1] - y[1]);
  }
};

/// One patient, whatever ends the course.
class Crawler : public Cohort {
 public:
  Crawler() : Cohort(1) {}
  Next stop(LaneView lane, Stop reason) override {
    ended_by = reason;
    ended_at = *lane.time;
    return Next::leave;
  }
  Stop ended_by = Stop::time;
  double ended_at = 0;
};

TEST(Rosenbrock, APatientWhoseStepsCrawlIsGivenUp) {
  const Crawl model;
  Crawler crawler;
  const Work work = Rosenbrock<Crawl, float>(model, {.relative = 1e-6}).integrate(crawler);
  EXPECT_EQ(crawler.ended_by, Stop::failed);
  EXPECT_GT(crawler.ended_at, 0);
  EXPECT_LT(work.steps + work.rejected, 20000);
}

}  // namespace
}  // namespace coley::solver
