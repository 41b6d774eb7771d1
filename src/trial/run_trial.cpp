// SPDX-License-Identifier: Apache-2.0
#include "trial/run_trial.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <limits>
#include <map>
#include <mutex>
#include <span>
#include <thread>

#include "core/units.hpp"
#include "course/course.hpp"
#include "trial/enrol_trial.hpp"
#include "trial/estimates.hpp"
#include "trial/kept_population.hpp"
#include "trial/quality.hpp"
#include "trial/randomise.hpp"

namespace coley {

namespace {

/// Everyone's enrolment day, in order of places.
std::vector<double> enrolment_days(const Design& design, std::span<const Patient> patients) {
  std::vector<double> days;
  for (const Patient& patient : patients) days.push_back(enrolment_day(design.protocol().accrual, patient));
  return days;
}

/// Each patient on the assigned arm or, with twins, on every arm: entry p * arms + a.
std::vector<PatientOnArm> assignments(const Design& design, const RunOptions& options, std::span<const Patient> patients,
                                      std::span<const int> arms, const std::vector<double>& enrolled) {
  std::vector<PatientOnArm> result;
  for (std::size_t p = 0; p < patients.size(); ++p) {
    const int follow_up = static_cast<int>(design.longest_follow_up - (options.twins ? 0 : enrolled[p]));
    if (!options.twins) {
      result.push_back({&patients[p], arms[p], follow_up});
      continue;
    }
    for (int arm = 0; arm < static_cast<int>(design.setting.arms.size()); ++arm) result.push_back({&patients[p], arm, follow_up});
  }
  return result;
}

void count_endpoints(const Design& design, const Patient& patient, const Outcome& outcome, double enrolled, Tally& tally) {
  const int stratum = design.stratum(patient);
  for (std::size_t v = 0; v < design.views.size(); ++v) {
    const View& view = design.views[v];
    if (view.level >= 0 && design.view_readers[v](patient) != view.level) continue;
    const int cutoff = static_cast<int>(std::floor(view.cutoff_day - enrolled));
    if (cutoff < 0) continue;  // not yet enrolled
    const auto count = [&](const std::optional<TimeToEvent>& time) {
      if (time) tally.views[v].add(time->day, time->event, outcome.arm, view.level >= 0 ? 0 : stratum);
    };
    if (view.endpoint == EndpointKind::LC) {
      for (const IrradiatedLesion& lesion : outcome.irradiated) count(local_control(lesion, outcome, cutoff, design.setting.scan_days));
    } else {
      count(time_to_event(view.endpoint, outcome, cutoff, design.setting.scan_days));
    }
  }
}

void count_flow(const Outcome& outcome, ArmCounts& arm) {
  ++arm.randomised;
  const bool treated = outcome.doses > 0;
  ++arm.treatment[static_cast<std::size_t>(treatment_end(outcome))];
  arm.next_line += outcome.next_line_day != kNoDay;
  arm.withdrawn += outcome.withdrawal_day != kNoDay;
  arm.grade3plus += treated && outcome.adverse_day != kNoDay;  // of those treated, who are the denominator
  arm.drug_toxicity += treated && outcome.toxicity_day != kNoDay && outcome.toxicity_day <= outcome.last_dose_day + kEventWindow;
  arm.treatment_death += outcome.death_cause == DeathCause::toxicity && outcome.next_line_day == kNoDay;
  arm.deaths_disease += outcome.death_cause == DeathCause::disease;
  arm.deaths_other += outcome.death_cause == DeathCause::background;
  arm.operated += outcome.operation_day != kNoDay;
  arm.unresectable += outcome.unresectable;
  arm.transabdominal += outcome.transabdominal;
  arm.second_procedure += outcome.second_procedure;
  const bool operated = outcome.operation_day != kNoDay;
  const bool perioperative = operated && outcome.death_day != kNoDay && outcome.death_day <= outcome.operation_day + kPerioperativeDays;
  arm.perioperative_death += perioperative;
  arm.not_operated += !operated && !outcome.unresectable;
  arm.lost_after_surgery += (operated || outcome.unresectable) && !perioperative && outcome.unfit == Unfit::none && !outcome.eligible_after_surgery;
  arm.complete_resection += outcome.complete_resection;
  arm.eligible_after_surgery += outcome.eligible_after_surgery;
  arm.retreated += outcome.retreatment_day != kNoDay;
  ++arm.unfit[static_cast<std::size_t>(outcome.unfit)];
}

/// Index into ArmCounts::best.
std::size_t best_index(const Outcome& outcome) {
  if (!outcome.measurable) return 5;
  switch (outcome.best_response) {
    case Response::CR: return 0;
    case Response::PR: return 1;
    case Response::SD:
    case Response::non_cr_non_pd: return 2;  // its targets went with an operation
    case Response::PD: return 3;
    default: return 4;
  }
}

void count_response(const Outcome& outcome, ArmCounts& arm) {
  const std::size_t best = best_index(outcome);
  ++arm.best[best];
  if (best == 5) return;
  const bool lasted = outcome.response_end_day == kNoDay || outcome.response_end_day - outcome.complete_response_day > kDurableDays;
  arm.durable_complete += best == 0 && lasted;
  if (outcome.doses == 0) return;
  ++arm.measurable_treated;
  arm.responses_treated += best <= 1;
}

void count_baseline(const Design& design, const Patient& patient, Tally& tally) {
  std::size_t first = 0;
  for (const Design::BaselineCovariate& covariate : design.baseline) {
    ++tally.baseline[first + static_cast<std::size_t>(covariate.reader(patient))];
    first += covariate.levels.size();
  }
  std::array<bool, kOrgans> seen{};
  for (std::size_t slot = patient.prior_nephrectomy ? 0 : 1; slot < patient.baseline.lesions.size(); ++slot) {
    const Reading& reading = patient.baseline.lesions[slot];
    if (is_disease(reading)) seen[static_cast<std::size_t>(reading.organ)] = true;
  }
  for (std::size_t organ = 0; organ < kOrgans; ++organ) tally.baseline[first + organ] += seen[organ];
}

void count_twins(const Design& design, const Patient& patient, const Outcome* by_arm, Tally& tally) {
  for (std::size_t k = 0; k < design.twin_pairs.size(); ++k) {
    const Design::TwinPair& pair = design.twin_pairs[k];
    const Outcome &treated = by_arm[pair.experimental], &control = by_arm[pair.control];
    if (treated.failed || control.failed) continue;
    const int benefit = benefit_days(design, pair, treated, control);
    TwinCounts& counts = tally.twins[k];
    ++counts.histogram[static_cast<std::size_t>(benefit + pair.horizon_day)];
    for (std::size_t g = 0; g < design.twin_groups.size(); ++g) {
      if (design.twin_groups[g].reader(patient) != design.twin_groups[g].level) continue;
      TwinCounts::Group& group = counts.groups[g];
      ++group.n;
      group.sum += benefit;
      group.squares += static_cast<long long>(benefit) * benefit;
      group.better += benefit > 1;
      group.worse += benefit < -1;
    }
  }
}

}  // namespace

int benefit_days(const Design& design, const Design::TwinPair& pair, const Outcome& experimental, const Outcome& control) {
  // a twin without the event within the horizon has the horizon, also one who withdrew: on both arms on the same day
  const auto days = [&](const Outcome& o) {
    const auto t = time_to_event(pair.endpoint, o, pair.horizon_day, design.setting.scan_days);
    return t && t->event ? t->day : pair.horizon_day;
  };
  return days(experimental) - days(control);
}

namespace {

/// The patients of one trial, followed and counted in order of places.
class TrialUnderWay {
 public:
  TrialUnderWay(const Design& design, const RunOptions& options, DrawKey key, const RowSink& rows)
      : design_(design), options_(options), key_(key), rows_(rows), tally(design.empty_tally(options.twins)) {}

