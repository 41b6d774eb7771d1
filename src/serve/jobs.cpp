// SPDX-License-Identifier: Apache-2.0
#include "serve/jobs.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "serve/job_folder.hpp"

namespace coley::serve {

using Json = nlohmann::ordered_json;

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
  bool stop = false;
};

namespace {

bool ended(JobState state) { return state != JobState::waiting && state != JobState::running; }

/// Without the line's end.
std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(" \n") + 1);
  return text;
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

Jobs::Jobs(const Limits& limits, std::string program, std::string folder) : limits_(limits), program_(std::move(program)), folder_(std::move(folder)) {
  for (std::size_t i = 0; i < limits_.running; ++i) runners_.emplace_back([this] { work(); });
}

Jobs::~Jobs() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    for (auto& [id, job] : jobs_) {
      job->stop = true;
      if (job->process) job->process->stop();
    }
  }
  wake_.notify_all();
  for (std::thread& runner : runners_) runner.join();
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

std::optional<JobView> Jobs::view(long long id) const {
  const std::lock_guard lock(mutex_);
  const auto job = jobs_.find(id);
  return job == jobs_.end() ? std::nullopt : std::optional(job->second->view);
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
  Job& job = *found->second;
  job.stop = true;
  if (job.process) job.process->stop();
  if (job.view.state == JobState::waiting) {
    std::erase(waiting_, id);
    end(job, JobState::stopped, "stopped before it began");
  }
  return true;
}

void Jobs::end(Job& job, JobState state, std::string reason) {
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
    job.process.reset();
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
  return child;
}

void Jobs::run(Job& job) {
  const Ended child = run_child(job);
  const std::lock_guard lock(mutex_);
  const bool whole = job.view.summary && job.view.done == job.view.request.patients && child.code == 0;
  if (whole && job.view.repeats) job.view.identical = same_result(*job.view.summary, job.saved_summary);
  if (whole) return end(job, JobState::done, "");
  if (child.stopped) return end(job, JobState::stopped, "stopped");
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
