// SPDX-License-Identifier: Apache-2.0
// What the default tolerance, in single precision, changes in a trial.
//
//   accuracy_check [patients of each trial] [trial ...]
//
// For every trial that ships (or those named): `patients` virtual patients (default 100), each on the arm that randomisation
// gives, for the whole follow-up, by our integrator and by CVODE (BDF, relative 1e-10) from the same snapshot: differences of log
// tumour burden at scans, days of OS and PFS or DFS, best response, and the hazard ratio of OS between the first arm and the last.
// For keynote-564 also screening: who is eligible, and ln cells at randomisation. Exits 1 when, over all trials, one endpoint in a
// thousand or more moves by a scan interval, or when a hazard ratio differs in its third decimal.

#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "../tests/reference/course/course_trace.hpp"
#include "population/enrolment.hpp"
#include "protocol/shipped.hpp"
#include "statistics/day_counts.hpp"
#include "trial/enrol_trial.hpp"
#include "trial/randomise.hpp"

namespace coley {
namespace {

constexpr solver::ReferenceTolerance kExact{1e-10, 1e-13};

/// Of OS, the last arm to the first; NaN in a trial of one arm.
double hazard_ratio(const Design& design, const std::vector<CourseTrace>& courses) {
  const int arms = static_cast<int>(design.setting.arms.size());
  if (arms < 2) return std::nan("");
  statistics::DayCounts counts(arms);
  for (const CourseTrace& course : courses) {
    const auto time = time_to_event(EndpointKind::OS, course.outcome, course.outcome.follow_up_day, design.setting.scan_days);
    if (time) counts.add(time->day, time->event, course.outcome.arm);
  }
  return counts.pair(0, arms - 1).hazard_ratio().hazard_ratio.estimate;
}

struct Total {
  long long endpoints = 0, by_a_scan = 0, ratios = 0, other_ratio = 0;
};

void check_trial(const std::string& name, std::uint64_t patients, Total& total) {
  const Design design = make_design(read_trial(name));
  const DrawKey key{20261122, 0};
  const Enrolment enrolment = enrol_trial(design, key, patients, {});
  const std::vector<int> arms = randomise(design, key, enrolment.patients);
  std::vector<CourseTrace> ours, exact;
  CourseErrors errors;
  for (std::size_t p = 0; p < arms.size(); ++p) {
    const PatientOnArm course{&enrolment.patients[p], arms[p], static_cast<int>(design.longest_follow_up)};
    ours.push_back(trace_course(design, course, {}, biology::integrate));
    exact.push_back(trace_course(design, course, {}, with_cvode(kExact)));
    errors.add(design, ours.back(), exact.back());
  }
  const double a = hazard_ratio(design, ours), b = hazard_ratio(design, exact);
  fmt::print("{:<30} {:>8} {:>9.1e} {:>9.1e} {:>9.1e} {:>6} {:>6} {:>6} {:>5}/{:<5} {:>7.4f} {:>9.1e}\n", name, errors.burden.size(), errors.burden_quantile(0.5),
             errors.burden_quantile(0.99), errors.burden_quantile(1), errors.endpoints, errors.other_day, errors.by_a_scan, errors.other_response, errors.responses, b, a - b);
  std::fflush(stdout);
  total.endpoints += errors.endpoints;
  total.by_a_scan += errors.by_a_scan;
  total.ratios += !std::isnan(b);
  total.other_ratio += std::fabs(a - b) >= 5e-4;
}

void check_screening(std::uint64_t patients) {
  const Design design = make_design(read_trial("keynote-564"));
  const Enrolment ours = enrol_trial(design, {20261122, 1}, patients, {});
  const Enrolment exact = enrol(design.protocol().population, design.setting.disease, {20261122, 1}, patients, {}, with_cvode(kExact));
  std::vector<double> differences;
  for (std::size_t p = 0; p < patients; ++p) {
    for (int slot = 0; slot < biology::kLesions; ++slot) {
      const auto k = static_cast<std::size_t>(biology::State::x + slot);
      differences.push_back(std::fabs(ours.patients[p].states[k] - exact.patients[p].states[k]));
    }
  }
  std::sort(differences.begin(), differences.end());
  long long excluded_otherwise = 0;
  for (std::size_t i = 0; i < ours.screening.excluded.size(); ++i) excluded_otherwise += std::abs(ours.screening.excluded[i] - exact.screening.excluded[i]);
  fmt::print("\nscreening for keynote-564: {} and {} people for {} places, counts of reasons for exclusion differ by {}; ln cells at randomisation differ by {:.1e} (median), {:.1e} (99 %), {:.1e} (largest)\n",
             ours.screening.screened, exact.screening.screened, patients, excluded_otherwise, differences[differences.size() / 2],
             differences[differences.size() * 99 / 100], differences.back());
}

int check(std::uint64_t patients, const std::vector<std::string>& trials) {
  fmt::print("{:<30} {:>8} {:>29} {:>20} {:>11} {:>17}\n", "", "", "difference of ln burden", "endpoints", "best", "OS hazard ratio");
  fmt::print("{:<30} {:>8} {:>9} {:>9} {:>9} {:>6} {:>6} {:>6} {:>11} {:>7} {:>9}\n", "trial", "scans", "median", "99 %", "largest", "all", "day", "scan", "response", "CVODE", "ours -");
  Total total;
  for (const std::string& trial : trials) check_trial(trial, patients, total);
  check_screening(patients);
  fmt::print("\n{} of {} endpoints moved by a scan interval or more; {} of {} hazard ratios differ in the third decimal\n", total.by_a_scan, total.endpoints, total.other_ratio, total.ratios);
  return total.by_a_scan * 1000 < total.endpoints && total.other_ratio == 0 ? 0 : 1;
}

}  // namespace
}  // namespace coley

int main(int count, char** words) {
  const long patients = count > 1 ? std::atol(words[1]) : 100;
  std::vector<std::string> trials(words + std::min(count, 2), words + count);
  return coley::check(static_cast<std::uint64_t>(std::max(1L, patients)), trials.empty() ? coley::shipped_trials() : trials);
}
