// SPDX-License-Identifier: Apache-2.0
#pragma once
// A course as two integrators give it, and how far they are apart: in log tumour burden at every scan, in days of endpoints, in
// response. For tests and benchmarks.

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "course/course.hpp"
#include "cvode_reference.hpp"
#include "endpoints/endpoints.hpp"
#include "trial/design.hpp"

namespace coley {

/// CVODE as an integrator of courses and of natural histories.
inline biology::Integrate with_cvode(solver::ReferenceTolerance tolerance = {}, int method = CV_BDF) {
  return [=](const biology::Constants& constants, const solver::Tolerance&, solver::BatchClient& client) {
    const biology::TumourImmune model(constants);
    return solver::CvodeReference<biology::TumourImmune>(model, tolerance, method).integrate(client);
  };
}

struct CourseTrace {
  std::map<double, double> burden;  ///< ln of all tumour cells, by day of scan; only days on which there is a cell
  Outcome outcome;
};

inline CourseTrace trace_course(const Design& design, const PatientOnArm& assignment, const solver::Tolerance& tolerance, const biology::Integrate& integrate) {
  using In = biology::Inputs<double>;
  CourseTrace result;
  const auto& days = design.setting.scan_days;
  const Witness witness = [&](const Moment& moment) {
    if (moment.day != std::floor(moment.day) || !std::binary_search(days.begin(), days.end(), static_cast<int>(moment.day))) return;
    double cells = 0;
    for (int slot = 0; slot < biology::kLesions; ++slot) {
      const double lesions = moment.inputs[biology::input_index(&In::alive, slot)] * (1 + moment.inputs[biology::input_index(&In::others, slot)]);
      cells += lesions * std::exp(moment.states[biology::State::x + slot]);
    }
    if (cells > 0) result.burden[moment.day] = std::log(cells);
  };
  result.outcome = run_courses(design.setting, {&assignment, 1}, tolerance, witness, integrate).outcomes.front();
  return result;
}

struct CourseErrors {
  std::vector<double> burden;  ///< differences of log tumour burden on days of scans
  long long endpoints = 0;     ///< compared
  long long other_day = 0;     ///< of these: another day, or event where there is none
  long long by_a_scan = 0;     ///< of these: by a scan interval or more, or event where there is none
  long long responses = 0, other_response = 0;

  void add(const Design& design, const CourseTrace& ours, const CourseTrace& exact);
  /// That share of the differences of burden is smaller; 1: the largest. 0 where there is none.
  double burden_quantile(double share) const {
    if (burden.empty()) return 0;
    std::vector<double> sorted = burden;
    std::sort(sorted.begin(), sorted.end());
    return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
  }
};

inline void CourseErrors::add(const Design& design, const CourseTrace& ours, const CourseTrace& exact) {
  for (const auto& [day, ln_cells] : ours.burden) {
    const auto theirs = exact.burden.find(day);
    if (theirs != exact.burden.end()) burden.push_back(std::fabs(ln_cells - theirs->second));
  }
  const auto& scans = design.setting.scan_days;
  const int interval = scans.size() > 1 ? scans[1] - scans[0] : 28;
  for (EndpointKind kind : {EndpointKind::OS, EndpointKind::PFS, EndpointKind::DFS}) {
    if ((kind == EndpointKind::DFS) != (design.setting.entry == Entry::adjuvant) && kind != EndpointKind::OS) continue;
    const auto a = time_to_event(kind, ours.outcome, ours.outcome.follow_up_day, scans), b = time_to_event(kind, exact.outcome, exact.outcome.follow_up_day, scans);
    if (!a || !b) continue;
    ++endpoints;
    other_day += a->day != b->day || a->event != b->event;
    by_a_scan += std::abs(a->day - b->day) >= interval || a->event != b->event;
  }
  if (design.setting.entry != Entry::metastatic || !ours.outcome.measurable) return;
  ++responses;
  other_response += ours.outcome.best_response != exact.outcome.best_response;
}

}  // namespace coley
