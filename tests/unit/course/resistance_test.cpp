// SPDX-License-Identifier: Apache-2.0
#include "course/resistance.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace coley {
namespace {

constexpr double kFading = 0.004;

DosingPlan plan(const std::string& name, DrugClass drug_class, double cross, double kill = 0.02) {
  DosingPlan result;
  result.dosing.drug = name;
  result.dosing.dose = 1;
  result.action.drug_class = drug_class;
  result.action.cross_resistance = cross;
  result.action.kill = kill;
  result.action.resisted = kill > 0;
  return result;
}

const DosingPlan kFirst = plan("first", DrugClass::vegf_tki, 0.5), kSecond = plan("second", DrugClass::vegf_tki, 0.6),
                 kOther = plan("other", DrugClass::hif2a, 0.5), kNone = plan("none", DrugClass::pd1, 0, 0);

TEST(Resistance, BelongsToTheDrug) {
  ResistanceRecord record;
  EXPECT_EQ(record.at_start({kFirst}, 0, kFading), 0);
  EXPECT_EQ(record.at_start({kNone}, 0, kFading), -1);
  record.note(kFirst, 2.0, 100);
  EXPECT_DOUBLE_EQ(record.at_start({kFirst}, 100, kFading), 2.0);
  EXPECT_DOUBLE_EQ(record.at_start({kSecond}, 100, kFading), 1.2);
  EXPECT_EQ(record.at_start({kOther}, 100, kFading), 0);
  EXPECT_DOUBLE_EQ(record.at_start({kSecond, kNone}, 350, kFading), 1.2 * std::exp(-1.0));
}

TEST(Resistance, AReturnToTheFirstDrugRemembersIt) {
  ResistanceRecord record;
  record.note(kFirst, 2.0, 100);
  record.note(kOther, 1.0, 350);
  record.note(kNone, 9.0, 350);
  EXPECT_DOUBLE_EQ(record.at_start({kFirst}, 350, kFading), 2.0 * std::exp(-1.0));
  record.note(kFirst, 3.0, 600);  // the latest counts
  EXPECT_DOUBLE_EQ(record.at_start({kFirst}, 600, kFading), 3.0);
}

TEST(Resistance, TwoDrugsActByWhatIsLeftOfTheirKill) {
  ResistanceRecord record;
  record.note(kFirst, 2.0, 0);
  const DosingPlan fresh = plan("fresh", DrugClass::chemotherapy, 0.3, 0.04);
  const double left = (0.02 * std::exp(-2.0) + 0.04) / 0.06;
  EXPECT_NEAR(record.at_start({kFirst, fresh}, 0, kFading), -std::log(left), 1e-12);
}

}  // namespace
}  // namespace coley
