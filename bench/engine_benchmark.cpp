// SPDX-License-Identifier: Apache-2.0
// What a patient's course costs, and what it costs CVODE one patient at a time at the accuracy that is delivered.
//
//   engine_benchmark [patients]
//
// On `patients` virtual patients of keynote-564 (default 150), each on both arms for the whole follow-up, with doses, scans,
// lesion events and death: CPU time of one thread and the largest error of log cells at scans against CVODE at 1e-10, for
// our integrator with every instruction set and for CVODE (BDF, dense Newton with its own difference Jacobian; Adams with
// fixed-point iteration) at a ladder of tolerances. The ratio is that of the cheapest CVODE run to ours at its default
// tolerance, both within 1e-3 in log cells. Then whole-program rates: natural history and screening included, and with the natural history
// kept. The CVODE of the system is used; a build with -O3 may be faster.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <vector>

#include "../tests/reference/course/cvode_reference.hpp"
#include "biology/integrate.hpp"
#include "course/course.hpp"
#include "trial/enrol_trial.hpp"
#include "trial/kept_population.hpp"
#include "trial/run_trial.hpp"

namespace coley {
namespace {

constexpr double kAccuracy = 1e-3;  // of log cells, that both must reach

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct Trace {
  std::map<double, std::array<double, biology::kLesions>> sizes;  ///< by day; NaN where there is no lesion
  Outcome outcome;
};

class Bench {
 public:
  explicit Bench(int patients) : design_(make_design(read_trial("keynote-564"))) {
    patients_ = enrol_trial(design_, {20261122, 0}, static_cast<std::uint64_t>(patients), {}).patients;
    for (const Patient& patient : patients_) {
      for (int arm = 0; arm < 2; ++arm) courses_.push_back({&patient, arm, static_cast<int>(design_.longest_follow_up)});
    }
    for (const PatientOnArm& course : courses_) exact_.push_back(trace(course, {}, cvode(CV_BDF, {1e-10, 1e-13})));
  }

  static biology::Integrate cvode(int method, solver::ReferenceTolerance tolerance) {
    return [=](const biology::Constants& constants, const solver::Tolerance&, solver::BatchClient& client) {
      const biology::TumourImmune model(constants);
      return solver::CvodeReference<biology::TumourImmune>(model, tolerance, method).integrate(client);
    };
  }

  struct Measured {
    double milliseconds = 0;  ///< a course
    double error = 0;         ///< largest, of log cells
    long long days = 0;       ///< of OS and DFS that differ
  };

  Measured measure(const solver::Tolerance& tolerance, const biology::Integrate& integrate) const {
    Measured result;
    double best = 1e300;
    for (int repeat = 0; repeat < 3; ++repeat) {
      const double start = cpu_seconds();
      run_courses(design_.setting, courses_, tolerance, {}, integrate);
      best = std::min(best, cpu_seconds() - start);
    }
    result.milliseconds = 1e3 * best / static_cast<double>(courses_.size());
    for (std::size_t i = 0; i < courses_.size(); ++i) {
      const Trace ours = trace(courses_[i], tolerance, integrate);
      result.days += ours.outcome.death_day != exact_[i].outcome.death_day;
      result.days += ours.outcome.recurrence_day != exact_[i].outcome.recurrence_day;
      for (const auto& [day, sizes] : ours.sizes) {
        const auto theirs = exact_[i].sizes.find(day);
        if (theirs == exact_[i].sizes.end()) continue;
        for (std::size_t slot = 0; slot < sizes.size(); ++slot) {
          const double difference = std::fabs(sizes[slot] - theirs->second[slot]);
          if (std::isfinite(difference)) result.error = std::max(result.error, difference);
        }
      }
    }
    return result;
  }

  std::size_t courses() const { return courses_.size(); }

 private:
  Trace trace(const PatientOnArm& course, const solver::Tolerance& tolerance, const biology::Integrate& integrate) const {
    Trace result;
    const auto& days = design_.setting.scan_days;
    const Witness witness = [&](const Moment& moment) {
      if (moment.day != std::floor(moment.day) || !std::binary_search(days.begin(), days.end(), static_cast<int>(moment.day))) return;
      auto& sizes = result.sizes[moment.day];
      for (int slot = 0; slot < biology::kLesions; ++slot) {
        const bool alive = moment.inputs[biology::input_index(&biology::Inputs<double>::alive, slot)] != 0;
        sizes[static_cast<std::size_t>(slot)] = alive ? moment.states[biology::State::x + slot] : NAN;
      }
    };
    result.outcome = run_courses(design_.setting, {&course, 1}, tolerance, witness, integrate).outcomes.front();
    return result;
  }

  Design design_;
  std::vector<Patient> patients_;
  std::vector<PatientOnArm> courses_;
  std::vector<Trace> exact_;
};

void print(const std::string& method, double tolerance, const Bench::Measured& m) {
  fmt::print("{:<24} {:>8.0e} {:>14.3f} {:>16.1e} {:>14}\n", method, tolerance, m.milliseconds, m.error, m.days);
}

void compare(int patients) {
  const Bench bench(patients);
  fmt::print("{} courses of keynote-564, one thread\n\n", bench.courses());
  fmt::print("{:<24} {:>8} {:>14} {:>16} {:>14}\n", "integrator", "tol", "ms a course", "error, ln cells", "days that differ");
  Bench::Measured ours;
  for (biology::InstructionSet set : biology::supported()) {
    const biology::Integrate with = [set](const biology::Constants& c, const solver::Tolerance& t, solver::BatchClient& client) {
      return biology::integrate_with(set, c, t, client);
    };
    for (double tolerance : {1e-3, 1e-4, 1e-5, 1e-6}) {
      const bool fastest = set == biology::supported().back();
      if (!fastest && tolerance != 1e-5) continue;
      solver::Tolerance t;
      t.relative = tolerance;
      const Bench::Measured m = bench.measure(t, with);
      if (fastest && tolerance == solver::Tolerance{}.relative) ours = m;
      print("RODAS in lanes, " + biology::to_string(set), tolerance, m);
    }
  }
  double at_equal_accuracy = 1e300;
  for (const auto& [name, method] : {std::pair{"CVODE BDF", CV_BDF}, std::pair{"CVODE Adams", CV_ADAMS}}) {
    for (double tolerance : {1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10}) {
      const Bench::Measured m = bench.measure({}, Bench::cvode(method, {tolerance, tolerance * 1e-3}));
      print(name, tolerance, m);
      if (m.error <= kAccuracy) at_equal_accuracy = std::min(at_equal_accuracy, m.milliseconds);
    }
  }
  fmt::print("\nwithin {:.0e} in log cells CVODE costs {:.1f} times as much\n", kAccuracy, at_equal_accuracy / ours.milliseconds);
  if (ours.error > kAccuracy) fmt::print("ours is NOT within that\n");
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
