// SPDX-License-Identifier: Apache-2.0
// What must hold for the natural history and course of any patient.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>

#include "course/course.hpp"
#include "population/enrolment.hpp"
#include "trial/design.hpp"

namespace coley {
namespace {

using biology::State;

constexpr DrawKey kKey{77, 3};

biology::Integrate with(biology::InstructionSet set) {
  return [set](const biology::Constants& constants, const solver::Tolerance& tolerance, solver::BatchClient& client) {
    return biology::integrate_with(set, constants, tolerance, client);
  };
}

/// Passes every call on and holds the states against their domains.
class Inspector : public solver::BatchClient {
 public:
  explicit Inspector(solver::BatchClient& client) : client_(client) {}
  bool load(solver::LaneView lane) override { return client_.load(lane); }
  solver::Next stop(solver::LaneView lane, solver::Stop reason) override {
    inspect(lane);
    return client_.stop(lane, reason);
  }
  long long inspected = 0, faults = 0;

 private:
  void inspect(const solver::LaneView& lane) {
    ++inspected;
    for (int k = 0; k < State::count; ++k) {
      const double value = lane.state(k);
      const bool pool = k >= State::E && k != State::recent;  // the logarithm of one
      const bool share = k == State::Q || k == State::J;
      if (std::isfinite(value) && (!pool || value >= -1e-6) && (!share || value <= 1 + 1e-6)) continue;
      ++faults;
      ADD_FAILURE() << "state " << k << " is " << value << " on day " << *lane.time;
    }
  }
  solver::BatchClient& client_;
};

Design keynote(const std::function<void(Protocol&)>& change = [](Protocol&) {}) {
  TrialInputs inputs = read_trial("keynote-564");
  inputs.protocol.population.mix.clear();  // less screening
  change(inputs.protocol);
  return make_design(std::move(inputs));
}

std::vector<Patient> enrolled(const Design& design, std::uint64_t places, const biology::Integrate& integrate = biology::integrate) {
  return enrol(design.protocol().population, design.setting.disease, kKey, places, {}, integrate).patients;
}

std::vector<Outcome> on_arm(const Design& design, const std::vector<Patient>& patients, int arm, const biology::Integrate& integrate = biology::integrate) {
  std::vector<PatientOnArm> all;
  for (const Patient& patient : patients) all.push_back({&patient, arm, 2000});
  return run_courses(design.setting, all, {}, {}, integrate).outcomes;
}

bool same_bits(const Patient& a, const Patient& b) {
  const auto same = [](double x, double y) { return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y); };
  return std::equal(a.states.begin(), a.states.end(), b.states.begin(), same) && std::equal(a.inputs.begin(), a.inputs.end(), b.inputs.begin(), same);
}

/// Two families of instruction sets: with and without fused multiply-add. Within one the bits are the same; between them
/// states agree to rounding and to where a root is landed on, and every day is the same.
TEST(InstructionSets, GiveTheSameBitsWithAndWithoutFusedMultiplyAdd) {
  const Design design = keynote();
  std::vector<std::vector<Patient>> families;
  std::vector<std::vector<Outcome>> outcomes;
  for (biology::InstructionSet set : biology::supported()) {
    const std::vector<Patient> patients = enrolled(design, 200, with(set));
    const std::vector<Outcome> result = on_arm(design, patients, 0, with(set));
    if (set == biology::InstructionSet::scalar || set == biology::InstructionSet::avx2) {
      families.push_back(patients);
      outcomes.push_back(result);
      continue;
    }
    for (std::size_t i = 0; i < patients.size(); ++i) EXPECT_TRUE(same_bits(patients[i], families.back()[i])) << biology::to_string(set) << ' ' << i;
    EXPECT_EQ(result, outcomes.back()) << biology::to_string(set);
  }
  if (families.size() < 2) return;
  EXPECT_EQ(outcomes[0], outcomes[1]);
  for (std::size_t i = 0; i < families[0].size(); ++i) {
    for (int slot = 0; slot < biology::kLesions; ++slot) {
      const auto x = static_cast<std::size_t>(biology::State::x + slot);
      EXPECT_NEAR(families[0][i].states[x], families[1][i].states[x], 1e-4) << i;
    }
  }
}

TEST(States, StayWithinTheirDomains) {
  const Design design = keynote();
  long long inspected = 0, faults = 0;
  const biology::Integrate inspect = [&](const biology::Constants& constants, const solver::Tolerance& tolerance, solver::BatchClient& client) {
    Inspector inspector(client);
    const solver::Work work = biology::integrate(constants, tolerance, inspector);
    inspected += inspector.inspected;
    faults += inspector.faults;
    return work;
  };
  const std::vector<Patient> patients = enrolled(design, 100, inspect);
  on_arm(design, patients, 0, inspect);
  EXPECT_GT(inspected, 4000);
  EXPECT_EQ(faults, 0);
}

TEST(Courses, DoNotDependOnOrderOrCompany) {
  const Design design = keynote();
  const std::vector<Patient> patients = enrolled(design, 60);
  const std::vector<Outcome> forward = on_arm(design, patients, 0);
  std::vector<Outcome> backward = on_arm(design, {patients.rbegin(), patients.rend()}, 0);
  std::reverse(backward.begin(), backward.end());
  EXPECT_EQ(forward, backward);
  EXPECT_EQ(on_arm(design, {patients[17]}, 0).front(), forward[17]);
}

TEST(Courses, PlaceboIsNoDrugAndNoDoseIsNoDrug) {
  const Design shipped = keynote();
  const std::vector<Patient> patients = enrolled(shipped, 80);
  std::vector<Outcome> placebo = on_arm(shipped, patients, 1);
  const std::vector<Outcome> nothing_given = on_arm(keynote([](Protocol& p) {
                                                      p.arms[1].drugs = p.arms[0].drugs;
                                                      p.arms[1].drugs[0].dose = 0;
                                                    }), patients, 1);
  std::vector<Outcome> bare = on_arm(keynote([](Protocol& p) { p.arms[1].drugs.clear(); }), patients, 1);
  EXPECT_EQ(placebo, nothing_given);
  // what is known of doses, and of events while on treatment, needs a drug; the disease does not
  const auto disease = [](std::vector<Outcome>& outcomes) {
    for (Outcome& o : outcomes) {
      o.first_dose_day = o.last_dose_day = o.treatment_end_day = o.toxicity_day = o.adverse_day = kNoDay;
      o.doses = 0;
      o.completed = o.stopped_for_progression = o.stopped_for_toxicity = false;
    }
  };
  disease(placebo);
  disease(bare);
  EXPECT_EQ(placebo, bare);
  EXPECT_NE(on_arm(shipped, patients, 0), nothing_given);
}

TEST(Courses, LongerFollowUpKeepsEveryEvent) {
  const Design design = keynote();
  const std::vector<Patient> patients = enrolled(design, 80);
  for (const Patient& patient : patients) {
    std::vector<PatientOnArm> lengths;
    for (int days = 200; days <= 2000; days += 300) lengths.push_back({&patient, 0, days});
    const std::vector<Outcome> outcomes = run_courses(design.setting, lengths, {}).outcomes;
    const Outcome& longest = outcomes.back();
    for (const Outcome& o : outcomes) {
      for (int Outcome::*day : {&Outcome::death_day, &Outcome::recurrence_day, &Outcome::withdrawal_day, &Outcome::next_line_day}) {
        EXPECT_EQ(o.*day, longest.*day <= o.follow_up_day ? longest.*day : kNoDay) << patient.draws.patient << " followed for " << o.follow_up_day;
      }
    }
  }
}

}  // namespace
}  // namespace coley
