// SPDX-License-Identifier: Apache-2.0
// The parity dump: every state of a fixed lattice of patients at every stop, to the last bit. A change that is to change no
// result (an optimisation, a tidier file) leaves it as it is. When the science or the method changes it changes too: the test
// prints the command that renews parity.txt, and the commit says why it was renewed. To see what has changed, compare the dump
// that the test leaves in its folder with the one that the commit before leaves.
#include <gtest/gtest.h>

#include <bit>
#include <fstream>
#include <sstream>

#include "core/sha256.hpp"
#include "course/course.hpp"
#include "population/enrolment.hpp"
#include "trial/design.hpp"

namespace coley {
namespace {

// Adjuvant, metastatic with two antibodies, targeted drugs, interleukin-2, radiotherapy, the second disease.
const std::vector<std::string> kTrials = {"keynote-564", "checkmate-214", "crecy", "sbrt-immunotherapy", "keynote-177"};
constexpr std::uint64_t kPatients = 12, kSeed = 20261122;

std::string bits(double x) {
  std::ostringstream text;
  text << std::hex << std::bit_cast<std::uint64_t>(x);
  return text.str();
}

/// A line for each patient's natural history, and one for each course: days, number of stops, digest of all states at all stops.
std::string dump(biology::InstructionSet set) {
  const biology::Integrate integrate = [set](const biology::Constants& constants, const solver::Tolerance& tolerance, solver::BatchClient& client) {
    return biology::integrate_with(set, constants, tolerance, client);
  };
  std::string lines;
  for (const std::string& trial : kTrials) {
    const Design design = make_design(read_trial(trial));
    const std::vector<Patient> patients = enrol(design.protocol().population, design.setting.disease, {kSeed, 0}, kPatients, {}, integrate).patients;
    for (std::size_t p = 0; p < patients.size(); ++p) {
      std::string states;
      for (double x : patients[p].states) states += bits(x);
      lines += trial + " patient " + std::to_string(p) + " " + sha256(states) + "\n";
      for (int arm = 0; arm < static_cast<int>(design.setting.arms.size()); ++arm) {
        std::string seen;
        int stops = 0;
        const Witness witness = [&](const Moment& moment) {
          ++stops;
          seen += bits(moment.day);
          for (int k = 0; k < biology::State::count; ++k) seen += bits(moment.states[k]);
        };
        const PatientOnArm assignment{&patients[p], arm, static_cast<int>(design.longest_follow_up)};
        const Outcome outcome = run_courses(design.setting, {&assignment, 1}, {}, witness, integrate).outcomes.front();
        lines += trial + " course " + std::to_string(p) + " arm " + std::to_string(arm) + " death " + std::to_string(outcome.death_day) + " recurrence " +
                 std::to_string(outcome.recurrence_day) + " progression " + std::to_string(outcome.progression_day) + " stops " + std::to_string(stops) + " " + sha256(seen) + "\n";
      }
    }
  }
  return lines;
}

TEST(Parity, EveryInstructionSetGivesTheBitsThatAreKept) {
  std::string kept;
  std::ifstream(std::string(COLEY_TEST_DIR) + "/parity.txt") >> kept;
  for (const biology::InstructionSet set : biology::supported()) {
    const std::string lines = dump(set), digest = sha256(lines), file = "parity-" + biology::to_string(set) + ".txt";
    std::ofstream(file) << lines;
    EXPECT_EQ(digest, kept) << biology::to_string(set) << ": results differ in their bits from those kept (dump: " << file << "). If they should:\n  echo " << digest
                            << " > " << COLEY_TEST_DIR << "/parity.txt\nand say why in the commit";
  }
}

}  // namespace
}  // namespace coley
