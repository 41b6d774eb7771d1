// SPDX-License-Identifier: Apache-2.0
// A population kept in a folder is the population that would be enrolled again.
#include "trial/kept_population.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/error.hpp"
#include "trial/enrol_trial.hpp"
#include "trial/run_trial.hpp"

namespace coley {
namespace {

namespace fs = std::filesystem;

Design trial(std::vector<std::string> sets = {}) {
  sets.push_back("population.size=40");
  return make_design(read_trial("keynote-564", sets));
}

class Kept : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("coley-kept-" + std::to_string(::getpid()));
    fs::remove_all(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  long files() const { return std::distance(fs::directory_iterator(folder_), {}); }
  fs::path folder_;
};

TEST_F(Kept, ASecondRunReadsWhatTheFirstComputed) {
  const Design design = trial();
  const KeptPopulation kept(design, folder_.string(), {});
  const Enrolment first = kept.enrol({1, 0}, 40), second = kept.enrol({1, 0}, 40), fresh = enrol_trial(design, {1, 0}, 40, {});
  EXPECT_EQ(files(), 1);
  EXPECT_GT(first.work.steps, 0);
  EXPECT_EQ(second.work.steps, 0);
  EXPECT_EQ(second.screening.screened, fresh.screening.screened);
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(second.patients[i].states, fresh.patients[i].states);
    EXPECT_EQ(second.patients[i].inputs, fresh.patients[i].inputs);
    EXPECT_EQ(second.patients[i].risk, fresh.patients[i].risk);
  }
}

TEST_F(Kept, OtherArmsShareItAndOtherBiologyDoesNot) {
  KeptPopulation(trial(), folder_.string(), {}).enrol({1, 0}, 40);
  const Design other_drug = trial({"arm.pembrolizumab.drug.pembrolizumab.dose=400", "visits.withdrawal_per_year=0.1"});
  EXPECT_EQ(KeptPopulation(other_drug, folder_.string(), {}).enrol({1, 0}, 40).work.steps, 0);
  for (const char* set : {"parameters.mu=1e-9", "population.eligibility.ecog_max=0"}) {
    const Design other = trial({set});
    EXPECT_GT(KeptPopulation(other, folder_.string(), {}).enrol({1, 0}, 40).work.steps, 0) << set;
  }
  EXPECT_GT(KeptPopulation(trial(), folder_.string(), {}).enrol({2, 0}, 40).work.steps, 0);
  EXPECT_EQ(files(), 4);
}

TEST_F(Kept, ADamagedFileIsNamed) {
  const Design design = trial();
  const KeptPopulation kept(design, folder_.string(), {});
  kept.enrol({1, 0}, 40);
  const fs::path file = fs::directory_iterator(folder_)->path();
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(2000).write("x", 1);
  try {
    kept.enrol({1, 0}, 40);
    FAIL();
  } catch (const RunError& error) {
    EXPECT_NE(std::string(error.what()).find(file.string()), std::string::npos);
  }
}

TEST_F(Kept, ARunIsTheSameWithIt) {
  const Design design = trial();
  const KeptPopulation kept(design, folder_.string(), {});
  RunOptions options{.patients = 40};
  const Tally plain = simulate_trial(design, options, 0, 40);
  options.kept = &kept;
  for (int call = 0; call < 2; ++call) {
    const Tally tally = simulate_trial(design, options, 0, 40);
    EXPECT_EQ(tally.arms[0].started(), plain.arms[0].started());
    EXPECT_EQ(tally.arms[1].deaths_disease, plain.arms[1].deaths_disease);
    EXPECT_EQ(tally.screening.screened, plain.screening.screened);
  }
}

}  // namespace
}  // namespace coley
