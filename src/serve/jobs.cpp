// SPDX-License-Identifier: Apache-2.0
#include "serve/jobs.hpp"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <sstream>

#include "core/error.hpp"
#include "serve/job_folder.hpp"

namespace coley::serve {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

const char* to_string(JobState state) {
  switch (state) {
    case JobState::waiting: return "waiting";
    case JobState::running: return "running";
    case JobState::done: return "done";
    case JobState::stopped: return "stopped";
    case JobState::refused: return "refused";
    case JobState::failed: return "failed";
  }
  bug("unknown state of a job");
}

struct Jobs::Job {
  JobView view;
  std::string saved_summary;         // of the run that this repeats
  std::unique_ptr<Process> process;  // while it runs
  std::optional<std::string> stop;   // why it is to stop
  Clock::time_point asked = Clock::now();
};

namespace {

bool ended(JobState state) { return state != JobState::waiting && state != JobState::running; }

/// Without the line's end.
std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(" \n") + 1);
  return text;
}

/// A file's text, or none.
std::shared_ptr<const std::string> text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return nullptr;
  std::ostringstream text;
  text << file.rdbuf();
  return std::make_shared<const std::string>(text.str());
}

std::string why_it_failed(const Ended& child, const Limits& limits) {
  if (const std::string said = trimmed(child.errors); !said.empty() && child.code > 0) return said;
  return fmt::format("the run ended by force; a run may take {} MB", limits.memory_bytes >> 20);
}

}  // namespace

bool same_result(const std::string& a, const std::string& b) {
  Json one = Json::parse(a), other = Json::parse(b);
  one.erase("run");
  other.erase("run");
  return one == other;
}

Jobs::Jobs(const Limits& limits, std::string program, std::string folder, SavedRuns& saved)
    : limits_(limits), program_(std::move(program)), folder_(std::move(folder)), saved_(saved) {
  for (std::size_t i = 0; i < limits_.running; ++i) runners_.emplace_back([this] { work(); });
  watchman_ = std::thread([this] { watch(); });
}

Jobs::~Jobs() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    for (auto& [id, job] : jobs_) stop(*job, "stopped");
  }
  wake_.notify_all();
  end_.notify_all();
  for (std::thread& runner : runners_) runner.join();
  watchman_.join();
}

long long Jobs::submit(RunRequest request, std::optional<Repeats> repeats) {
  const std::lock_guard lock(mutex_);
  if (waiting_.size() >= limits_.waiting) throw Busy(fmt::format("{} runs wait already; stop one, or wait until one has ended", waiting_.size()));
  auto job = std::make_unique<Job>();
  const long long id = ++last_;
  job->view.id = id;
  job->view.request = std::move(request);
  if (repeats) {
    job->view.repeats = repeats->saved;
    job->saved_summary = std::move(repeats->summary);
  }
  jobs_.emplace(id, std::move(job));
  waiting_.push_back(id);
  forget_old();
  wake_.notify_one();
  return id;
}

void Jobs::forget_old() {
  for (auto job = jobs_.begin(); jobs_.size() > limits_.kept && job != jobs_.end();) job = ended(job->second->view.state) ? jobs_.erase(job) : std::next(job);
}

std::optional<JobView> Jobs::view(long long id) {
  const std::lock_guard lock(mutex_);
  const auto job = jobs_.find(id);
  if (job == jobs_.end()) return std::nullopt;
  job->second->asked = Clock::now();
  return job->second->view;
}

std::vector<JobView> Jobs::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<JobView> views;
  for (const auto& [id, job] : jobs_) views.push_back(job->view);
  return views;
}

bool Jobs::stop(long long id) {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return false;
  stop(*found->second, "stopped");
  return true;
}

void Jobs::stop(Job& job, const std::string& reason) {
  if (ended(job.view.state)) return;
  if (!job.stop) job.stop = reason;
  if (job.process) job.process->stop();
  if (job.view.state != JobState::waiting) return;
  std::erase(waiting_, job.view.id);
  end(job, JobState::stopped, reason);
}

bool Jobs::save_when_done(long long id, const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(id);
  if (found == jobs_.end() || ended(found->second->view.state)) return false;
  found->second->view.save_as = name;
  ++found->second->view.version;
  return true;
}

