// SPDX-License-Identifier: Apache-2.0
// What must hold for any patient on any drug: doses, harm, resistance, radiotherapy.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "course/course.hpp"
#include "population/enrolment.hpp"
#include "population/lesions.hpp"
#include "protocol/drug_file.hpp"
#include "protocol/shipped.hpp"
#include "trial/design.hpp"

namespace coley {
namespace {

using biology::State;

Design design_with(const std::function<void(TrialInputs&)>& change = [](TrialInputs&) {}) {
  TrialInputs inputs = read_trial("keynote-564");
  inputs.protocol.population.mix.clear();  // less screening
  change(inputs);
  for (Arm& arm : inputs.protocol.arms) {
    for (const Dosing& dosing : arm.drugs) {
      const std::string file = "drugs/" + dosing.drug + ".toml";
      if (!inputs.drugs.contains(dosing.drug)) inputs.drugs[dosing.drug] = read_drug(shipped_text(file).value(), file);
    }
  }
  return make_design(std::move(inputs));
}

const std::vector<Patient>& patients() {
  static const std::vector<Patient> enrolled = [] {
    const Design design = design_with();
    return enrol(design.protocol().population, design.setting.disease, {77, 3}, 120, {}).patients;
  }();
  return enrolled;
}

CourseResult first_arm(const Design& design, int days = 1500) {
  std::vector<PatientOnArm> all;
  for (const Patient& patient : patients()) all.push_back({&patient, 0, days});
  return run_courses(design.setting, all, {});
}

Design on(std::vector<Dosing> drugs) {
  return design_with([&](TrialInputs& inputs) { inputs.protocol.arms[0].drugs = std::move(drugs); });
}

Dosing interleukin(double dose, const std::string& unit, Route route, double every_days) {
  Dosing d;
  d.drug = "aldesleukin";
  d.dose = dose;
  d.unit = unit;
  d.route = route;
  d.every_days = every_days;
  d.cycle_days = 84;
  d.days_on = {{0, 4}, {14, 18}};
  d.max_doses_per_block = 14;
  d.cycles = 2;
  return d;
}

double share(const std::vector<Outcome>& outcomes, const std::function<bool(const Outcome&)>& holds) {
  return static_cast<double>(std::count_if(outcomes.begin(), outcomes.end(), holds)) / static_cast<double>(outcomes.size());
}

bool harmed(const Outcome& o) { return o.toxicity_day != kNoDay; }
bool died_of_treatment(const Outcome& o) { return o.death_cause == DeathCause::toxicity; }

TEST(Interleukin, NoDoseIsNoDrug) {
  std::vector<Outcome> none = first_arm(on({})).outcomes, zero = first_arm(on({interleukin(0, "kIU/kg", Route::iv, 1.0 / 3)})).outcomes;
  for (std::size_t i = 0; i < none.size(); ++i) {
    EXPECT_EQ(none[i].recurrence_day, zero[i].recurrence_day);
    EXPECT_EQ(none[i].death_day, zero[i].death_day);
  }
}

TEST(Interleukin, DosesAreWithheldByDoseAndRoute) {
  const auto high = first_arm(on({interleukin(720, "kIU/kg", Route::iv, 1.0 / 3)})).outcomes;
  const auto low = first_arm(on({interleukin(72, "kIU/kg", Route::iv, 1.0 / 3)})).outcomes;
  const auto skin = first_arm(on({interleukin(9, "MIU", Route::sc, 1)})).outcomes;
  const auto doses = [](const std::vector<Outcome>& outcomes) {
    double sum = 0;
    for (const Outcome& o : outcomes) sum += o.doses;
    return sum / static_cast<double>(outcomes.size());
  };
  for (const Outcome& o : high) EXPECT_LE(o.doses, 56);
  EXPECT_LT(doses(high), doses(low));
  EXPECT_GT(share(high, harmed), share(low, harmed) + 0.1);
  EXPECT_GT(share(low, harmed), share(skin, harmed));
  for (const Outcome& o : skin) EXPECT_LE(o.doses, 20);
}

TEST(Interleukin, ABlockOfDosesCostsTwoStops) {
  const solver::Work bare = first_arm(on({}), 200).work;
  Dosing high = interleukin(600, "kIU/kg", Route::iv, 1.0 / 3);
  const solver::Work treated = first_arm(on({high}), 200).work;
  const double more = static_cast<double>(treated.stops - bare.stops) / static_cast<double>(patients().size());
  EXPECT_LE(more, 2 * 4 + 1);  // four blocks
}

TEST(Harm, AFatalShareOfOneKillsWhoIsHarmedAndOfZeroNobody) {
  const auto with_share = [](double fatal) {
    return first_arm(design_with([&](TrialInputs& inputs) { inputs.drugs.at("pembrolizumab").toxicity.fatal_share.value = fatal; })).outcomes;
  };
  const auto all = with_share(1), none = with_share(0);
  ASSERT_GT(share(all, harmed), 0.05);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (harmed(all[i]) && all[i].death_cause != DeathCause::none && all[i].next_line_day == kNoDay) {
      EXPECT_EQ(all[i].death_cause, DeathCause::toxicity);
      EXPECT_EQ(all[i].death_day, std::max(1, all[i].toxicity_day));
    }
    EXPECT_FALSE(none[i].next_line_day == kNoDay && died_of_treatment(none[i]));
    EXPECT_EQ(all[i].toxicity_day, none[i].toxicity_day);
  }
  EXPECT_GT(share(all, died_of_treatment), share(none, died_of_treatment));
}

TEST(Harm, EndsTheDrugThatCausedItAndNoOther) {
  Dosing pembrolizumab = read_trial("keynote-564").protocol.arms[0].drugs[0], axitinib;
  axitinib.drug = "axitinib";
  axitinib.dose = 5;
  axitinib.route = Route::po;
  axitinib.every_days = 0.5;
  const auto run = [&](double stop_axitinib) {
    return first_arm(design_with([&](TrialInputs& inputs) {
             inputs.protocol.arms[0].drugs = {pembrolizumab, axitinib};
             Drug& drug = inputs.drugs.at("axitinib");
             drug.toxicity.grade3plus_per_day.value = 0.1;
             drug.toxicity.stop_share.value = stop_axitinib;
             drug.toxicity.fatal_share.value = 0;
             inputs.drugs.at("pembrolizumab").toxicity.grade3plus_per_day.value = 0;
           }), 400).outcomes;
  };
  const auto outcomes = run(1);
  EXPECT_GT(share(outcomes, harmed), 0.9);
  EXPECT_EQ(share(outcomes, [](const Outcome& o) { return o.stopped_for_toxicity; }), 0);  // pembrolizumab went on
}

TEST(Harm, EndsMaintenanceWithTheInductionThatCausedIt) {
  const auto outcomes = first_arm(design_with([](TrialInputs& inputs) {
                          Dosing induction = inputs.protocol.arms[0].drugs[0], maintenance = induction;
                          induction.doses = 4;
                          maintenance.start_day = 84;
                          maintenance.doses = 10;
                          inputs.protocol.arms[0].drugs = {induction, maintenance};
                          auto& toxicity = inputs.drugs.at("pembrolizumab").toxicity;
                          toxicity.grade3plus_per_day.value = 0.05;
                          toxicity.stop_share.value = 1;
                          toxicity.fatal_share.value = 0;
                        }), 400).outcomes;
  int early = 0;
  for (const Outcome& o : outcomes) {
    if (o.toxicity_day == kNoDay || o.toxicity_day > 60) continue;
    ++early;
    EXPECT_TRUE(o.stopped_for_toxicity);
    EXPECT_GE(o.treatment_end_day, o.toxicity_day);
    EXPECT_LT(o.treatment_end_day, 84);
  }
  EXPECT_GT(early, 50);
}

/// States of the first patient at the start of the second regimen of targeted drugs.
double resistance_at_switch(double cross, const std::string& second) {
  const Design design = design_with([&](TrialInputs& inputs) {
    Dosing first;
    first.drug = "sunitinib";
    first.dose = 50;
    first.route = Route::po;
    first.every_days = 1;
    inputs.protocol.arms[0].drugs = {first};
    inputs.drugs.at("sunitinib").toxicity.stop_share.value = 0;
    inputs.drugs.at("sunitinib").toxicity.fatal_share.value = 0;
    Dosing next = first;
    next.drug = second;
    next.dose = 10;
    inputs.drugs[second] = read_drug(shipped_text("drugs/" + second + ".toml").value(), "drugs/" + second + ".toml");
    inputs.drugs[second].effect.cross_resistance->value = cross;
    inputs.protocol.later.clear();
    LaterTreatment later;
    later.share = 1;
    later.label = "second";
    later.drugs = {next};
    inputs.protocol.later.push_back(later);
  });
  std::vector<PatientOnArm> all;
  for (const Patient& patient : patients()) all.push_back({&patient, 0, 2500});
  double most = -1;
  bool switched = false;
  const Witness witness = [&](const Moment& moment) {
    if (std::string(moment.event) == "second") {
      switched = true;
      most = std::max(most, moment.states[State::W]);
    }
  };
  run_courses(design.setting, all, {}, witness);
  EXPECT_TRUE(switched);
  return most;
}

TEST(Resistance, CrossesOverWithinAClass) {
  const double full = resistance_at_switch(1, "axitinib"), half = resistance_at_switch(0.5, "axitinib");
  EXPECT_GT(full, 0.2);
  EXPECT_NEAR(half, 0.5 * full, 1e-9 * full);
  EXPECT_EQ(resistance_at_switch(1, "belzutifan"), 0);
}

TEST(Radiotherapy, ShrinksTheLesionItTreats) {
  Design design = on({});
  design.setting.arms[0].radiotherapy = {{.day = 10, .fractions = 3, .dose_gy = 14, .lesions = 1}};
  design.setting.disease.alpha_RT.sd = 0;
  design.setting.arms[0].pulses = pulses_of(design.setting.arms[0].radiotherapy);
  Patient patient = patients().front();
  double time = 0, stop = 0;
  const solver::LaneView lane{patient.states.data(), patient.inputs.data(), &time, &stop, 0};
  for (int slot = 0; slot < biology::kLesions; ++slot) remove_lesion(lane, design.setting.disease, patient, slot);
  place_lesion(lane, design.setting.disease, patient, 1, Organ::lung, 2e9, 1e-3);  // hard to extinguish
  lane.input(biology::input_index(&biology::Inputs<double>::gamma, 1)) = 0.001;
  lane.input(biology::input_index(&biology::Inputs<double>::capacity, 1)) = 27;
  lane.input(biology::input_index(&biology::Inputs<double>::lytic, 1)) = 0;  // radiation alone
  patient.lesions[1].known = true;
  const auto size_after = [&](const Design& d) {
    double x = 0;
    const Witness witness = [&](const Moment& moment) {
      if (moment.day <= 84) x = moment.states[State::x + 1];
    };
    const PatientOnArm one{&patient, 0, 84};
    run_courses(d.setting, {&one, 1}, {}, witness);
    return x;
  };
  const double treated = size_after(design), left_alone = size_after(on({}));
  // the distance fades as both grow towards the same capacity
  EXPECT_NEAR(left_alone - treated, 3 * (0.12 * 14 + 0.12 / 5 * 196) * std::exp(-0.001 * 74), 1e-3);
}

/// Radiotherapy of the primary, then nephrectomy: what was irradiated had shrunk on the day it was taken out, its antigen stayed
/// to be seen by the immune system, and the metastases were not touched.
TEST(Radiotherapy, OfThePrimaryComesBeforeItsRemoval) {
  constexpr double kOperation = 28;
  const auto design = [&](double dose) {
    TrialInputs inputs = read_trial("swog-8949");
    Arm& arm = inputs.protocol.arms[0];
    arm.drugs.clear();
    arm.operations = {{.kind = OperationKind::nephrectomy, .day = kOperation}};
    arm.radiotherapy = {{.day = 0, .fractions = 3, .dose_gy = dose, .lesions = 1, .sites = {"kidney"}}};
    return make_design(std::move(inputs));
  };
  const Design treated = design(14), sham = design(0);
  const std::vector<Patient> enrolled = enrol(treated.protocol().population, treated.setting.disease, {78, 3}, 16, {}).patients;
  int operated = 0;
  for (const Patient& patient : enrolled) {
    struct Seen {
      double primary = 0, metastasis = 0, antigen = 0;  // on the day of the operation, before it
      double left = -1;
    };
    const auto follow = [&](const Design& d) {
      Seen seen;
      bool out = false;
      const Witness witness = [&](const Moment& moment) {
        const bool alive = moment.inputs[biology::input_index(&biology::Inputs<double>::alive)] > 0;
        if (!alive && !out) seen.left = moment.day;
        out = !alive;
        if (out || moment.day >= kOperation) return;
        seen = {moment.states[State::x], moment.states[State::x + 1], moment.states[State::A], -1};
      };
      const PatientOnArm one{&patient, 0, 60};
      run_courses(d.setting, {&one, 1}, {}, witness);
      return seen;
    };
    const Seen with = follow(treated), without = follow(sham);
    if (with.left != kOperation || without.left != kOperation) continue;  // unresectable, or died before
    ++operated;
    EXPECT_LT(with.primary, without.primary - 1) << "more than half of the cells are killed";
    EXPECT_GT(with.antigen, without.antigen);
    EXPECT_LE(with.metastasis, without.metastasis + 1e-6) << "no faster where the immune system has seen more";
  }
  EXPECT_GE(operated, 6);
}

}  // namespace
}  // namespace coley