  std::size_t done() const { return done_; }
  /// Goes on to the last of the first places, of whom `done` are counted already.
  void follow(std::span<const Patient> first);

 private:
  const Design& design_;
  const RunOptions& options_;
  const DrawKey key_;
  const RowSink& rows_;
  std::size_t done_ = 0;

 public:
  Tally tally;  ///< but for screening and natural history
};

void TrialUnderWay::follow(std::span<const Patient> first) {
  const std::vector<int> arms = randomise(design_, key_, first);  // an arm depends on the places before it
  const auto patients = first.subspan(done_);
  const auto arm_of = std::span(arms).subspan(done_);
  const std::vector<double> enrolled = enrolment_days(design_, patients);
  const CourseResult courses = run_courses(design_.setting, assignments(design_, options_, patients, arm_of, enrolled), options_.tolerance);
  tally.courses += courses.work;
  const std::size_t copies = options_.twins ? design_.setting.arms.size() : 1;
  std::vector<PatientRow> table;
  for (std::size_t p = 0; p < patients.size(); ++p) {
    const Outcome* by_arm = &courses.outcomes[p * copies];
    const Outcome& outcome = options_.twins ? by_arm[arm_of[p]] : *by_arm;
    if (options_.twins) count_twins(design_, patients[p], by_arm, tally);
    count_baseline(design_, patients[p], tally);
    if (rows_) table.push_back({key_.replicate, done_ + p, &patients[p], &outcome, enrolled[p]});
    if (outcome.failed) {
      ++tally.failed;
      continue;
    }
    count_endpoints(design_, patients[p], outcome, enrolled[p], tally);
    const int followed = static_cast<int>(std::floor(design_.longest_follow_up - enrolled[p]));
    count_quality(outcome.utilities, followed, tally.quality[static_cast<std::size_t>(outcome.arm)]);
    count_flow(outcome, tally.arms[static_cast<std::size_t>(outcome.arm)]);
    if (design_.setting.entry == Entry::metastatic) count_response(outcome, tally.arms[static_cast<std::size_t>(outcome.arm)]);
  }
  if (rows_) rows_(table);
  done_ = first.size();
}

/// What the patients of some places are in the count of people screened, `sign` times.
ScreeningCount counted(std::span<const Patient> patients, long long sign) {
  const long long n = sign * static_cast<long long>(patients.size());
  ScreeningCount count{.screened = n, .enrolled = n, .found = n};
  for (const Patient& patient : patients) count.synchronous += sign * (patient.pathology.metastases > 0);
  return count;
}

/// Follows the patients of the first places a part at a time, and shows each part.
class InParts {
 public:
  InParts(TrialUnderWay& trial, const Look& look) : trial_(trial), look_(look) {}
  /// Enough of them for the lanes to be worth it; for `all`, the last too. Where too few places were filled it shows how many
  /// people have been screened for the next.
  void go_on(std::span<const Patient> first, const ScreeningCount& excluded, bool all) {
    constexpr std::size_t kLeast = 32, kFirst = 100, kMost = 500;
    const std::size_t before = trial_.done();
    while (trial_.done() + (all ? 1 : kLeast) <= first.size()) {
      trial_.follow(first.first(std::min(first.size(), trial_.done() + std::clamp(trial_.done(), kFirst, kMost))));
      show(first, excluded);
    }
    if (before > 0 && trial_.done() == before) show(first, excluded);
  }

