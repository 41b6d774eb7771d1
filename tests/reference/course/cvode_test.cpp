// SPDX-License-Identifier: Apache-2.0
// The course of patients by the batch integrator at the default tolerance, held against the same course by CVODE.
#include "course_trace.hpp"

#include <gtest/gtest.h>

#include "biology/integrate.hpp"
#include "population/enrolment.hpp"
#include "protocol/drug_file.hpp"
#include "protocol/shipped.hpp"

namespace coley {
namespace {

/// `patients` of a trial on its first two arms, for the whole follow-up.
CourseErrors against_cvode(TrialInputs inputs, int patients) {
  const Design design = make_design(std::move(inputs));
  const std::vector<Patient> enrolled = enrol(design.protocol().population, design.setting.disease, {20261122, 0}, static_cast<std::uint64_t>(patients), {}).patients;
  CourseErrors errors;
  for (const Patient& patient : enrolled) {
    for (int arm = 0; arm < 2; ++arm) {
      const PatientOnArm course{&patient, arm, static_cast<int>(design.longest_follow_up)};
      errors.add(design, trace_course(design, course, {}, biology::integrate), trace_course(design, course, {}, with_cvode()));
    }
  }
  return errors;
}

/// What decision 5 asks of the default tolerance: fewer than one endpoint in a thousand moves by a scan interval, and burdens are
/// known to a thousandth at 99 of 100 scans and to a hundredth at all. The rest are lesions on their way to extinction, whose
/// logarithm falls by a twentieth a day: there an error of hours is one of hundredths.
void expect_close(const CourseErrors& errors) {
  testing::Test::RecordProperty("largest", std::to_string(errors.burden_quantile(1)));
  testing::Test::RecordProperty("other_day", std::to_string(errors.other_day));
  EXPECT_LT(errors.burden_quantile(0.99), 1e-3);
  EXPECT_LT(errors.burden_quantile(1), 1e-2);
  EXPECT_EQ(errors.by_a_scan, 0) << "of " << errors.endpoints;
  // of a thousand endpoints one may fall on another day: three standard deviations of their number above it
  const double other = 0.001 * static_cast<double>(errors.endpoints);
  EXPECT_LE(static_cast<double>(errors.other_day), other + 3 * std::sqrt(other));
}

TEST(AgainstCvode, BurdensAndDaysAtTheDefaultTolerance) {
  const CourseErrors errors = against_cvode(read_trial("keynote-564"), 250);
  EXPECT_GT(errors.burden.size(), 1000u);
  expect_close(errors);
}

Dosing dosing(const std::string& drug, double dose, const std::string& unit, Route route, double every_days) {
  Dosing d;
  d.drug = drug;
  d.dose = dose;
  d.unit = unit;
  d.route = route;
  d.every_days = every_days;
  return d;
}

/// Inputs that jump: blocks of interleukin-2 beside interferon, and cytotoxic beside targeted drugs.
TEST(AgainstCvode, CytokinesChemotherapyAndTargetedDrugs) {
  TrialInputs inputs = read_trial("keynote-564");
  Dosing interleukin = dosing("aldesleukin", 600, "kIU/kg", Route::iv, 1.0 / 3);
  interleukin.cycle_days = 84;
  interleukin.days_on = {{0, 4}, {14, 18}};
  interleukin.max_doses_per_block = 14;
  interleukin.cycles = 3;
  Dosing interferon = dosing("interferon-alfa", 9, "MIU", Route::sc, 7.0 / 3);
  interferon.doses = 100;
  Dosing sunitinib = dosing("sunitinib", 50, "mg", Route::po, 1);
  sunitinib.cycle_days = 42;
  sunitinib.days_on = {{0, 27}};
  inputs.protocol.arms[0].drugs = {interleukin, interferon};
  inputs.protocol.arms[1].drugs = {dosing("fluorouracil", 2400, "mg/m2", Route::iv, 14), dosing("oxaliplatin", 85, "mg/m2", Route::iv, 14), sunitinib};
  for (const Arm& arm : inputs.protocol.arms) {
    for (const Dosing& d : arm.drugs) {
      const std::string file = "drugs/" + d.drug + ".toml";
      inputs.drugs.insert_or_assign(d.drug, read_drug(shipped_text(file).value(), file));
    }
  }
  const CourseErrors errors = against_cvode(std::move(inputs), 250);
  EXPECT_GT(errors.burden.size(), 1000u);
  expect_close(errors);
}

}  // namespace
}  // namespace coley
