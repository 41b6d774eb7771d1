// SPDX-License-Identifier: Apache-2.0
// What a patient's course costs, and what it costs CVODE one patient at a time at the accuracy that is delivered.
//
//   engine_benchmark [patients [work_precision.csv]]
//
// On `patients` virtual patients of keynote-564 (default 150), each on both arms for the whole follow-up, with doses, scans,
// lesion events and death: CPU time of one thread and the errors of ln tumour burden at scans against CVODE at 1e-10, for
// our integrator with every instruction set and for CVODE (BDF, dense Newton with its own difference Jacobian; Adams with
// fixed-point iteration) at a ladder of tolerances. Each is timed once a round, in turn, so that a machine whose speed moves
// slows all alike. The ratios are of what is cheapest within an error at 99 of 100 scans, round by round. The same for courses of
// one dose, with fewer changes that make an integrator begin anew. Then whole-program rates: natural history and screening
// included, and with the natural history kept. The CVODE of the system is used; a build with -O3 may be faster.
// bench/work_precision.R draws the file.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <span>
#include <vector>

#include "../tests/reference/course/course_trace.hpp"
#include "biology/integrate.hpp"
#include "trial/enrol_trial.hpp"
#include "trial/kept_population.hpp"
#include "trial/run_trial.hpp"

namespace coley {
namespace {

constexpr int kRounds = 7;
constexpr double kAccuracies[] = {3e-3, 1e-3, 3e-4};  // of ln tumour burden, that both must reach at 99 of 100 scans

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

class Bench {
 public:
  Bench(int patients, const std::vector<std::string>& sets) : design_(make_design(read_trial("keynote-564", sets))) {
    patients_ = enrol_trial(design_, {20261122, 0}, static_cast<std::uint64_t>(patients), {}).patients;
    for (const Patient& patient : patients_) {
      for (int arm = 0; arm < 2; ++arm) courses_.push_back({&patient, arm, static_cast<int>(design_.longest_follow_up)});
    }
    for (const PatientOnArm& course : courses_) exact_.push_back(trace_course(design_, course, {}, with_cvode({1e-10, 1e-13})));
  }

  /// CPU milliseconds a course.
  double time(const solver::Tolerance& tolerance, const biology::Integrate& integrate) const {
    const double start = cpu_seconds();
    run_courses(design_.setting, courses_, tolerance, {}, integrate);
    return 1e3 * (cpu_seconds() - start) / static_cast<double>(courses_.size());
  }

  CourseErrors errors(const solver::Tolerance& tolerance, const biology::Integrate& integrate) const {
    CourseErrors result;
    for (std::size_t i = 0; i < courses_.size(); ++i) result.add(design_, trace_course(design_, courses_[i], tolerance, integrate), exact_[i]);
    return result;
  }

  std::size_t courses() const { return courses_.size(); }

 private:
  Design design_;
  std::vector<Patient> patients_;
  std::vector<PatientOnArm> courses_;
  std::vector<CourseTrace> exact_;
};

struct Contestant {
  std::string name;
  double nominal;  ///< tolerance
  bool ours;
  solver::Tolerance tolerance;
  biology::Integrate integrate;
  CourseErrors errors;
  std::vector<double> milliseconds;  ///< a course, by round

