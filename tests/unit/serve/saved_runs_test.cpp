// SPDX-License-Identifier: Apache-2.0
#include "serve/saved_runs.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>

#include "core/error.hpp"
#include "protocol/trial_inputs.hpp"

namespace coley::serve {
namespace {

using Json = nlohmann::ordered_json;

class SavedRunsTest : public testing::Test {
 protected:
  SavedRunsTest() : path(std::filesystem::temp_directory_path() / ("saved-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + std::to_string(getpid()) + ".sqlite")) {}
  ~SavedRunsTest() override {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path.string() + end);
  }

  SavedRun example() {
    RunRequest request{.trial = "keynote-564", .protocol = trial_text("keynote-564"), .sets = {"population.size=10", "title=\"it's; DROP TABLE run\""}, .patients = 20, .seed = (1ULL << 53) - 1, .twins = true};
    const TrialInputs inputs = read_trial(request.protocol, request.sets);
    const Json summary = {{"coley", {{"version", "0.1.0"}, {"parameters_sha256", inputs.parameters_sha256}}}, {"trial", {{"name", "keynote-564"}, {"protocol_sha256", inputs.protocol_sha256}}}, {"x", 0.1}};
    return saved_run_of(request, "a name", summary.dump());
  }

  void execute(const char* sql) {
    sqlite3* database = nullptr;
    sqlite3_open(path.c_str(), &database);
    ASSERT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }

  std::filesystem::path path;
};

TEST_F(SavedRunsTest, GivesBackWhatWasSavedAlsoWhenOpenedAgain) {
  const SavedRun run = example();
  long long id = 0;
  {
    SavedRuns saved(path);
    id = saved.add(run);
    EXPECT_EQ(saved.list().size(), 1U);
  }
  SavedRuns saved(path);
  const SavedRun back = saved.get(id);
  EXPECT_FALSE(back.created.empty());
  EXPECT_EQ(back.summary, run.summary);
  EXPECT_EQ(back.request.seed, run.request.seed);
  Json one = to_json(back), other = to_json(run);
  one.erase("created");
  other.erase("created");
  EXPECT_EQ(one, other);
  EXPECT_TRUE(saved.remove(id));
  EXPECT_FALSE(saved.remove(id));
  EXPECT_THROW(saved.get(id), NoSuchRun);
}

TEST_F(SavedRunsTest, AFileOfNoVersionIsBroughtUpToDate) {
  execute("PRAGMA user_version = 0");
  EXPECT_TRUE(SavedRuns(path).list().empty());
}

TEST_F(SavedRunsTest, RefusesALaterVersionAndWhatIsNoDatabase) {
  { SavedRuns make(path); }
  execute("PRAGMA user_version = 99");
  EXPECT_THROW(SavedRuns{path}, InputError);
  std::ofstream(path) << "this is a text, and has more than sixteen bytes";
  EXPECT_THROW(SavedRuns{path}, InputError);
  EXPECT_THROW(SavedRuns{"/nowhere/at/all.sqlite"}, InputError);
}

TEST_F(SavedRunsTest, AFileForExchangeComesBackOrSaysWhyNot) {
  const Json file = to_json(example());
  EXPECT_EQ(to_json(saved_run_of(file, Limits{})), file);
  const auto refused = [&](const char* key, const Json& value) {
    Json other = file;
    other[key] = value;
    EXPECT_THROW(saved_run_of(other, Limits{}), InputError) << key;
  };
  refused("format", "other");
  refused("format_version", 2);
  refused("protocol", "a = 1");
  refused("sets", {"population.size=11"});
  refused("patients", 0);
  refused("summary", "text");
  refused("summary", Json::object());
  refused("name", 3);
  refused("name", std::string(300, 'x'));
  EXPECT_THROW(saved_run_of(Json(3), Limits{}), InputError);
}

TEST_F(SavedRunsTest, ATrialThatHasChangedSinceIsRunFromItsText) {
  Json file = to_json(example());
  file["protocol"] = file["protocol"].get<std::string>() + "\n# changed\n";
  const SavedRun run = saved_run_of(file, Limits{});
  EXPECT_EQ(run.request.trial, "");
  EXPECT_EQ(run.request.protocol.file_name, "keynote-564.toml");
}

}  // namespace
}  // namespace coley::serve
