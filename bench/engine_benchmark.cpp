// SPDX-License-Identifier: Apache-2.0
// What a patient's course costs, and what it costs CVODE one patient at a time at the accuracy that is delivered.
//
//   engine_benchmark [patients]
//
// On `patients` virtual patients of keynote-564 (default 150), each on both arms for the whole follow-up, with doses, scans,
// lesion events and death: CPU time of one thread and the errors of ln tumour burden at scans against CVODE at 1e-10, for
// our integrator with every instruction set and for CVODE (BDF, dense Newton with its own difference Jacobian; Adams with
// fixed-point iteration) at a ladder of tolerances. The first ratio is that of the cheapest CVODE run to ours at its default
// tolerance, both within 1e-3 at 99 of 100 scans. Then whole-program rates: natural history and screening included, and with
// the natural history kept. The CVODE of the system is used; a build with -O3 may be faster.

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "../tests/reference/course/course_trace.hpp"
#include "biology/integrate.hpp"
#include "trial/enrol_trial.hpp"
#include "trial/kept_population.hpp"
#include "trial/run_trial.hpp"

namespace coley {
namespace {

constexpr double kAccuracy = 1e-3;  // of ln tumour burden, that both must reach at 99 of 100 scans

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

class Bench {
 public:
  explicit Bench(int patients) : design_(make_design(read_trial("keynote-564"))) {
    patients_ = enrol_trial(design_, {20261122, 0}, static_cast<std::uint64_t>(patients), {}).patients;
    for (const Patient& patient : patients_) {
      for (int arm = 0; arm < 2; ++arm) courses_.push_back({&patient, arm, static_cast<int>(design_.longest_follow_up)});
    }
    for (const PatientOnArm& course : courses_) exact_.push_back(trace_course(design_, course, {}, with_cvode({1e-10, 1e-13})));
  }

  struct Measured {
    double milliseconds = 0;  ///< a course
    CourseErrors errors;
  };

  /// The least of three runs, with the errors of each course.
  Measured measure(const solver::Tolerance& tolerance, const biology::Integrate& integrate) const {
    Measured result;
    double best = 1e300;
    for (int repeat = 0; repeat < 3; ++repeat) {
      const double start = cpu_seconds();
      run_courses(design_.setting, courses_, tolerance, {}, integrate);
      best = std::min(best, cpu_seconds() - start);
    }
    result.milliseconds = 1e3 * best / static_cast<double>(courses_.size());
    for (std::size_t i = 0; i < courses_.size(); ++i) result.errors.add(design_, trace_course(design_, courses_[i], tolerance, integrate), exact_[i]);
    return result;
  }

  std::size_t courses() const { return courses_.size(); }