  double least() const { return *std::min_element(milliseconds.begin(), milliseconds.end()); }
};

std::vector<Contestant> contestants() {
  std::vector<Contestant> result;
  constexpr solver::Tolerance kDefault;
  for (biology::InstructionSet set : biology::supported()) {
    const biology::Integrate with = [set](const biology::Constants& c, const solver::Tolerance& t, solver::BatchClient& client) {
      return biology::integrate_with(set, c, t, client);
    };
    const bool fastest = set == biology::supported().back();
    for (double tolerance : {3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5}) {
      if (!fastest && tolerance != kDefault.relative) continue;
      solver::Tolerance t;
      t.relative = tolerance;
      result.push_back({"RODAS in lanes, " + biology::to_string(set), tolerance, fastest, t, with, {}, {}});
    }
  }
  for (const auto& [name, method] : {std::pair{"CVODE BDF", CV_BDF}, std::pair{"CVODE Adams", CV_ADAMS}}) {
    for (double tolerance : {1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 1e-6}) result.push_back({name, tolerance, false, {}, with_cvode({tolerance, tolerance * 1e-3}, method), {}, {}});
  }
  return result;
}

/// Of those whom `wanted` admits, the one of least time.
template <class Wanted>
const Contestant* cheapest(std::span<const Contestant> all, Wanted wanted) {
  const Contestant* best = nullptr;
  for (const Contestant& c : all) {
    if (wanted(c) && (!best || c.least() < best->least())) best = &c;
  }
  return best;
}

void print_ratio(const std::string& what, const Contestant* cvode, const Contestant* ours) {
  if (!cvode || !ours) return fmt::print("{}: nothing to compare\n", what);
  std::vector<double> ratios;
  for (int round = 0; round < kRounds; ++round) ratios.push_back(cvode->milliseconds[static_cast<std::size_t>(round)] / ours->milliseconds[static_cast<std::size_t>(round)]);
  std::sort(ratios.begin(), ratios.end());
  fmt::print("{}: {:.1f} times ours ({:.1f} to {:.1f} in {} rounds): {} at {:.0e}, ours at {:.0e}\n", what, ratios[kRounds / 2], ratios.front(), ratios.back(), kRounds,
             cvode->name, cvode->nominal, ours->nominal);
}

void compare(int patients, const std::vector<std::string>& sets, const char* what, std::FILE* csv) {
  const Bench bench(patients, sets);
  fmt::print("\n{} courses of keynote-564, {}, one thread; errors of ln tumour burden at scans\n\n", bench.courses(), what);
  fmt::print("{:<24} {:>8} {:>14} {:>12} {:>12} {:>14}\n", "integrator", "tol", "ms a course", "error, 99 %", "largest", "other days");
  std::vector<Contestant> all = contestants();
  for (int round = 0; round < kRounds; ++round) {
    for (Contestant& c : all) c.milliseconds.push_back(bench.time(c.tolerance, c.integrate));
  }
  for (Contestant& c : all) {
    c.errors = bench.errors(c.tolerance, c.integrate);
    fmt::print("{:<24} {:>8.0e} {:>14.4f} {:>12.1e} {:>12.1e} {:>14}\n", c.name, c.nominal, c.least(), c.errors.burden_quantile(0.99), c.errors.burden_quantile(1), c.errors.other_day);
    if (csv) fmt::print(csv, "{},\"{}\",{:g},{:.6g},{:.6g}\n", what, c.name, c.nominal, c.least(), c.errors.burden_quantile(0.99));
  }
  const auto is_cvode = [](const Contestant& c) { return c.name.starts_with("CVODE"); };
  fmt::print("\nCVODE's time, the median of rounds\n");
  for (double accuracy : kAccuracies) {
    const auto within = [&](const Contestant& c) { return c.errors.burden_quantile(0.99) <= accuracy; };
    print_ratio(fmt::format("each within {:.0e} at 99 of 100 scans", accuracy), cheapest(all, [&](const Contestant& c) { return is_cvode(c) && within(c); }),
                cheapest(all, [&](const Contestant& c) { return c.ours && within(c); }));
  }
  constexpr solver::Tolerance kDefault;
  const Contestant* ours = cheapest(all, [&](const Contestant& c) { return c.ours && c.nominal == kDefault.relative; });
  print_ratio("ours at its default, CVODE at no larger error", cheapest(all, [&](const Contestant& c) {
                return is_cvode(c) && c.errors.burden_quantile(0.99) <= ours->errors.burden_quantile(0.99);
              }), ours);
  print_ratio("at the same nominal tolerance", cheapest(all, [&](const Contestant& c) { return is_cvode(c) && c.nominal == kDefault.relative; }), ours);
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
  const int patients = count > 1 ? std::atoi(arguments[1]) : 150;
  std::FILE* csv = count > 2 ? std::fopen(arguments[2], "w") : nullptr;
  if (csv) fmt::print(csv, "courses,integrator,tolerance,milliseconds,error\n");
  coley::compare(patients, {}, "17 doses", csv);
  coley::compare(patients, {"arm[0].drug[0].doses=1", "arm[1].drug[0].doses=1"}, "one dose", csv);
  if (csv) std::fclose(csv);
  coley::whole_program();
}
