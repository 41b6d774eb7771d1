// SPDX-License-Identifier: Apache-2.0
// How many steps an exponential scheme made for the model takes for the error that RODAS has (docs/decisions/0036).
//
//   exponential_check [patients]
//
// ETD-Heun: the diagonal of the Jacobian is made exact, the rest is corrected once (Cox and Matthews, J Comput Phys
// 2002;176:430, their ETD2RK); two right-hand sides a step. Both schemes in double precision, one patient at a time, on the same
// people of keynote-564 (natural history of those who are screened for `patients` places; courses start from the same
// snapshots), with the same measure of error, roots on the same kind of cubic; errors of ln tumour burden against CVODE at 1e-10.

#include <fmt/format.h>

#include <array>
#include <cstdlib>

#include "../tests/reference/course/course_trace.hpp"
#include "population/enrolment.hpp"
#include "solver/rosenbrock.hpp"

namespace coley {
namespace {

using biology::TumourImmune;
constexpr int N = TumourImmune::kStates;
using Vector = std::array<double, N>;

class ExponentialHeun {
 public:
  ExponentialHeun(const TumourImmune& model, solver::Tolerance tolerance) : model_(model), tolerance_(tolerance) {}

  solver::Work integrate(solver::BatchClient& client) {
    while (client.load(view())) follow(client);
    return work_;
  }

 private:
  solver::LaneView view() { return {y_.data(), in_.data(), &t_, &stop_, 0}; }
  double in_model(double t) const { return t - in_[TumourImmune::kOrigin]; }
  Vector derivative(const Vector& y, double t) const {
    Vector dy{};
    model_.derivative(y.data(), in_.data(), use_, in_model(t), dy.data());
    return dy;
  }
  bool crossed(const Vector& y) const {
    std::array<double, TumourImmune::kRoots> g;
    model_.roots(y.data(), in_.data(), use_, g.data());
    return *std::max_element(g.begin(), g.end()) > 0;
  }

  /// By differences: what it costs is not counted, since a scheme that is used would have it in closed form.
  Vector diagonal(const Vector& f) const {
    Vector result{};
    model_.each_state(use_, [&](int k) {
      const auto i = static_cast<std::size_t>(k);
      Vector shifted = y_;
      const double by = 1e-6 * (std::fabs(y_[i]) + 1e-3);
      shifted[i] += by;
      result[i] = (derivative(shifted, t_)[i] - f[i]) / by;
    });
    return result;
  }

  void follow(solver::BatchClient& client) {
    h_ = tolerance_.restart_step;
    for (solver::Next next = solver::Next::changed; next != solver::Next::leave;) {
      if (next == solver::Next::changed) {
        use_ = model_.in_use(y_.data(), in_.data());
        h_ = std::min(h_, tolerance_.restart_step);
      }
      const solver::Stop reason = advance();
      ++work_.stops;
      next = client.stop(view(), reason);
    }
  }

  /// Steps until something is to be served.
  solver::Stop advance() {
    for (;;) {
      if (crossed(y_)) return solver::Stop::root;
      if (t_ >= stop_) return solver::Stop::time;
      const double taken = std::min(h_, stop_ - t_);
      const Vector f0 = derivative(y_, t_), rate = diagonal(f0);
      Vector phi2{}, a = y_;
      model_.each_state(use_, [&](int k) {
        const auto i = static_cast<std::size_t>(k);
        const double z = taken * rate[i], phi1 = std::fabs(z) < 1e-4 ? 1 + z / 2 : std::expm1(z) / z;
        phi2[i] = std::fabs(z) < 1e-4 ? 0.5 + z / 6 : (phi1 - 1) / z;
        a[i] += taken * phi1 * f0[i];
      });
      const Vector f1 = derivative(a, t_ + taken);
      Vector z = a, e{};
      model_.each_state(use_, [&](int k) {
        const auto i = static_cast<std::size_t>(k);
        e[i] = taken * phi2[i] * (f1[i] - f0[i] - rate[i] * (a[i] - y_[i]));
        z[i] += e[i];
      });
      std::array<double, TumourImmune::kRoots> g;
      const double error = model_.assess(e.data(), y_.data(), z.data(), in_.data(), use_, g.data()) / tolerance_.relative;
      const double planned = taken * std::clamp(0.9 / std::sqrt(std::max(error, 1e-10)), 0.2, 5.0);
      if (!(error <= 1)) {
        ++work_.rejected;
        h_ = std::isfinite(error) ? planned : 0.2 * taken;
        if (h_ < tolerance_.smallest_step) return solver::Stop::failed;
        continue;
      }
      ++work_.steps;
      h_ = std::min(taken < h_ ? std::max(planned, h_) : planned, tolerance_.largest_step);
      const double reached = crossed(z) ? land(f0, derivative(z, t_ + taken), z, taken) : taken;
      t_ = reached == taken && taken == stop_ - t_ ? stop_ : t_ + reached;
      y_ = z;
    }
  }

