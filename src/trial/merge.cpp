// SPDX-License-Identifier: Apache-2.0
#include "trial/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/error.hpp"
#include "trial/estimates.hpp"
#include "trial/version.hpp"

namespace coley {

namespace {

const char* yes_no(bool value) {
  return value ? "yes" : "no";
}

void check_version(const Partial& partial, std::vector<Fault>& faults) {
  if (partial.version != kVersion)
    faults.push_back({.file = partial.file, .key = "version", .found = partial.version, .expected = fmt::format("{}, the version of this program", kVersion)});
}

/// What differs from the run that `first` is a part of.
void compare(const Partial& first, const Partial& other, std::vector<Fault>& faults) {
  const auto same = [&](const char* key, const std::string& found, const std::string& expected) {
    if (found != expected) faults.push_back({.file = other.file, .key = key, .found = found, .expected = fmt::format("{}, as {} has", expected, first.file)});
  };
  const RunOptions &a = first.options, &b = other.options;
  same("protocol", other.protocol_sha256, first.protocol_sha256);
  same("parameters", other.parameters_sha256, first.parameters_sha256);
  same("seed", std::to_string(b.seed), std::to_string(a.seed));
  same("patients", std::to_string(b.patients), std::to_string(a.patients));
  same("twins", yes_no(b.twins), yes_no(a.twins));
  same("shards", std::to_string(b.shard.count), std::to_string(a.shard.count));
  if (std::memcmp(&a.tolerance, &b.tolerance, sizeof a.tolerance) != 0)
    same("tolerance", fmt::format("{:a}", b.tolerance.relative), fmt::format("{:a}", a.tolerance.relative));
}

void refuse_overlaps(const std::vector<Partial>& sorted, std::vector<Fault>& faults) {
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    const Shard& shard = sorted[i].options.shard;
    if (shard.index != sorted[i - 1].options.shard.index) continue;
    faults.push_back({.file = sorted[i].file, .key = "shard", .found = fmt::format("shard {} of {} a second time", shard.index + 1, shard.count),
                      .expected = fmt::format("each shard once; {} has it too", sorted[i - 1].file)});
  }
}

void refuse_gaps(const std::vector<Partial>& sorted, std::vector<Fault>& faults) {
  constexpr long long kNamed = 20;
  const long long count = sorted.front().options.shard.count;
  std::string names;
  long long missing = 0, next = 0;
  const auto gap_up_to = [&](long long end) {
    for (long long index = next; index < end && missing + (index - next) < kNamed; ++index) names += fmt::format("{}{}", names.empty() ? "" : ", ", index + 1);
    missing += std::max(0LL, end - next);
    next = end + 1;
  };
  for (const Partial& partial : sorted) gap_up_to(partial.options.shard.index);
  gap_up_to(count);
  if (missing == 0) return;
  if (missing > kNamed) names += fmt::format(" and {} more", missing - kNamed);
  faults.push_back({.key = "shard", .found = fmt::format("no shard {} of {}", names, count),
                    .expected = fmt::format("all shards: {} --shard I/{} --out DIR", sorted.front().command, count)});
}

void refuse_if_any(std::vector<Fault> faults) {
  if (!faults.empty()) throw InputError(std::move(faults));
}

/// The design as the shard had it, from the protocol's text that it carries.
Design design_of(const Partial& partial) {
  Design design = read_design(partial.protocol, partial.sets);
  const auto differs = [&](const char* key, const std::string& now, const std::string& then) {
    if (now != then) throw InputError(Fault{.file = partial.file, .key = key, .found = then, .expected = now + ", as this program has; merge with the program that ran the shards"});
  };
  differs("protocol", design.inputs.protocol_sha256, partial.protocol_sha256);
  differs("parameters", design.inputs.parameters_sha256, partial.parameters_sha256);
  return design;
}

bool same_shape(const Tally& a, const Tally& b) {
  const auto equal = [](const auto& x, const auto& y, auto same) { return std::equal(x.begin(), x.end(), y.begin(), y.end(), same); };
  return a.arms.size() == b.arms.size() && a.baseline.size() == b.baseline.size() &&
         equal(a.quality, b.quality, [](const auto& x, const auto& y) { return x.patients.size() == y.patients.size() && x.utility.size() == y.utility.size(); }) &&
         equal(a.views, b.views, [](const auto& x, const auto& y) { return x.groups() == y.groups() && x.strata() == y.strata(); }) &&
         equal(a.twins, b.twins, [](const auto& x, const auto& y) { return x.horizon_day == y.horizon_day && x.groups.size() == y.groups.size(); });
}

/// Adds the estimates of the shard's first `done` trials, which must all be there.
bool add_by_trial(std::vector<std::vector<double>> from, const Shard& shard, long long done, std::size_t estimates, std::vector<std::vector<double>>& to) {
  if (from.size() > to.size()) return false;
  from.resize(to.size());
  for (std::size_t trial = 0; trial < to.size(); ++trial) {
    const auto t = static_cast<long long>(trial);
    if (t % shard.count != shard.index || t / shard.count >= done) continue;
    if (from[trial].size() != estimates) return false;
    to[trial] = std::move(from[trial]);
  }
  return true;
}

/// Adds a shard, or a part of one, to the sum.
void add(const Design& design, Partial partial, TrialResult& sum) {
  const std::size_t estimates = kept_estimates(design, design.empty_tally(false)).size();
  TrialResult& result = partial.result;
  if (result.trials_done > trials_of_shard(design, partial.options) || !same_shape(result.tally, sum.tally) ||
      !add_by_trial(std::move(result.by_trial), partial.options.shard, result.trials_done, estimates, sum.by_trial))
    throw InputError(Fault{.file = partial.file, .found = "results that its protocol does not give", .expected = "a file as coley run wrote it; run this shard again"});
  sum.tally += result.tally;
  sum.wall_seconds += result.wall_seconds;
  sum.trials_done += result.trials_done;
}

}  // namespace

