// SPDX-License-Identifier: Apache-2.0
// Words for people: what an arm gives, and of which data cut-off a row of evidence is.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "trial/estimates.hpp"
#include "trial/treatment_words.hpp"

namespace coley {
namespace {

Arm of(Dosing dosing) {
  Arm arm;
  arm.drugs.push_back(std::move(dosing));
  return arm;
}

TEST(TreatmentWords, SayDoseAndRhythm) {
  EXPECT_EQ(treatment_words(of({.drug = "pembrolizumab", .dose = 200, .every_days = 21, .doses = 17})), "pembrolizumab 200 mg every 21 days, 17 doses");
  EXPECT_EQ(treatment_words(of({.drug = "axitinib", .dose = 5, .every_days = 0.5})), "axitinib 5 mg 2 times a day");
  EXPECT_EQ(treatment_words(of({.drug = "interferon", .dose = 9, .unit = "MIU", .every_days = 7.0 / 3})), "interferon 9 MIU 3 times a week");
  EXPECT_EQ(treatment_words(of({.drug = "placebo", .every_days = 10.25})), "placebo every 10.25 days");
}

TEST(TreatmentWords, CountTheDaysOfACycleFromOne) {
  EXPECT_EQ(treatment_words(of({.drug = "sunitinib", .dose = 50, .every_days = 1, .cycle_days = 42, .days_on = {{0, 27}}})), "sunitinib 50 mg every day on days 1 to 28 of 42");
  EXPECT_EQ(treatment_words(of({.drug = "aldesleukin", .dose = 600, .unit = "kIU/kg", .every_days = 1.0 / 3, .cycle_days = 84, .days_on = {{0, 4}, {14, 14}}, .cycles = 2})),
            "aldesleukin 600 kIU/kg 3 times a day on days 1 to 5 and 15 of 84, 2 cycles");
}

TEST(TreatmentWords, KeepTheOrderOfTheProtocol) {
  Arm arm = of({.drug = "nivolumab", .dose = 240, .every_days = 14});
  arm.operations.push_back({.kind = OperationKind::partial_nephrectomy, .day = 84, .if_response = true});
  arm.radiotherapy.push_back({.day = 7, .fractions = 3, .dose_gy = 12});
  arm.supportive_care = true;
  EXPECT_EQ(treatment_words(arm), "partial nephrectomy on day 84 if there is a response; nivolumab 240 mg every 14 days; radiotherapy of 3 x 12 Gy on day 7; supportive care");
  EXPECT_EQ(treatment_words(Arm{}), "");
}

TEST(CutOffWords, AreThereWhereRowsWouldReadAlike) {
  const Design design = make_design(read_trial("keynote-564"));
  std::map<std::string, std::string> quantity;
  for (const report::EvidenceRow& row : evidence_rows(design, empty_result(design, {.patients = 1}))) quantity[row.id] = row.quantity;
  EXPECT_EQ(quantity.at("KN564-20"), "DFS hazard ratio, data cut-off 2024-09");
  EXPECT_EQ(quantity.at("KN564-01"), "DFS hazard ratio, data cut-off 2020-12");
  EXPECT_EQ(quantity.at("KN564-14"), "OS hazard ratio, data cut-off 2023-09");
  EXPECT_EQ(quantity.at("KN564-33"), "DFS (Risk group: Intermediate-high) hazard ratio");  // of one cut-off alone
}

}  // namespace
}  // namespace coley
