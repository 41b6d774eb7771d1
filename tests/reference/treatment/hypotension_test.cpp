// SPDX-License-Identifier: Apache-2.0
// Share of patients with hypotension of grade 3 or more in a first block of interleukin-2, against published shares. The
// limit is log-normal between patients, so the share is the normal distribution function of the greatest leak.
#include <gtest/gtest.h>

#include <cmath>

#include "core/random.hpp"
#include "protocol/drug_file.hpp"
#include "protocol/shipped.hpp"
#include "treatment/exposure.hpp"

namespace coley::treatment {
namespace {

double share_with_hypotension(double dose, const std::string& unit, Route route, double every_days, int doses) {
  const DrugAction drug = resolve(read_drug(shipped_text("drugs/aldesleukin.toml").value(), "drugs/aldesleukin.toml"));
  const Exposure e = exposure(drug, amount(dose, unit, Body{}), in_units(unit), route, every_days, 1);
  const LeakModel& leak = *drug.leak;
  const double before_last = plan_block(0, e.leak, 24 * every_days, doses - 1, 0, leak.recovery, 0).leak;
  return normal_cdf((std::log(before_last + e.leak) - std::log(leak.limit)) / leak.limit_sd);
}

TEST(Hypotension, HighDose) {  // Yang 2003, recalled: 36 %
  const double share = share_with_hypotension(720, "kIU/kg", Route::iv, 1.0 / 3, 14);
  EXPECT_GT(share, 0.25);
  EXPECT_LT(share, 0.45);
}

TEST(Hypotension, LowDose) {  // Yang 2003, recalled: 3 %
  const double share = share_with_hypotension(72, "kIU/kg", Route::iv, 1.0 / 3, 15);
  EXPECT_GT(share, 0.01);
  EXPECT_LT(share, 0.08);
}

TEST(Hypotension, ContinuousInfusion) {  // SAFSC-02: 35 to 39 % of 225
  const double share = share_with_hypotension(18, "MIU/m2", Route::civ, 1, 5);
  EXPECT_GT(share, 0.29);
  EXPECT_LT(share, 0.45);
}

TEST(Hypotension, UnderTheSkin) {  // SAFSC-02: 3 % of 103, all cardiovascular events; Yang 2003, recalled: 0 %
  EXPECT_LT(share_with_hypotension(18, "MIU", Route::sc, 1, 5), 0.03);
  EXPECT_LT(share_with_hypotension(250, "kIU/kg", Route::sc, 1, 5), 0.03);
}

}  // namespace
}  // namespace coley::treatment
