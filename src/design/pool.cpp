// SPDX-License-Identifier: Apache-2.0
#include "design/pool.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/units.hpp"
#include "course/course.hpp"
#include "core/chunks.hpp"
#include "endpoints/endpoints.hpp"
#include "protocol/vocabulary.hpp"
#include "trial/enrol_trial.hpp"
#include "trial/kept_population.hpp"

namespace coley::design {

namespace {

constexpr const char* kPoolCutoff = "end-of-pool";
/// The pool's trials have seeds of their own, so that replicates and patients share no draw.
constexpr std::uint64_t kFirstPoolTrial = std::uint64_t{1} << 40;

/// The trial with nobody lost to follow-up and seen to the end of the pool's.
coley::Design pool_design(const Plan& plan, TrialInputs inputs, const std::optional<Ensemble>& ensemble) {
  inputs.protocol.visits.withdrawal_per_year = 0;
  inputs.protocol.cutoffs.push_back({kPoolCutoff, plan.pool.months, std::nullopt});
  coley::Design design = make_design(std::move(inputs));
  return ensemble ? at_ensemble(std::move(design), *ensemble, plan.sets) : design;
}

int arm_of(const coley::Design& design, const std::string& asked, const std::string& otherwise, const char* key) {
  const std::string& name = asked.empty() ? otherwise : asked;
  std::vector<std::string> names;
  for (const coley::Arm& arm : design.protocol().arms) {
    if (arm.name == name) return static_cast<int>(names.size());
    names.push_back(arm.name);
  }
  throw InputError(Fault{.file = design.protocol().name, .key = key, .found = name.empty() ? "no arm" : name,
                         .expected = fmt::format("an arm of the trial: one of {}", fmt::join(names, ", "))});
}

/// What of a course goes into the pool.
struct PoolColumns {
  std::vector<int> arms;                     ///< of the trial
  std::vector<std::string> endpoints;
  LevelOf subgroup;                          ///< covariate of the subgroup, or none
  int level = 0;
  int follow_up = 0;                         ///< days
};

Fate fate_of(const std::string& endpoint, const Outcome& outcome, int follow_up, const std::vector<int>& scan_days) {
  if (endpoint == kResponse) return outcome.response_day != kNoDay && outcome.response_day <= follow_up ? Fate{outcome.response_day, 1} : Fate{follow_up, 0};
  const auto time = time_to_event(endpoint_named(endpoint), outcome, follow_up, scan_days);
  return time && time->event ? Fate{time->day, 1} : Fate{follow_up, 0};
}

/// One trial of the pool: its patients on every arm.
class PoolTrials {
 public:
  PoolTrials(const coley::Design& design, const KeptPopulation* kept, std::uint64_t seed, const PoolColumns& columns)
      : design_(design), kept_(kept), seed_(seed), columns_(columns) {}

  SimulatedPool simulate(std::uint64_t trial, std::uint64_t places) const {
    const DrawKey key{seed_, kFirstPoolTrial + trial};
    const coley::Design& design = design_.of_trial(key.replicate);
    const Enrolment enrolment = kept_ ? kept_->enrol(key, places) : enrol_trial(design, key, places, {});
    std::vector<PatientOnArm> assignments;
    for (const Patient& patient : enrolment.patients)
      for (const int arm : columns_.arms) assignments.push_back({&patient, arm, columns_.follow_up});
    const CourseResult courses = run_courses(design.setting, assignments, {});
    SimulatedPool pool;
    for (std::size_t i = 0; i < enrolment.patients.size(); ++i) {
      const std::span<const Outcome> outcomes(&courses.outcomes[i * columns_.arms.size()], columns_.arms.size());
      if (std::any_of(outcomes.begin(), outcomes.end(), [](const Outcome& outcome) { return outcome.failed; })) continue;
      const Patient& patient = enrolment.patients[i];
      for (const std::string& endpoint : columns_.endpoints)
        for (const Outcome& outcome : outcomes) pool.fates.push_back(fate_of(endpoint, outcome, columns_.follow_up, design_.setting.scan_days));
      pool.stratum.push_back(static_cast<std::uint8_t>(design_.stratum(patient)));
      pool.in_subgroup.push_back(columns_.subgroup && columns_.subgroup(patient) == columns_.level ? 1 : 0);
    }
    return pool;
  }