/// Stops what nobody asks about: the page that wanted it is gone.
void Jobs::watch() {
  const std::chrono::duration<double> most(limits_.unattended_seconds);
  std::unique_lock lock(mutex_);
  while (!end_.wait_for(lock, most / 4, [this] { return ending_; })) {
    for (auto& [id, job] : jobs_) {
      if (job->view.save_as || Clock::now() - job->asked < most) continue;
      stop(*job, fmt::format("stopped, since nobody asked about it for {:g} s", limits_.unattended_seconds));
    }
  }
}

/// From here on the job may be forgotten by whoever has the lock next.
void Jobs::end(Job& job, JobState state, std::string reason) {
  job.process.reset();
  job.view.state = state;
  job.view.reason = std::move(reason);
  ++job.view.version;
}

void Jobs::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (ending_) return;
    Job& job = *jobs_.at(waiting_.front());  // a job that has not ended is not forgotten
    waiting_.pop_front();
    job.view.state = JobState::running;
    ++job.view.version;
    lock.unlock();
    try {
      run(job);
    } catch (const std::exception& error) {
      const std::lock_guard again(mutex_);
      end(job, JobState::failed, error.what());
    }
    lock.lock();
  }
}

Ended Jobs::run_child(Job& job) {
  const JobFolder folder(std::filesystem::path(folder_) / "runs", job.view.request.protocol);
  const std::string populations = (std::filesystem::path(folder_) / "populations").string();
  const Command command{run_arguments(job.view.request, program_, populations), folder.path().string(), limits_.memory_bytes};
  {
    const std::lock_guard lock(mutex_);
    if (job.stop) return {.stopped = true};
    job.process = std::make_unique<Process>(command);
  }
  Ended child = job.process->read(limits_.run_seconds, [&](const std::string& line) { update(job, line); });
  prune(populations, limits_.population_bytes);
  auto report = text_of(folder.path() / kResultFolder / "report.html");
  const std::lock_guard lock(mutex_);
  job.view.report = std::move(report);
  return child;
}

void Jobs::run(Job& job) {
  const Ended child = run_child(job);
  const std::lock_guard lock(mutex_);
  const bool whole = job.view.summary && job.view.done == job.view.request.patients && child.code == 0;
  if (whole && job.view.repeats) job.view.identical = same_result(*job.view.summary, job.saved_summary);
  if (whole && job.view.save_as) saved_.add(saved_run_of(job.view.request, *job.view.save_as, *job.view.summary));
  if (whole) return end(job, JobState::done, "");
  if (child.stopped) return end(job, JobState::stopped, job.stop.value_or("stopped"));
  if (child.late) return end(job, JobState::stopped, fmt::format("stopped after {:g} s, the most that a run may take", limits_.run_seconds));
  if (child.code == 2) return end(job, JobState::refused, trimmed(child.errors));
  end(job, JobState::failed, why_it_failed(child, limits_));
}

void Jobs::update(Job& job, const std::string& line) {
  const Json said = Json::parse(line);
  auto summary = std::make_shared<const std::string>(said.at("summary").dump());
  const long long done = said.at("done").get<long long>();
  const std::lock_guard lock(mutex_);
  job.view.summary = std::move(summary);
  job.view.done = done;
  ++job.view.version;
}

std::string Jobs::replay(const RunRequest& request, long long patient) {
  {
    const std::lock_guard lock(mutex_);
    if (replaying_ >= limits_.replaying) throw Busy("other patients are being replayed; try again in a moment");
    ++replaying_;
  }
  struct Leave {
    Jobs& jobs;
    ~Leave() {
      const std::lock_guard lock(jobs.mutex_);
      --jobs.replaying_;
    }
  } leave{*this};
  const JobFolder folder(std::filesystem::path(folder_) / "runs", request.protocol);
  Process process({patient_arguments(request, program_, patient), folder.path().string(), limits_.memory_bytes});
  std::string text;
  const Ended child = process.read(limits_.replay_seconds, [&](const std::string& line) { text += line + '\n'; });
  if (child.late) throw RunError(fmt::format("the replay took more than {:g} s; a patient with a smaller number is found sooner", limits_.replay_seconds));
  if (child.code == 2) throw Refused(trimmed(child.errors));
  if (child.code != 0) throw RunError(why_it_failed(child, limits_));
  return text;
}

}  // namespace coley::serve
