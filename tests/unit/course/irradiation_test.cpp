// SPDX-License-Identifier: Apache-2.0
#include "course/irradiation.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "population/lesions.hpp"
#include "protocol/parameter_table.hpp"
#include "protocol/shipped.hpp"

namespace coley {
namespace {

using biology::Inputs;
using biology::input_index;
using biology::State;

/// One patient in a lane of width one, with known lesions of 1, 8 and 2 cm3 in lung, liver and lung.
class Irradiation : public testing::Test {
 protected:
  void SetUp() override {
    place(1, Organ::lung, 1e9);
    place(2, Organ::liver, 8e9);
    place(3, Organ::lung, 2e9);
  }
  void place(int slot, Organ organ, double cells) {
    place_lesion(lane(), disease, patient, slot, organ, cells, 1.0);
    lane().state(State::E + slot) = 10;
    patient.lesions[static_cast<std::size_t>(slot)].known = true;
  }
  solver::LaneView lane() { return {states.data(), inputs.data(), &time, &stop, 0}; }
  double x(int slot) { return lane().state(State::x + slot); }

  std::array<double, State::count> states{};
  std::array<double, biology::kInputs> inputs{};
  double time = 0, stop = 0;
  Patient patient;
  Disease disease = read_disease(read_parameters(*shipped_text("evidence/parameters.toml"), "evidence/parameters.toml"));
};

TEST_F(Irradiation, LargestLesionsOfTheOrgansNamed) {
  EXPECT_EQ(choose_lesions(lane(), patient, {.lesions = 1}), 1 << 2);
  EXPECT_EQ(choose_lesions(lane(), patient, {.lesions = 2}), 1 << 2 | 1 << 3);
  EXPECT_EQ(choose_lesions(lane(), patient, {.lesions = 5, .sites = {"lung"}}), 1 << 1 | 1 << 3);
  EXPECT_EQ(choose_lesions(lane(), patient, {.lesions = 5, .sites = {"brain"}}), 0);
  patient.lesions[2].known = false;
  EXPECT_EQ(choose_lesions(lane(), patient, {.lesions = 1}), 1 << 3);
}

TEST_F(Irradiation, KillsInTheFieldAndNowhereElse) {
  disease.alpha_RT.sd = 0;
  const double before = x(1), other = x(2);
  irradiate(lane(), disease, patient, 1 << 1, 3, 8, 0.9);
  const double kill = 3 * (0.12 * 8 + 0.12 / 5 * 64);
  EXPECT_NEAR(before - x(1), kill, 1e-12);
  EXPECT_NEAR(lane().state(State::E + 1), 10 * std::exp(-0.15 * 24), 1e-12);
  EXPECT_EQ(x(2), other);
  EXPECT_EQ(lane().state(State::E + 2), 10);
  // every killed cm3 is antigen as any other death, without synergy whatever is blocked
  EXPECT_NEAR(lane().state(State::A), 1.0 * (1 - std::exp(-kill)), 1e-9);
}

TEST_F(Irradiation, SynergyIsASwitch) {
  disease.alpha_RT.sd = 0;
  disease.rt_synergy = 4;
  irradiate(lane(), disease, patient, 1 << 1, 1, 8, 0);
  const double without = lane().state(State::A);
  lane().state(State::A) = 0;
  place(1, Organ::lung, 1e9);
  irradiate(lane(), disease, patient, 1 << 1, 1, 8, 0.5);
  EXPECT_NEAR(lane().state(State::A), without * (1 + 4 * 0.5), 1e-9);
}

TEST_F(Irradiation, EnoughDoseEndsALesion) {
  irradiate(lane(), disease, patient, 1 << 1, 5, 20, 0);
  EXPECT_EQ(lesion_volume(lane(), 1), 0);
  EXPECT_GT(lesion_volume(lane(), 2), 0);
}

TEST(Pulses, FiveAWeek) {
  EXPECT_EQ(pulses_of({{.day = 3, .fractions = 3, .dose_gy = 14}}).size(), 1u);
  const std::vector<Pulse> weeks = pulses_of({{.day = 10, .fractions = 12, .dose_gy = 2}, {.day = 12, .fractions = 1, .dose_gy = 20}});
  ASSERT_EQ(weeks.size(), 4u);
  EXPECT_EQ(weeks[0].fractions, 5);
  EXPECT_TRUE(weeks[0].first);
  EXPECT_EQ(weeks[1].plan, 1u);
  EXPECT_EQ(weeks[2].day, 17);
  EXPECT_FALSE(weeks[2].first);
  EXPECT_EQ(weeks[3].fractions, 2);
}

}  // namespace
}  // namespace coley