MergedRun merge(std::vector<Partial> partials) {
  if (partials.empty()) bug("nothing to merge");
  std::vector<Fault> faults;
  for (const Partial& partial : partials) check_version(partial, faults);
  for (const Partial& partial : partials) compare(partials.front(), partial, faults);
  refuse_if_any(std::move(faults));
  std::stable_sort(partials.begin(), partials.end(), [](const Partial& a, const Partial& b) { return a.options.shard.index < b.options.shard.index; });
  faults.clear();
  refuse_overlaps(partials, faults);
  refuse_gaps(partials, faults);
  refuse_if_any(std::move(faults));

  const Partial& first = partials.front();
  MergedRun run{.design = design_of(first), .options = first.options, .command = first.command};
  run.options.shard = {};
  run.result = empty_result(run.design, run.options);
  for (Partial& partial : partials) {
    const long long trials = trials_of_shard(run.design, partial.options);
    if (partial.result.trials_done != trials)
      throw InputError(Fault{.file = partial.file, .key = "trials_done", .found = std::to_string(partial.result.trials_done), .expected = fmt::format("{}: all trials of the shard", trials)});
    add(run.design, std::move(partial), run.result);
    run.options.threads = std::max(run.options.threads, partial.options.threads);
  }
  return run;
}

TrialResult resume(const Design& design, const Partial& run, Partial checkpoint) {
  std::vector<Fault> faults;
  check_version(checkpoint, faults);
  compare(run, checkpoint, faults);
  if (checkpoint.options.shard.index != run.options.shard.index)
    faults.push_back({.file = checkpoint.file, .key = "shard", .found = std::to_string(checkpoint.options.shard.index + 1), .expected = std::to_string(run.options.shard.index + 1)});
  refuse_if_any(std::move(faults));
  TrialResult result = empty_result(design, run.options);
  add(design, std::move(checkpoint), result);
  return result;
}

}  // namespace coley