 private:
  Design design_;
  std::vector<Patient> patients_;
  std::vector<PatientOnArm> courses_;
  std::vector<CourseTrace> exact_;
};

void print(const std::string& method, double tolerance, const Bench::Measured& m) {
  fmt::print("{:<24} {:>8.0e} {:>14.4f} {:>12.1e} {:>12.1e} {:>14}\n", method, tolerance, m.milliseconds, m.errors.burden_quantile(0.99), m.errors.burden_quantile(1), m.errors.other_day);
}

void compare(int patients) {
  const Bench bench(patients);
  fmt::print("{} courses of keynote-564, one thread; errors of ln tumour burden at scans\n\n", bench.courses());
  fmt::print("{:<24} {:>8} {:>14} {:>12} {:>12} {:>14}\n", "integrator", "tol", "ms a course", "error, 99 %", "largest", "other days");
  constexpr solver::Tolerance kDefault;
  Bench::Measured ours;
  double ours_at_equal_accuracy = 1e300;
  for (biology::InstructionSet set : biology::supported()) {
    const biology::Integrate with = [set](const biology::Constants& c, const solver::Tolerance& t, solver::BatchClient& client) {
      return biology::integrate_with(set, c, t, client);
    };
    const bool fastest = set == biology::supported().back();
    for (double tolerance : {1e-3, 3e-4, 1e-4, 3e-5, 1e-5}) {
      if (!fastest && tolerance != kDefault.relative) continue;
      solver::Tolerance t;
      t.relative = tolerance;
      const Bench::Measured m = bench.measure(t, with);
      if (fastest && tolerance == kDefault.relative) ours = m;
      if (fastest && m.errors.burden_quantile(0.99) <= kAccuracy) ours_at_equal_accuracy = std::min(ours_at_equal_accuracy, m.milliseconds);
      print("RODAS in lanes, " + biology::to_string(set), tolerance, m);
    }
  }
  double at_equal_accuracy = 1e300, at_equal_tolerance = 1e300;
  for (const auto& [name, method] : {std::pair{"CVODE BDF", CV_BDF}, std::pair{"CVODE Adams", CV_ADAMS}}) {
    for (double tolerance : {1e-4, 3e-5, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10}) {
      const Bench::Measured m = bench.measure({}, with_cvode({tolerance, tolerance * 1e-3}, method));
      print(name, tolerance, m);
      if (m.errors.burden_quantile(0.99) <= kAccuracy) at_equal_accuracy = std::min(at_equal_accuracy, m.milliseconds);
      if (tolerance == kDefault.relative) at_equal_tolerance = std::min(at_equal_tolerance, m.milliseconds);
    }
  }
  fmt::print("\nCVODE costs {:.1f} times as much, each at the tolerance that is cheapest within {:.0e} at 99 of 100 scans; {:.1f} times as much as ours at its default; "
             "{:.1f} times at the same nominal tolerance\n",
             at_equal_accuracy / ours_at_equal_accuracy, kAccuracy, at_equal_accuracy / ours.milliseconds, at_equal_tolerance / ours.milliseconds);
  if (ours.errors.burden_quantile(0.99) > kAccuracy) fmt::print("ours is NOT within that\n");
}

void whole_program() {
  const Design design = make_design(read_trial("keynote-564"));
  const long long size = design.protocol().population.size;
  double start = cpu_seconds();
  const Tally tally = simulate_trial(design, {.patients = size}, 0, size);
  const double all = cpu_seconds() - start;
  const auto folder = std::filesystem::temp_directory_path() / "coley-engine-benchmark";
  const KeptPopulation kept(design, folder.string(), {});
  const RunOptions with_kept{.patients = size, .kept = &kept};
  simulate_trial(design, with_kept, 0, size);  // keeps it
  start = cpu_seconds();
  for (int repeat = 0; repeat < 5; ++repeat) simulate_trial(design, with_kept, 0, size);
  const double courses = (cpu_seconds() - start) / 5;
  std::filesystem::remove_all(folder);
  const auto n = static_cast<double>(size);
  const auto line = [](const char* what, const solver::Work& work, double patients) {
    fmt::print("{:<18} {:>8.0f} steps, {:>6.0f} rejected, {:>6.1f} stops a randomised patient; {:.0f} % of lanes filled\n", what,
               static_cast<double>(work.steps) / patients, static_cast<double>(work.rejected) / patients,
               static_cast<double>(work.stops) / patients, 100.0 * static_cast<double>(work.steps + work.rejected) / static_cast<double>(work.lane_slots));
  };
  fmt::print("\nkeynote-564, {} randomised of {} screened, one thread\n", size, tally.screening.screened);
  line("natural history", tally.natural_history, n);
  line("course", tally.courses, n);
  fmt::print("{:.0f} randomised patients a second with natural history and screening, {:.0f} with the natural history kept\n", n / all, n / courses);
}

}  // namespace
}  // namespace coley

int main(int count, char** arguments) {
  coley::compare(count > 1 ? std::atoi(arguments[1]) : 150);
  coley::whole_program();
}
