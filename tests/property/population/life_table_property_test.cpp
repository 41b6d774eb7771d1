// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <string>

#include "core/units.hpp"
#include "population/life_table.hpp"

namespace coley {
namespace {

double between(double low, double high) { return low + (high - low) * *rc::gen::inRange(0, 1'000'001) / 1e6; }

LifeTable random_table() {
  std::string text = "age,male,female\n";
  const int ages = *rc::gen::inRange(1, 120);
  for (int age = 0; age < ages; ++age) {
    text += std::to_string(age) + "," + std::to_string(between(1e-4, 0.99)) + "," + std::to_string(between(1e-4, 0.99)) + "\n";
  }
  return LifeTable::parse(text, "random.csv");
}

struct Someone {
  double age = between(0, 130);
  bool male = *rc::gen::arbitrary<bool>();
  double factor = between(0.01, 20);
};

RC_GTEST_PROP(LifeTableLaws, SurvivalUndoesDeathAfter, ()) {
  const LifeTable table = random_table();
  const Someone p;
  const double hazard = between(0, 20);
  const double days = table.death_after(p.age, p.male, p.factor, hazard);
  RC_ASSERT(std::abs(std::log(table.survival(p.age, p.male, p.factor, days)) + hazard) < 1e-9 * (1 + hazard));
}

RC_GTEST_PROP(LifeTableLaws, WaitingMultipliesSurvival, ()) {
  const LifeTable table = random_table();
  const Someone p;
  const double first = between(0, 5000), second = between(0, 5000);
  const double later = p.age + first / kDaysPerYear;
  const double whole = table.survival(p.age, p.male, p.factor, first + second);
  const double parts = table.survival(p.age, p.male, p.factor, first) * table.survival(later, p.male, p.factor, second);
  RC_ASSERT(std::abs(whole - parts) < 1e-9);
}

RC_GTEST_PROP(LifeTableLaws, SurvivalFallsWithTimeAndWithTheFactor, ()) {
  const LifeTable table = random_table();
  const Someone p;
  const double days = between(0, 20000), more = between(0, 5000);
  const double alive = table.survival(p.age, p.male, p.factor, days);
  RC_ASSERT(alive >= 0 && alive <= 1);
  RC_ASSERT(table.survival(p.age, p.male, p.factor, days + more) <= alive);
  RC_ASSERT(table.survival(p.age, p.male, p.factor * 1.5, days) <= alive);
}

RC_GTEST_PROP(LifeTableLaws, ALargerDeviateDiesLaterAndALargerFactorSooner, ()) {
  const LifeTable table = random_table();
  const Someone p;
  const double hazard = between(0, 10), more = between(0, 10);
  const double days = table.death_after(p.age, p.male, p.factor, hazard);
  RC_ASSERT(days >= 0);
  RC_ASSERT(table.death_after(p.age, p.male, p.factor, hazard + more) >= days);
  RC_ASSERT(table.death_after(p.age, p.male, p.factor * 1.5, hazard) <= days);
}

}  // namespace
}  // namespace coley
