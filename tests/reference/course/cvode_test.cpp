// SPDX-License-Identifier: Apache-2.0
// The course of patients by the batch integrator at the default tolerance, held against the same course by CVODE.
#include "cvode_reference.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

#include "biology/integrate.hpp"
#include "course/course.hpp"
#include "endpoints/endpoints.hpp"
#include "population/enrolment.hpp"
#include "protocol/drug_file.hpp"
#include "protocol/shipped.hpp"
#include "trial/design.hpp"

namespace coley {
namespace {

/// States and inputs of one patient after each scan, and the outcome.
struct Trace {
  struct At {
    std::array<double, biology::State::count> states;
    std::array<double, biology::kInputs> inputs;
  };
  std::map<double, At> scans;
  Outcome outcome;
};

solver::Work integrate_reference(const biology::Constants& constants, const solver::Tolerance&, solver::BatchClient& client) {
  const biology::TumourImmune model(constants);
  return solver::CvodeReference<biology::TumourImmune>(model).integrate(client);
}

Trace trace(const Design& design, const PatientOnArm& assignment, const solver::Tolerance& tolerance, const biology::Integrate& integrate) {
  Trace result;
  const auto& days = design.setting.scan_days;
  const Witness witness = [&](const Moment& moment) {
    if (!std::binary_search(days.begin(), days.end(), static_cast<int>(moment.day)) || moment.day != std::floor(moment.day)) return;
    Trace::At& at = result.scans[moment.day];
    std::copy_n(moment.states, at.states.size(), at.states.begin());
    std::copy_n(moment.inputs, at.inputs.size(), at.inputs.begin());
  };
  result.outcome = run_courses(design.setting, {&assignment, 1}, tolerance, witness, integrate).outcomes.front();
  return result;
}

struct Comparison {
  double largest = 0;        ///< difference of log cell numbers
  long long sizes = 0;       ///< log cell numbers compared
  long long beyond = 0;      ///< of these, more than 1e-3 apart
  long long days = 0;        ///< endpoint days compared
  long long different = 0;   ///< of these
};

class AgainstCvode {
 public:
  AgainstCvode(TrialInputs inputs, int patients) : design_(make_design(std::move(inputs))) {
    patients_ = enrol(design_.protocol().population, design_.setting.disease, {20261122, 0}, static_cast<std::uint64_t>(patients), {}).patients;
    for (const PatientOnArm& assignment : assignments()) reference_.push_back(trace(design_, assignment, {}, integrate_reference));
  }

  std::vector<PatientOnArm> assignments() const {
    std::vector<PatientOnArm> result;
    for (const Patient& patient : patients_) {
      for (int arm = 0; arm < 2; ++arm) result.push_back({&patient, arm, static_cast<int>(design_.longest_follow_up)});
    }
    return result;
  }

  Comparison compare(const solver::Tolerance& tolerance) const {
    Comparison sum;
    const std::vector<PatientOnArm> all = assignments();
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Trace fast = trace(design_, all[i], tolerance, biology::integrate);
      compare_sizes(i, fast, reference_[i], sum);
      for (EndpointKind kind : {EndpointKind::OS, EndpointKind::DFS}) {
        const int cutoff = all[i].follow_up_days;
        const TimeToEvent a = time_to_event(kind, fast.outcome, cutoff, design_.setting.scan_days).value();
        const TimeToEvent b = time_to_event(kind, reference_[i].outcome, cutoff, design_.setting.scan_days).value();
        ++sum.days;
        sum.different += a.day != b.day || a.event != b.event;
      }
    }
    return sum;
  }

 private:
  static void compare_sizes(std::size_t which, const Trace& fast, const Trace& reference, Comparison& sum) {
    for (const auto& [day, ours] : fast.scans) {
      const auto theirs = reference.scans.find(day);
      if (theirs == reference.scans.end()) continue;
      for (int slot = 0; slot < biology::kLesions; ++slot) {
        const auto alive = static_cast<std::size_t>(biology::input_index(&biology::Inputs<double>::alive, slot));
        if (ours.inputs[alive] == 0 || theirs->second.inputs[alive] == 0) continue;
        const auto x = static_cast<std::size_t>(biology::State::x + slot);
        const double difference = std::fabs(ours.states[x] - theirs->second.states[x]);
        ++sum.sizes;
        sum.largest = std::max(sum.largest, difference);
        if (difference < 1e-3) continue;
        ++sum.beyond;
        testing::Test::RecordProperty("beyond_" + std::to_string(which), "day " + std::to_string(day) + " slot " + std::to_string(slot) + ": " +
                                                                            std::to_string(ours.states[x]) + " against " + std::to_string(theirs->second.states[x]));
      }
    }
  }

  Design design_;
  std::vector<Patient> patients_;
  std::vector<Trace> reference_;
};

void expect_close(const Comparison& all) {
  testing::Test::RecordProperty("largest_difference", std::to_string(all.largest));
  EXPECT_LE(static_cast<double>(all.different), std::max(1.0, 0.001 * static_cast<double>(all.days))) << all.different << " of " << all.days;
}

TEST(AgainstCvode, SizesAndDaysAtTheDefaultTolerance) {
  const Comparison all = AgainstCvode(read_trial("keynote-564"), 250).compare({});
  EXPECT_GT(all.sizes, 1000);
  EXPECT_EQ(all.beyond, 0);
  expect_close(all);
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
  const Comparison all = AgainstCvode(std::move(inputs), 60).compare({});
  EXPECT_GT(all.sizes, 100);
  EXPECT_EQ(all.beyond, 0);
  expect_close(all);
}

}  // namespace
}  // namespace coley
