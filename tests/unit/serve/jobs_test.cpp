// SPDX-License-Identifier: Apache-2.0
// Jobs over a shell script in place of the program, which can do what the program must not.
#include "serve/jobs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>

#include "core/error.hpp"

namespace coley::serve {
namespace {

class JobsTest : public testing::Test {
 protected:
  JobsTest() : folder(std::filesystem::temp_directory_path() / ("jobs-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder);
    limits.running = 1;
    limits.waiting = 2;
    limits.kept = 4;
    saved = std::make_unique<SavedRuns>(folder / "runs.sqlite");
  }
  ~JobsTest() override { std::filesystem::remove_all(folder); }

  std::string program(const std::string& script) {
    const std::filesystem::path path = folder / "program";
    std::ofstream(path) << "#!/bin/sh\n" << script << '\n';
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }

  RunRequest request(long long patients = 10) { return {.trial = "t", .protocol = {"t.toml", "text of the protocol"}, .patients = patients}; }

  JobView ended(Jobs& jobs, long long id) {
    for (int i = 0; i < 2000; ++i) {
      if (const JobView view = jobs.view(id).value(); view.state != JobState::waiting && view.state != JobState::running) return view;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    throw std::runtime_error("the job does not end");
  }

  Limits limits;
  std::filesystem::path folder;
  std::unique_ptr<SavedRuns> saved;
};

constexpr const char* kWhole = R"(echo '{"done":10,"of":10,"summary":{"a":0.1,"run":{"threads":1}}}')";

TEST_F(JobsTest, KeepsTheLatestSummaryAndTheProtocolIsInItsFolder) {
  Jobs jobs(limits, program(std::string(R"sh(echo '{"done":5,"of":10,"summary":{"a":0.3}}'; [ "$(cat t.toml)" = "text of the protocol" ] || exit 1; )sh") + kWhole), folder, *saved);
  const JobView view = ended(jobs, jobs.submit(request()));
  EXPECT_EQ(view.state, JobState::done) << view.reason;
  EXPECT_EQ(*view.summary, R"({"a":0.1,"run":{"threads":1}})");
  EXPECT_EQ(view.done, 10);
  EXPECT_TRUE(std::filesystem::is_empty(folder / "runs"));
}

TEST_F(JobsTest, TheReportIsThatOfTheResultFolderOnceDone) {
  const std::string write = "mkdir results; echo '<!DOCTYPE html>' > results/report.html; ";
  Jobs jobs(limits, program(write + kWhole), folder, *saved);
  const JobView view = ended(jobs, jobs.submit(request()));
  ASSERT_TRUE(view.report);
  EXPECT_EQ(*view.report, "<!DOCTYPE html>\n");
}

TEST_F(JobsTest, OneThatNobodyAsksAboutIsStopped) {
  limits.unattended_seconds = 0.2;
  Jobs jobs(limits, program("exec sleep 100"), folder, *saved);
  const long long running = jobs.submit(request()), waiting = jobs.submit(request());
  const auto open = [](const std::vector<JobView>& all) { return std::any_of(all.begin(), all.end(), [](const JobView& one) { return one.state == JobState::waiting || one.state == JobState::running; }); };
  while (open(jobs.all())) std::this_thread::sleep_for(std::chrono::milliseconds(10));  // a list asks about none
  for (const long long id : {running, waiting}) EXPECT_EQ(jobs.view(id)->reason, "stopped, since nobody asked about it for 0.2 s");
}

TEST_F(JobsTest, OneThatIsToBeSavedGoesOnUnasked) {
  limits.unattended_seconds = 0.5;
  const std::string whole = R"(echo '{"done":10,"of":10,"summary":{"coley":{"version":"1","parameters_sha256":"p"},"trial":{"name":"t","protocol_sha256":"q"}}}')";
  Jobs jobs(limits, program("while [ ! -e ../../go ]; do sleep 0.05; done; " + whole), folder, *saved);
  const long long id = jobs.submit(request()), other = jobs.submit(request());
  EXPECT_TRUE(jobs.save_when_done(id, "later"));
  while (jobs.all().back().state != JobState::stopped) std::this_thread::sleep_for(std::chrono::milliseconds(10));  // the other, unasked
  EXPECT_EQ(jobs.view(other)->state, JobState::stopped);
  std::ofstream(folder / "go") << "\n";
  EXPECT_EQ(ended(jobs, id).state, JobState::done);
  ASSERT_EQ(saved->list().size(), 1U);
  EXPECT_EQ(saved->list()[0].name, "later");
  EXPECT_FALSE(jobs.save_when_done(id, "again"));
}

TEST_F(JobsTest, ARepeatIsHeldAgainstWhatWasSavedButForItsRun) {
  Jobs jobs(limits, program(kWhole), folder, *saved);
  EXPECT_EQ(ended(jobs, jobs.submit(request(), Repeats{7, R"({"a":0.1,"run":{"threads":64}})"})).identical, true);
  EXPECT_EQ(ended(jobs, jobs.submit(request(), Repeats{7, R"({"a":0.2,"run":{"threads":1}})"})).identical, false);
}

TEST_F(JobsTest, SaysWhyARunDidNotEndWell) {
  limits.run_seconds = 0.5;
  const auto end_of = [&](const std::string& script) {
    Jobs jobs(limits, program(script), folder, *saved);
    const JobView view = ended(jobs, jobs.submit(request()));
    return std::string(to_string(view.state)) + ": " + view.reason;
  };
  EXPECT_EQ(end_of("echo 'it is wrong' >&2; exit 2"), "refused: it is wrong");
  EXPECT_EQ(end_of("echo 'disk full' >&2; exit 1"), "failed: disk full");
  EXPECT_EQ(end_of("kill -SEGV $$"), "failed: the run ended by force; a run may take 4096 MB");
  EXPECT_EQ(end_of("exec sleep 100"), "stopped: stopped after 0.5 s, the most that a run may take");
  EXPECT_EQ(end_of("exit 0").substr(0, 7), "failed:");
  EXPECT_EQ(end_of("echo garbage").substr(0, 7), "failed:");
  EXPECT_EQ(end_of(R"(echo '{"done":5,"of":10,"summary":{}}')").substr(0, 7), "failed:");
}

TEST_F(JobsTest, StopsAndRefusesMoreThanItTakes) {
  Jobs jobs(limits, program("exec sleep 100"), folder, *saved);
  const long long running = jobs.submit(request());
  while (jobs.view(running)->state != JobState::running) std::this_thread::yield();
  const long long first = jobs.submit(request()), second = jobs.submit(request());
  EXPECT_THROW(jobs.submit(request()), Busy);
  EXPECT_TRUE(jobs.stop(second));
  EXPECT_EQ(jobs.view(second)->state, JobState::stopped);
  EXPECT_TRUE(jobs.stop(running));
  EXPECT_EQ(ended(jobs, running).state, JobState::stopped);
  EXPECT_FALSE(jobs.stop(99));
  while (jobs.view(first)->state != JobState::running) std::this_thread::yield();
  EXPECT_EQ(jobs.all().size(), 3U);
}  // and ends with one that runs

TEST_F(JobsTest, ForgetsTheOldestThatHaveEnded) {
  Jobs jobs(limits, program(kWhole), folder, *saved);
  for (int i = 0; i < 8; ++i) ended(jobs, jobs.submit(request()));
  EXPECT_EQ(jobs.all().size(), limits.kept);
  EXPECT_FALSE(jobs.view(1));
}

#ifndef __SANITIZE_ADDRESS__
TEST_F(JobsTest, MemoryIsBounded) {
  limits.memory_bytes = std::size_t{64} << 20;
  Jobs jobs(limits, program("a=x; while :; do a=$a$a$a$a; done"), folder, *saved);
  const JobView view = ended(jobs, jobs.submit(request()));
  EXPECT_TRUE(view.state == JobState::refused || view.state == JobState::failed);  // as the shell takes it
  EXPECT_FALSE(view.reason.empty());
}
#endif

TEST_F(JobsTest, AReplayIsTheOutputOfTheProgramOrItsMessage) {
  Jobs jobs(limits, program(R"([ "$2" = t ] && [ "$7" = 3 ] && echo '{"id": 3}' || { echo "no such patient" >&2; exit 2; })"), folder, *saved);
  EXPECT_EQ(jobs.replay(request(), 3), "{\"id\": 3}\n");
  try {
    jobs.replay(request(), 4);
    FAIL();
  } catch (const Refused& error) {
    EXPECT_STREQ(error.what(), "no such patient");
  }
}

}  // namespace
}  // namespace coley::serve
