// SPDX-License-Identifier: Apache-2.0
#pragma once
// Saved runs in an SQLite file: what was asked, by which version with which parameters, and the summary. Each is written in
// one transaction to a log that is synced, so that a killed server leaves every saved run whole. Safe to call from many
// threads.

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "serve/run_request.hpp"

struct sqlite3;

namespace coley::serve {

struct SavedRun {
  long long id = 0;
  std::string name;     ///< for people
  std::string created;  ///< UTC, "2026-11-22T12:00:00Z"
  RunRequest request;
  std::string version;  ///< of Coley
  std::string parameters_sha256, protocol_sha256;
  std::string summary;  ///< JSON in one line
};

class SavedRuns {
 public:
  /// Opens or makes the file and brings its tables up to date. Throws InputError when it is no such file, or of a later
  /// version.
  explicit SavedRuns(const std::string& path);
  ~SavedRuns();
  SavedRuns(const SavedRuns&) = delete;
  SavedRuns& operator=(const SavedRuns&) = delete;

  /// Newest first, without protocol texts and summaries.
  std::vector<SavedRun> list() const;
  /// Throws NoSuchRun.
  SavedRun get(long long id) const;
  /// Returns its number; `id` is not read, and `created` is now when it is "".
  long long add(const SavedRun& run);
  /// False when there is none of this number.
  bool remove(long long id);

 private:
  mutable std::mutex mutex_;
  sqlite3* database_ = nullptr;
};

class NoSuchRun : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The tables' version that this Coley writes; PRAGMA user_version of the file.
int saved_runs_version();

/// A run as a file for exchange, and back. Reading checks that the protocol and the summary belong together, as far as that
/// can be seen without running it; throws InputError.
nlohmann::ordered_json to_json(const SavedRun& run);
SavedRun saved_run_of(const nlohmann::ordered_json& file, const Limits& limits);

/// The name under which a run is saved, unless it is too long: throws InputError then.
std::string checked_name(std::string name);

/// What is saved of a run that has ended. Without a name it has the trial's.
SavedRun saved_run_of(const RunRequest& request, const std::string& name, const std::string& summary);

}  // namespace coley::serve
