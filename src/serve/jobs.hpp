// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs that were asked for: waiting, running, ended. Each is a child process (process.hpp) that hands over the summary so far
// as patients finish. One that nobody asks about is stopped, unless it is to be saved. Safe to call from many threads.

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "serve/process.hpp"
#include "serve/run_request.hpp"
#include "serve/saved_runs.hpp"

namespace coley::serve {

enum class JobState { waiting, running, done, stopped, refused, failed };
const char* to_string(JobState state);

/// A job as it is at one moment.
struct JobView {
  long long id = 0;
  JobState state = JobState::waiting;
  std::string reason;              ///< why it was stopped, refused or failed
  RunRequest request;
  long long done = 0;              ///< patients behind `summary`
  long long version = 0;           ///< rises with each change of what is seen here
  std::shared_ptr<const std::string> summary;  ///< JSON in one line; none at first
  std::shared_ptr<const std::string> report;   ///< report.html, once done
  std::optional<std::string> save_as;          ///< name under which it is saved when done
  std::optional<long long> repeats;            ///< saved run that this repeats
  std::optional<bool> identical;               ///< to the saved run, once done
};

/// No more runs can be taken now.
class Busy : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The program refused its input, with the message of the command line.
class Refused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What a repeated run is held against: the saved run and its summary.
struct Repeats {
  long long saved = 0;
  std::string summary;
};

class Jobs {
 public:
  /// `program` is the path of coley; `folder` holds kept populations and files of runs.
  Jobs(const Limits& limits, std::string program, std::string folder, SavedRuns& saved);
  ~Jobs();

  /// Throws Busy when too many wait.
  long long submit(RunRequest request, std::optional<Repeats> repeats = std::nullopt);
  /// Counts as a question about it.
  std::optional<JobView> view(long long id);
  std::vector<JobView> all() const;
  /// Once it is done, which it is then allowed to be without a question. False when it has ended already.
  bool save_when_done(long long id, const std::string& name);
  /// False when there is none of this number; one that has ended stays as it is.
  bool stop(long long id);
  /// JSON of `coley patient`. Throws Refused, RunError, or Busy when too many are replayed already.
  std::string replay(const RunRequest& request, long long patient);

 private:
  struct Job;
  void work();
  void watch();
  void run(Job& job);
  Ended run_child(Job& job);
  void update(Job& job, const std::string& line);
  void stop(Job& job, const std::string& reason);
  void end(Job& job, JobState state, std::string reason);
  void forget_old();

  const Limits limits_;
  const std::string program_, folder_;
  SavedRuns& saved_;
  mutable std::mutex mutex_;
  std::condition_variable wake_, end_;
  bool ending_ = false;
  long long last_ = 0;
  int replaying_ = 0;
  std::map<long long, std::unique_ptr<Job>> jobs_;
  std::deque<long long> waiting_;
  std::vector<std::thread> runners_;
  std::thread watchman_;
};

/// Summaries without what may differ between two runs of the same trial.
bool same_result(const std::string& a, const std::string& b);

}  // namespace coley::serve