 private:
  const coley::Design& design_;
  const KeptPopulation* kept_;
  std::uint64_t seed_;
  const PoolColumns& columns_;
};

/// covariate=level, as a reader of the covariate and the level's index.
void set_subgroup(const coley::Design& design, const std::string& subgroup, PoolColumns& columns) {
  const std::size_t equals = subgroup.find('=');
  const std::string covariate = subgroup.substr(0, equals), level = equals == std::string::npos ? "" : subgroup.substr(equals + 1);
  const auto refuse = [&](const std::string& expected) -> void {
    throw InputError(Fault{.file = design.protocol().name, .key = "selection.subgroup", .found = subgroup, .expected = expected});
  };
  const std::vector<std::string> known = covariate_names();
  if (std::find(known.begin(), known.end(), covariate) == known.end()) refuse(fmt::format("covariate=level, the covariate being one of {}", fmt::join(known, ", ")));
  const std::vector<std::string> levels = levels_of(covariate);
  const auto found = std::find(levels.begin(), levels.end(), level);
  if (found == levels.end()) refuse(fmt::format("one of the levels of {}: {}", covariate, fmt::join(levels, ", ")));
  columns.subgroup = level_reader(covariate);
  columns.level = static_cast<int>(found - levels.begin());
}

std::vector<std::int32_t> last_seen(const std::string& endpoint, const std::vector<int>& scan_days, int follow_up) {
  std::vector<std::int32_t> days(static_cast<std::size_t>(follow_up) + 1);
  std::iota(days.begin(), days.end(), 0);
  if (endpoint == kResponse || !by_scan(endpoint_named(endpoint))) return days;
  std::int32_t scan = 0;
  for (std::size_t day = 0, next = 0; day < days.size(); ++day) {
    while (next < scan_days.size() && scan_days[next] <= static_cast<int>(day)) scan = scan_days[next++];
    days[day] = scan;
  }
  return days;
}

}  // namespace

std::string pool_key(const Plan& plan, const TrialInputs* inputs, const std::optional<Ensemble>& ensemble) {
  const Pool& pool = plan.pool;
  std::string from = inputs ? inputs->protocol_sha256 + " " + inputs->parameters_sha256 + " " + (ensemble ? sha256_of(*ensemble) : "") : "";
  if (plan.model) {
    const auto arm = [](const SmallModelArm& a) { return fmt::format("{} {} {}", a.growth_factor, a.growth_factor_months, a.killing_factor); };
    from = fmt::format("{} {} {} {}", plan.model->growth_log_mean, plan.model->growth_log_sd, arm(plan.model->control), arm(plan.model->experimental));
  }
  return fmt::format("{} {} {} {} {} {} {} {} {}", from, pool.patients, fmt::join(plan.patient_endpoints(), ","), pool.control,
                     pool.experimental, fmt::join(pool.others, ","), plan.selection ? plan.selection->subgroup : "", pool.months, plan.seed);
}

SimulatedPool simulate_pool(const Plan& plan, TrialInputs inputs, const PoolOptions& options, const std::optional<Ensemble>& ensemble) {
  const coley::Design design = pool_design(plan, std::move(inputs), ensemble);
  if (design.protocol().analyses.empty())
    throw InputError(Fault{.file = design.protocol().name, .key = "analysis", .found = "none", .expected = "an analysis, which says what is compared"});
  const Analysis& analysis = design.protocol().analyses[0];
  SimulatedPool pool;
  PoolColumns columns{.follow_up = static_cast<int>(plan.pool.months * kDaysPerMonth)};
  pool.endpoint_names = plan.single_arm ? std::vector<std::string>{kResponse} : plan.patient_endpoints();
  for (std::string& endpoint : pool.endpoint_names) {
    if (endpoint.empty()) endpoint = analysis.endpoint;
    pool.seen_until.push_back(last_seen(endpoint, design.setting.scan_days, columns.follow_up));
  }
  columns.endpoints = pool.endpoint_names;
  if (!plan.single_arm) columns.arms.push_back(arm_of(design, plan.pool.control, analysis.control, "pool.control"));
  columns.arms.push_back(arm_of(design, plan.pool.experimental, analysis.experimental, "pool.experimental"));
  for (const std::string& other : plan.pool.others) columns.arms.push_back(arm_of(design, other, "", "pool.others"));
  for (const int arm : columns.arms) pool.arm_labels.push_back(design.protocol().arms[static_cast<std::size_t>(arm)].label);
  if (plan.selection && !plan.selection->subgroup.empty()) set_subgroup(design, plan.selection->subgroup, columns);
  pool.arms = columns.arms.size();
  pool.endpoints = columns.endpoints.size();
  pool.strata = design.strata;
  if (pool.strata > 64) throw InputError(Fault{.file = design.protocol().name, .key = "randomisation.strata", .found = fmt::format("{} strata", pool.strata), .expected = "at most 64 for a design"});

  std::optional<KeptPopulation> kept;
  if (!options.kept.empty()) kept.emplace(design, options.kept, solver::Tolerance{});
  const PoolTrials trials(design, kept ? &*kept : nullptr, options.seed, columns);
  const auto size = static_cast<std::size_t>(plan.pool.patients);
  const std::size_t members = std::max<std::size_t>(1, design.members.size());  // every one has patients in the pool
  const std::size_t chunk = std::min<std::size_t>((size + members - 1) / members, static_cast<std::size_t>(design.protocol().population.size));
  std::vector<SimulatedPool> done((size + chunk - 1) / chunk);
  const auto worker = [&]() -> Worker {
    return [&](std::size_t begin, std::size_t end) { done[begin / chunk] = trials.simulate(begin / chunk, end - begin); };
  };
  in_chunks(size, chunk, options.threads, worker, options.progress);
  const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  for (const SimulatedPool& part : done) {
    append(pool.fates, part.fates);
    append(pool.stratum, part.stratum);
    append(pool.in_subgroup, part.in_subgroup);
  }
  pool.failed = static_cast<long long>(size - pool.size());
  return pool;
}

PoolSource::PoolSource(const Plan& plan, const SimulatedPool& pool, std::size_t begin, std::size_t end)
    : pool_(pool),
      patients_(static_cast<std::size_t>(plan.patients)),
      begin_(begin),
      size_(end - begin),
      arrivals_(plan.accrual, patients_),
      blocks_(plan.pool.control_weight, plan.pool.experimental_weight),
      mean_dropout_(plan.dropout_per_year > 0 ? kDaysPerYear / plan.dropout_per_year : kNever) {}

double PoolSource::seen_until(double day, std::size_t endpoint) const {
  const auto whole = static_cast<std::size_t>(std::max(0.0, day));
  const std::vector<std::int32_t>& seen = pool_.seen_until[endpoint];
  return seen[std::min(whole, seen.size() - 1)];
}

double PoolSource::subgroup_share() const {
  const auto all = std::span(pool_.in_subgroup).subspan(begin_, size_);
  return static_cast<double>(std::count(all.begin(), all.end(), 1)) / static_cast<double>(size_);
}

double PoolSource::lost(const DrawBlock& draw) const { return mean_dropout_ < kNever ? -std::log(draw[2]) * mean_dropout_ : kNever; }

template <class Take>
void PoolSource::draw_patients(std::size_t count, const std::vector<DrawBlock>& draws, Take take) const {
  thread_local std::vector<std::uint32_t> order;  // of the pool, put right again after every trial
  thread_local std::vector<std::uint32_t> swapped;
  const bool once = count <= size_;
  if (order.size() != size_) {
    order.resize(size_);
    std::iota(order.begin(), order.end(), 0U);
  }
  swapped.clear();
  for (std::size_t i = 0; i < count; ++i) {
    // the first i of a shuffle in progress, or any patient at all
    const std::size_t from = once ? i : 0;
    const auto pick = from + std::min(size_ - from - 1, static_cast<std::size_t>(draws[i][0] * static_cast<double>(size_ - from)));
    if (once) {
      std::swap(order[i], order[pick]);
      swapped.push_back(static_cast<std::uint32_t>(pick));
    }
    take(i, begin_ + (once ? order[i] : pick));
  }
  for (std::size_t i = swapped.size(); i-- > 0;) std::swap(order[i], order[swapped[i]]);
}

void PoolSource::fill(DrawKey key, Truth truth, Cohort& cohort) const {
  thread_local std::vector<DrawBlock> draws;
  draws.resize(patients_);
  draw_blocks(key, kDrawFate, 0, draws);
  cohort.resize(patients_);
  arrivals_.fill(draws, cohort.entry);
  std::array<std::uint32_t, 64> enrolled{};
  draw_patients(patients_, draws, [&](std::size_t i, std::size_t patient) {
    const std::uint8_t stratum = pool_.stratum[patient], treated = blocks_.treated(enrolled[stratum]++);
    const Fate& fate = pool_.fate(patient, 0, treated != 0 && truth == Truth::effect ? 1 : 0);
    const double until = lost(draws[i]);
    cohort.time[i] = std::min<double>(fate.day, until);
    cohort.event[i] = fate.event != 0 && fate.day <= until ? 1 : 0;
    cohort.treated[i] = treated;
    cohort.stratum[i] = stratum;
  });
}

void PoolSource::fill(DrawKey key, std::size_t count, Candidates& c) const {
  thread_local std::vector<DrawBlock> draws;
  count = std::max(count, patients_);
  draws.resize(count);
  draw_blocks(key, kDrawFate, 0, draws);
  c.arms = pool_.arms;
  c.endpoints = pool_.endpoints;
  c.resize(count);
  c.entry.resize(patients_);
  arrivals_.fill(std::span<const DrawBlock>(draws).first(patients_), c.entry);
  const double follow_up = static_cast<double>(pool_.seen_until[0].size() - 1);
  draw_patients(count, draws, [&](std::size_t i, std::size_t patient) {
    c.stratum[i] = pool_.stratum[patient];
    c.in_subgroup[i] = pool_.in_subgroup[patient];
    c.lost[i] = std::min(lost(draws[i]), follow_up);
    for (std::size_t e = 0; e < c.endpoints; ++e) {
      for (std::size_t arm = 0; arm < c.arms; ++arm) {
        const Fate& fate = pool_.fate(patient, e, arm);
        c.day_of(i, e, arm) = fate.event != 0 ? fate.day : kNever;
      }
    }
  });
}

}  // namespace coley::design
