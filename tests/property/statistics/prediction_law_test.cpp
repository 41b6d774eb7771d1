// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "statistics/curve_reconstruction.hpp"
#include "statistics/kaplan_meier.hpp"
#include "statistics/prediction_accuracy.hpp"

namespace coley::statistics {
namespace {

struct Subjects {
  std::vector<double> time, marker;
  std::vector<std::uint8_t> event;

  Subjects() {
    const auto n = *rc::gen::inRange(8, 60);
    for (int i = 0; i < n; ++i) {
      time.push_back(*rc::gen::inRange(1, 20));
      event.push_back(static_cast<std::uint8_t>(*rc::gen::inRange(0, 2)));
      marker.push_back(*rc::gen::inRange(0, 10));
    }
    time[0] = 1;
    event[0] = 1;
    time[1] = 25;
  }
};

RC_GTEST_PROP(PredictionLaw, WeightsGiveBackKaplanMeier, ()) {
  const Subjects s;
  const double horizon = *rc::gen::inRange(1, 20) + 0.5, n = static_cast<double>(s.time.size());
  const TimeDependentRoc roc = time_dependent_roc({s.time, s.event, s.marker}, horizon);
  const double survival = curve_at(kaplan_meier(SurvivalRows{.time = s.time, .event = s.event}).front(), horizon).survival;
  RC_ASSERT(std::abs(roc.cases / n - (1 - survival)) < 1e-12);
  RC_ASSERT(std::abs(roc.controls / n - survival) < 1e-12);
}

RC_GTEST_PROP(PredictionLaw, AucIsTheAreaUnderItsCurve, ()) {
  const Subjects s;
  const TimeDependentRoc roc = time_dependent_roc({s.time, s.event, s.marker}, 10.5);
  double area = 0;
  for (std::size_t k = 1; k < roc.points.size(); ++k)
    area += (roc.points[k - 1].specificity - roc.points[k].specificity) * (roc.points[k].sensitivity + roc.points[k - 1].sensitivity) / 2;
  RC_ASSERT(std::abs(area - roc.auc.estimate) < 1e-12);
  std::vector<double> turned = s.marker;
  for (double& value : turned) value = -value;
  RC_ASSERT(std::abs(time_dependent_roc({s.time, s.event, turned}, 10.5).auc.estimate - (1 - area)) < 1e-12);
}

/// The figure of real patients: the curve at every event and the number at risk at some times.
RC_GTEST_PROP(ReconstructionLaw, ReadCurvesComeBackWithTheirNumbersAtRisk, ()) {
  const auto n = *rc::gen::inRange(30, 200);
  std::vector<double> time;
  std::vector<std::uint8_t> event;
  for (int i = 0; i < n; ++i) {
    time.push_back(*rc::gen::inRange(1, 100));
    event.push_back(static_cast<std::uint8_t>(*rc::gen::inRange(0, 3) > 0));
  }
  const SurvivalCurve truth = kaplan_meier(SurvivalRows{.time = time, .event = event}).front();
  PublishedCurve published{truth.time, truth.survival, {}, {}, {}};
  for (int t = 0; t < 100; t += 20) {
    published.risk_time.push_back(t);
    published.n_risk.push_back(static_cast<int>(std::count_if(time.begin(), time.end(), [&](double u) { return u >= t; })));
    if (published.n_risk.back() == 0) break;
  }
  const ReconstructedPatients patients = reconstruct_patients(published);
  RC_ASSERT(patients.time.size() == time.size());
  for (std::size_t k = 0; k < published.risk_time.size(); ++k) {
    const auto at_risk = std::count_if(patients.time.begin(), patients.time.end(), [&](double u) { return u >= published.risk_time[k]; });
    RC_ASSERT(at_risk == published.n_risk[k]);
  }
  // whole deaths and censorings spread within an interval move the curve by a few patients, no more
  RC_ASSERT(patients.largest_deviation < 4.0 / n);
}

}  // namespace
}  // namespace coley::statistics
