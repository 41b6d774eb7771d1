// SPDX-License-Identifier: Apache-2.0
#include "trial/randomise.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/units.hpp"

namespace coley {
namespace {

/// Patients of any stratum: risk and ECOG follow a fixed pattern of seed `salt`.
std::vector<Patient> mixed(std::size_t n, unsigned salt) {
  std::vector<Patient> patients(n);
  unsigned state = salt;
  for (Patient& patient : patients) {
    state = state * 1664525u + 1013904223u;
    patient.risk = static_cast<RiskGroup>(1 + (state >> 16) % 3);
    patient.ecog = static_cast<int>((state >> 24) % 2);
  }
  return patients;
}

std::map<int, std::vector<int>> by_stratum(const Design& design, const std::vector<Patient>& patients, const std::vector<int>& arms) {
  std::map<int, std::vector<int>> result;
  for (std::size_t i = 0; i < patients.size(); ++i) result[design.stratum(patients[i])].push_back(arms[i]);
  return result;
}

TEST(Randomise, BlocksAreBalancedWithinStrata) {
  const Design design = make_design(read_trial("keynote-564"));
  const auto block = static_cast<std::size_t>(design.protocol().randomisation.block_size);
  for (unsigned salt = 1; salt <= 20; ++salt) {
    const std::vector<Patient> patients = mixed(500, salt);
    const auto strata = by_stratum(design, patients, randomise(design, {salt, 0}, patients));
    EXPECT_EQ(strata.size(), 6u);
    for (const auto& [stratum, arms] : strata) {
      for (std::size_t start = 0; start + block <= arms.size(); start += block) {
        const auto first = arms.begin() + static_cast<std::ptrdiff_t>(start);
        EXPECT_EQ(std::count(first, first + static_cast<std::ptrdiff_t>(block), 0), block / 2) << stratum << ' ' << start;
      }
    }
  }
}

TEST(Randomise, AStratumDoesNotFeelTheOthers) {
  const Design design = make_design(read_trial("keynote-564"));
  const std::vector<Patient> patients = mixed(300, 5);
  const auto together = by_stratum(design, patients, randomise(design, {9, 1}, patients));
  for (const auto& [stratum, arms] : together) {
    std::vector<Patient> alone;
    for (const Patient& patient : patients) {
      if (design.stratum(patient) == stratum) alone.push_back(patient);
    }
    EXPECT_EQ(randomise(design, {9, 1}, alone), arms);
  }
}

TEST(Randomise, EveryOrderOfABlockIsAsLikely) {
  const Design design = make_design(read_trial("keynote-564"));
  const std::vector<Patient> patients(24000);  // one stratum
  const std::vector<int> arms = randomise(design, {3, 0}, patients);
  std::map<std::vector<int>, int> orders;
  for (std::size_t i = 0; i < arms.size(); i += 4) ++orders[{arms.begin() + static_cast<std::ptrdiff_t>(i), arms.begin() + static_cast<std::ptrdiff_t>(i + 4)}];
  EXPECT_EQ(orders.size(), 6u);
  for (const auto& [order, count] : orders) EXPECT_NEAR(count, 1000, 5 * std::sqrt(1000 * 5 / 6.0));
}

TEST(EnrolmentDay, InvertsTheAccrualCurve) {
  for (const Accrual& accrual : {Accrual{27, 0}, Accrual{27, 6}, Accrual{12, 12}, Accrual{5, 9}}) {
    const double ramp = std::min(accrual.ramp_months, accrual.months);
    const auto recruited = [ramp](double month) { return month < ramp ? month * month / (2 * ramp) : month - ramp / 2; };
    for (int i = 1; i < 100; ++i) {
      const double u = i / 100.0, month = enrolment_day(accrual, u) / kDaysPerMonth;
      EXPECT_GE(month, 0);
      EXPECT_LE(month, accrual.months + 1e-9);
      EXPECT_NEAR(recruited(month) / recruited(accrual.months), u, 1e-12);
    }
  }
  EXPECT_DOUBLE_EQ(enrolment_day({27, 0}, 0.25), 6.75 * kDaysPerMonth);
}

}  // namespace
}  // namespace coley
