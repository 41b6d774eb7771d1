// SPDX-License-Identifier: Apache-2.0
#include "statistics/curve_reconstruction.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

int deaths_in(const ReconstructedPatients& patients, double from, double to) {
  int deaths = 0;
  for (std::size_t i = 0; i < patients.time.size(); ++i) deaths += patients.event[i] != 0 && patients.time[i] > from && patients.time[i] <= to;
  return deaths;
}

TEST(CurveReconstruction, StepsWithoutCensoringComeBackExactly) {
  const ReconstructedPatients patients = reconstruct_patients({{1, 2, 3, 4}, {0.8, 0.6, 0.4, 0.2}, {0, 2.5}, {10, 6}, {}});
  ASSERT_EQ(patients.time.size(), 10u);
  EXPECT_EQ(deaths_in(patients, 0, 1), 2);
  EXPECT_EQ(deaths_in(patients, 1, 2), 2);
  EXPECT_EQ(deaths_in(patients, 2, 3), 2);
  EXPECT_EQ(deaths_in(patients, 3, 4), 2);
  EXPECT_NEAR(patients.largest_deviation, 0, 1e-12);
}

TEST(CurveReconstruction, FlatTailHasNoDeaths) {
  // As RESOLVE-IPD#4: the curve is level from 30 to 36 while the table runs out.
  PublishedCurve curve;
  for (int t = 1; t <= 36; ++t) {
    curve.time.push_back(t);
    curve.survival.push_back(t < 30 ? 1 - 0.463 * t / 30.0 : 0.537);
  }
  curve.risk_time = {0, 6, 12, 18, 24, 30, 36};
  curve.n_risk = {200, 175, 150, 128, 105, 80, 0};
  const ReconstructedPatients patients = reconstruct_patients(curve);
  EXPECT_EQ(deaths_in(patients, 30, 1e9), 0);
  EXPECT_EQ(patients.time.size(), 200u);
  EXPECT_LT(patients.largest_deviation, 0.01);
}

TEST(CurveReconstruction, NumberOfEventsDecidesTheTail) {
  PublishedCurve curve{{5, 10, 15, 20}, {0.9, 0.8, 0.7, 0.6}, {0}, {100}, 40};
  const ReconstructedPatients all = reconstruct_patients(curve);
  EXPECT_EQ(deaths_in(all, 0, 20), 40);
  curve.events = 30;
  EXPECT_EQ(deaths_in(reconstruct_patients(curve), 0, 20), 30);
  curve.events = 90;
  EXPECT_THROW(reconstruct_patients(curve), InputError);
}

TEST(CurveReconstruction, ContradictionIsAnError) {
  // The curve loses half by 10, the table only a tenth.
  const PublishedCurve half{{5, 10, 20}, {0.75, 0.5, 0.4}, {0, 12}, {100, 90}, {}};
  try {
    reconstruct_patients(half);
    FAIL() << "no error";
  } catch (const InputError& fault) {
    EXPECT_NE(std::string(fault.what()).find("90 of 100"), std::string::npos) << fault.what();
  }
  EXPECT_THROW(reconstruct_patients({{5, 10}, {0.9, 0.0}, {0, 10.5}, {100, 20}, {}}), InputError);
}

TEST(CurveReconstruction, InputIsChecked) {
  const std::vector<double> time = {1, 2, 3}, survival = {0.9, 0.8, 0.7};
  EXPECT_THROW(reconstruct_patients({{}, {}, {0}, {10}, {}}), InputError);
  EXPECT_THROW(reconstruct_patients({time, {0.9, 0.8}, {0}, {10}, {}}), InputError);
  EXPECT_THROW(reconstruct_patients({time, {90, 80, 70}, {0}, {10}, {}}), InputError);          // percent
  EXPECT_THROW(reconstruct_patients({{1, 3, 2}, survival, {0}, {10}, {}}), InputError);         // times fall
  EXPECT_THROW(reconstruct_patients({time, {0.9, std::nan(""), 0.7}, {0}, {10}, {}}), InputError);
  EXPECT_THROW(reconstruct_patients({time, survival, {}, {}, {}}), InputError);                 // no table
  EXPECT_THROW(reconstruct_patients({time, survival, {1}, {10}, {}}), InputError);              // does not begin at 0
  EXPECT_THROW(reconstruct_patients({time, survival, {0, 2}, {10, 11}, {}}), InputError);       // rises
  EXPECT_THROW(reconstruct_patients({time, survival, {0, 2, 2}, {10, 9, 8}, {}}), InputError);
  EXPECT_THROW(reconstruct_patients({time, survival, {0, 5}, {10, 4}, {}}), InputError);        // curve ends before
}

}  // namespace
}  // namespace coley::statistics