 private:
  void show(std::span<const Patient> first, const ScreeningCount& excluded) {
    trial_.tally.screening = excluded;
    trial_.tally.screening += counted(first.first(trial_.done()), 1);
    look_(trial_.tally, static_cast<long long>(trial_.done()));
  }

  TrialUnderWay& trial_;
  const Look& look_;
};

}  // namespace

Tally simulate_trial(const Design& whole, const RunOptions& options, std::uint64_t trial, long long size, const RowSink& rows, const Look& look) {
  const Design& design = whole.of_trial(trial);
  const DrawKey key{options.seed, trial};
  const auto places = static_cast<std::uint64_t>(size);
  TrialUnderWay under_way(design, options, key, rows);
  InParts in_parts(under_way, look);
  Enrolled seen;
  if (look) seen = [&](std::span<const Patient> first, const ScreeningCount& excluded) { in_parts.go_on(first, excluded, false); };

  const Enrolment enrolment = options.kept ? options.kept->enrol(key, places, seen) : enrol_trial(design, key, places, options.tolerance, seen);
  if (look) {
    ScreeningCount excluded = enrolment.screening;
    excluded += counted(enrolment.patients, -1);
    in_parts.go_on(enrolment.patients, excluded, true);
  } else {
    under_way.follow(enrolment.patients);
  }
  under_way.tally.screening = enrolment.screening;
  under_way.tally.natural_history = enrolment.work;
  return std::move(under_way.tally);
}

TrialResult empty_result(const Design& design, const RunOptions& options) {
  TrialResult result{.tally = design.empty_tally(options.twins)};
  result.whole_trials = options.patients / design.protocol().population.size;
  result.by_trial.resize(static_cast<std::size_t>(std::min<long long>(result.whole_trials, kMostTrialsKept)));
  return result;
}

namespace {

long long trial_size(const Design& design, const RunOptions& options) {
  return std::min<long long>(design.protocol().population.size, options.patients);
}

/// Of the whole run.
long long trials_of_run(const Design& design, const RunOptions& options) {
  const long long size = trial_size(design, options);
  return (options.patients + size - 1) / size;
}

}  // namespace

long long trials_of_shard(const Design& design, const RunOptions& options) {
  const long long trials = trials_of_run(design, options);
  return options.shard.index < trials ? (trials - 1 - options.shard.index) / options.shard.count + 1 : 0;
}

long long patients_of_shard(const Design& design, const RunOptions& options, long long trials) {
  const long long all = trials_of_run(design, options), size = trial_size(design, options);
  const bool has_last = trials > 0 && options.shard.index + (trials - 1) * options.shard.count == all - 1;
  return trials * size - (has_last ? all * size - options.patients : 0);
}

long long patients_of_shard(const Design& design, const RunOptions& options) {
  return patients_of_shard(design, options, trials_of_shard(design, options));
}

bool continue_run(const Design& design, const RunOptions& options, double seconds, TrialResult& result, const Progress& progress, const RowSink& rows) {
  using Clock = std::chrono::steady_clock;
  const auto started = Clock::now();
  const auto spent = [&] { return std::chrono::duration<double>(Clock::now() - started).count(); };
  const long long size = trial_size(design, options), trials = trials_of_shard(design, options), first = result.trials_done;

  std::mutex merging;
  std::exception_ptr failure;
  long long done = patients_of_shard(design, options, result.trials_done);
  // Trials are taken in order and every one taken is finished: what is done is always the first trials of the shard.
  const auto take = [&]() -> long long {
    const std::lock_guard lock(merging);
    const bool late = result.trials_done > first && spent() > seconds;
    return failure || late || result.trials_done >= trials ? -1 : result.trials_done++;
  };
  const auto work = [&] {
    Tally sum = design.empty_tally(options.twins);
    try {
      for (long long place; (place = take()) >= 0;) {
        const long long trial = options.shard.index + options.shard.count * place;
        const long long patients = std::min(size, options.patients - trial * size);
        const Tally tally = simulate_trial(design, options, static_cast<std::uint64_t>(trial), patients, rows);
        sum += tally;
        if (trial < static_cast<long long>(result.by_trial.size())) result.by_trial[static_cast<std::size_t>(trial)] = kept_estimates(design, tally);
        const std::lock_guard lock(merging);
        done += patients;
        if (progress) progress(done);
      }
    } catch (...) {
      const std::lock_guard lock(merging);
      failure = std::current_exception();
    }
    const std::lock_guard lock(merging);
    result.tally += sum;
  };
  std::vector<std::thread> threads;
  for (int i = 1; i < options.threads; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);
  result.wall_seconds += spent();
  return result.trials_done >= trials;
}

TrialResult run_trial(const Design& design, const RunOptions& options, const Progress& progress, const RowSink& rows) {
  TrialResult result = empty_result(design, options);
  continue_run(design, options, std::numeric_limits<double>::infinity(), result, progress, rows);
  return result;
}

}  // namespace coley
