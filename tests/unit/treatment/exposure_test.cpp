// SPDX-License-Identifier: Apache-2.0
#include "treatment/exposure.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "protocol/drug_file.hpp"
#include "protocol/shipped.hpp"

namespace coley::treatment {
namespace {

DrugAction shipped(const std::string& name) {
  return resolve(read_drug(shipped_text("drugs/" + name + ".toml").value(), "drugs/" + name + ".toml"));
}

Exposure interleukin(double dose, const std::string& unit, Route route, double every_days) {
  static const DrugAction action = shipped("aldesleukin");
  return exposure(action, amount(dose, unit, Body{}), in_units(unit), route, every_days, 1);
}

TEST(Dose, Units) {
  const Body person{.weight_kg = 70, .surface_m2 = 1.8};
  EXPECT_DOUBLE_EQ(amount(3, "mg/kg", person), 210);
  EXPECT_DOUBLE_EQ(amount(85, "mg/m2", person), 153);
  EXPECT_DOUBLE_EQ(amount(18, "MIU/m2", person), 32.4);
  EXPECT_DOUBLE_EQ(amount(600, "kIU/kg", person), 42);
  EXPECT_EQ(amount(9, "MIU", person), 9);
  EXPECT_TRUE(in_units("kIU/kg"));
  EXPECT_FALSE(in_units("mg/kg"));
  EXPECT_NEAR(body(80, true).surface_m2, 1.97, 0.01);
}

/// The receptor of regulatory cells is filled by any regimen, that of effector cells by the high dose or the long one.
TEST(Interleukin, SelectivityComesFromAffinity) {
  const Exposure high = interleukin(600, "kIU/kg", Route::iv, 1.0 / 3), low = interleukin(72, "kIU/kg", Route::iv, 1.0 / 3);
  const Exposure skin = interleukin(9, "MIU", Route::sc, 1);
  EXPECT_NEAR(high.u_E, 0.33, 0.02);
  EXPECT_NEAR(low.u_E, 0.12, 0.02);
  EXPECT_GT(low.u_E, skin.u_E);
  EXPECT_GT(high.u_R, 0.9);
  EXPECT_GT(skin.u_R, 0.5);
  EXPECT_GT(high.leak / low.leak, 2);
  EXPECT_LT(skin.leak / 3, low.leak);  // per eight hours
}

RC_GTEST_PROP(Exposures, RiseWithDoseAndStayBetweenZeroAndOne, ()) {
  const auto name = *rc::gen::element<std::string>("sunitinib", "everolimus", "interferon-alfa", "aldesleukin", "oxaliplatin");
  const DrugAction action = shipped(name);
  const bool units = name == "interferon-alfa" || name == "aldesleukin";
  const double dose = *rc::gen::inRange(1, 1000) / 10.0, every = *rc::gen::inRange(1, 40) / 3.0;
  const Route route = units ? Route::sc : Route::iv;
  const Exposure less = exposure(action, dose, units, route, every, 1), more = exposure(action, 2 * dose, units, route, every, 1);
  const Exposure slower = exposure(action, dose, units, route, every, 0.5);
  RC_ASSERT(less.effect > 0 && less.effect < more.effect && more.effect < 1);
  RC_ASSERT(slower.effect > less.effect);
  RC_ASSERT(more.toxicity > less.toxicity);
  RC_ASSERT(less.u_R >= less.u_E && more.u_R <= 1);
}

/// Half effect at 5 MIU three times a week; twice the dose is D/(D + D50) further.
TEST(Interferon, HalfEffectAtFiveMillionUnits) {
  const DrugAction action = shipped("interferon-alfa");
  const auto effect = [&](double miu) { return exposure(action, miu, true, Route::sc, 7.0 / 3, 1).effect; };
  EXPECT_NEAR(effect(5), 0.5, 0.005);
  EXPECT_NEAR(effect(10), 10.0 / 15, 0.005);
  EXPECT_NEAR(effect(20), 20.0 / 25, 0.005);
  const auto harm = [&](double miu) { return exposure(action, miu, true, Route::sc, 7.0 / 3, 1).toxicity; };
  EXPECT_NEAR(harm(18) / harm(9), std::pow(2, 1.3), 1e-9);
  EXPECT_NEAR(harm(9), 0.0006, 2e-5);
}

/// What was seen at the usual dose is what the usual dose does, whatever the full effect is.
TEST(Sunitinib, KillsAtItsUsualDoseAsItWasSeenTo) {
  const DrugAction action = shipped("sunitinib");
  const Exposure usual = exposure(action, 50, false, Route::po, 1, 1);
  EXPECT_NEAR(usual.effect * action.kill, 0.0156, 1e-4);
  EXPECT_LT(exposure(action, 25, false, Route::po, 1, 1).effect, usual.effect);
}

}  // namespace
}  // namespace coley::treatment
