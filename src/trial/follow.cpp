// SPDX-License-Identifier: Apache-2.0
#include "trial/follow.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <optional>

#include "core/chunks.hpp"
#include "trial/estimates.hpp"

namespace coley {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kLeastBetween{250};  // a summary of many endpoints takes some 50 ms

class Followed {
 public:
  Followed(const Design& design, const RunOptions& options, const Show& show) : design_(design), options_(options), show_(show), result_(empty_result(design, options)) {}

  void simulate(long long trial);
  TrialResult result() { return std::move(result_); }

 private:
  void take(long long trial, Tally tally);
  bool soon() const { return shown_ && Clock::now() - *shown_ < kLeastBetween; }
  void show(long long patients, TrialResult& so_far);

  const Design& design_;
  const RunOptions& options_;
  const Show& show_;
  const Clock::time_point started_ = Clock::now();
  std::mutex mutex_;
  TrialResult result_;                // of the first trials, each of them done
  std::map<long long, Tally> ahead_;  // done before one that comes before them
  std::optional<Clock::time_point> shown_;
};

void Followed::simulate(long long trial) {
  const long long before = patients_of_shard(design_, options_, trial), size = patients_of_shard(design_, options_, trial + 1) - before;
  const Look look = [&](const Tally& first, long long patients) {
    const std::lock_guard lock(mutex_);
    if (trial != result_.trials_done || soon()) return;
    TrialResult so_far = result_;
    so_far.tally += first;
    show(before + patients, so_far);
  };
  take(trial, simulate_trial(design_, options_, static_cast<std::uint64_t>(trial), size, {}, look));
}

void Followed::take(long long trial, Tally tally) {
  const std::lock_guard lock(mutex_);
  ahead_.emplace(trial, std::move(tally));
  const long long before = result_.trials_done;
  for (auto next = ahead_.begin(); next != ahead_.end() && next->first == result_.trials_done; next = ahead_.erase(next)) {
    if (next->first < static_cast<long long>(result_.by_trial.size())) result_.by_trial[static_cast<std::size_t>(next->first)] = kept_estimates(design_, next->second);
    result_.tally += next->second;
    ++result_.trials_done;
  }
  const bool all = result_.trials_done == trials_of_shard(design_, options_);
  if (all || (result_.trials_done > before && !soon())) show(patients_of_shard(design_, options_, result_.trials_done), result_);
}

void Followed::show(long long patients, TrialResult& so_far) {
  RunOptions first = options_;
  first.patients = patients;
  so_far.whole_trials = patients / design_.protocol().population.size;
  so_far.wall_seconds = std::chrono::duration<double>(Clock::now() - started_).count();
  show_(first, so_far);
  shown_ = Clock::now();
}

}  // namespace

TrialResult follow_run(const Design& design, const RunOptions& options, const Show& show) {
  Followed run(design, options, show);
  const Worker worker = [&](std::size_t begin, std::size_t end) {
    for (std::size_t trial = begin; trial < end; ++trial) run.simulate(static_cast<long long>(trial));
  };
  in_chunks(static_cast<std::size_t>(trials_of_shard(design, options)), 1, options.threads, [&] { return worker; }, {});
  return run.result();
}

}  // namespace coley