  /// Just beyond the first root on the cubic with values and slopes of both ends, by bisection.
  double land(const Vector& start, const Vector& end, Vector& z, double taken) const {
    const Vector whole = z;
    const auto go_to = [&](double s) {
      for (std::size_t i = 0; i < whole.size(); ++i) {
        const double rise = whole[i] - y_[i], u0 = start[i] * taken, u1 = end[i] * taken;
        z[i] = y_[i] + s * (u0 + s * (3 * rise - 2 * u0 - u1 + s * (u0 + u1 - 2 * rise)));
      }
    };
    double low = 0, high = 1;
    while ((high - low) * taken > 0.1 * tolerance_.root_days) {
      const double middle = 0.5 * (low + high);
      go_to(middle);
      (crossed(z) ? high : low) = middle;
    }
    go_to(high);
    return high * taken;
  }

  const TumourImmune& model_;
  solver::Tolerance tolerance_;
  biology::InUse use_{};
  Vector y_{};
  std::array<double, biology::kInputs> in_{};
  double t_ = 0, stop_ = 0, h_ = 0;
  solver::Work work_;
};

biology::Integrate with_exponential() {
  return [](const biology::Constants& constants, const solver::Tolerance& tolerance, solver::BatchClient& client) {
    const TumourImmune model(constants);
    return ExponentialHeun(model, tolerance).integrate(client);
  };
}

biology::Integrate with_rodas() {
  return [](const biology::Constants& constants, const solver::Tolerance& tolerance, solver::BatchClient& client) {
    const TumourImmune model(constants);
    return solver::Rosenbrock<TumourImmune, double>(model, tolerance).integrate(client);
  };
}

void check(std::uint64_t patients) {
  const Design design = make_design(read_trial("keynote-564"));
  const auto people = [&](const solver::Tolerance& tolerance, const biology::Integrate& integrate) {
    return enrol(design.protocol().population, design.setting.disease, {20261122, 0}, patients, tolerance, integrate);
  };
  const std::vector<Patient> enrolled = people({}, biology::integrate).patients;
  std::vector<PatientOnArm> courses;
  for (const Patient& patient : enrolled) {
    for (int arm = 0; arm < 2; ++arm) courses.push_back({&patient, arm, static_cast<int>(design.longest_follow_up)});
  }
  std::vector<CourseTrace> exact;
  for (const PatientOnArm& course : courses) exact.push_back(trace_course(design, course, {}, with_cvode({1e-10, 1e-13})));

  fmt::print("{:<10} {:>9} {:>22} {:>22} {:>12} {:>12} {:>12}\n", "scheme", "tolerance", "steps, natural history", "steps, courses", "error, 50 %", "99 %", "largest");
  const auto line = [&](const char* name, double relative, const biology::Integrate& integrate) {
    solver::Tolerance tolerance;
    tolerance.relative = relative;
    const solver::Work history = people(tolerance, integrate).work, work = run_courses(design.setting, courses, tolerance, {}, integrate).work;
    CourseErrors errors;
    for (std::size_t i = 0; i < courses.size(); ++i) errors.add(design, trace_course(design, courses[i], tolerance, integrate), exact[i]);
    fmt::print("{:<10} {:>9.0e} {:>14} + {:>5} {:>14} + {:>5} {:>12.1e} {:>12.1e} {:>12.1e}\n", name, relative, history.steps, history.rejected, work.steps, work.rejected,
               errors.burden_quantile(0.5), errors.burden_quantile(0.99), errors.burden_quantile(1));
    std::fflush(stdout);
  };
  for (double tolerance : {1e-3, 1e-4, 1e-5}) line("RODAS", tolerance, with_rodas());
  for (double tolerance : {1e-1, 1e-2, 1e-3, 1e-4}) line("ETD-Heun", tolerance, with_exponential());
}

}  // namespace
}  // namespace coley

int main(int count, char** words) { coley::check(static_cast<std::uint64_t>(std::max(1L, count > 1 ? std::atol(words[1]) : 40))); }
