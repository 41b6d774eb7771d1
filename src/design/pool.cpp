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

Fate fate_of(EndpointKind kind, const Outcome& outcome, int follow_up, const std::vector<int>& scan_days) {
  const auto time = time_to_event(kind, outcome, follow_up, scan_days);
  return time && time->event ? Fate{time->day, 1} : Fate{follow_up, 0};
}

/// One trial of the pool: its patients on both arms.
class PoolTrials {
 public:
  PoolTrials(const coley::Design& design, const KeptPopulation* kept, std::uint64_t seed, EndpointKind kind, int control, int treated, int follow_up)
      : design_(design), kept_(kept), seed_(seed), kind_(kind), control_(control), treated_(treated), follow_up_(follow_up) {}

  std::vector<PoolPatient> simulate(std::uint64_t trial, std::uint64_t places) const {
    const DrawKey key{seed_, kFirstPoolTrial + trial};
    const coley::Design& design = design_.of_trial(key.replicate);
    const Enrolment enrolment = kept_ ? kept_->enrol(key, places) : enrol_trial(design, key, places, {});
    std::vector<PatientOnArm> assignments;
    for (const Patient& patient : enrolment.patients)
      for (const int arm : {control_, treated_}) assignments.push_back({&patient, arm, follow_up_});
    const CourseResult courses = run_courses(design.setting, assignments, {});
    std::vector<PoolPatient> patients;
    for (std::size_t i = 0; i < enrolment.patients.size(); ++i) {
      const Outcome &control = courses.outcomes[2 * i], &treated = courses.outcomes[2 * i + 1];
      if (control.failed || treated.failed) continue;
      patients.push_back({fate_of(kind_, control, follow_up_, design_.setting.scan_days), fate_of(kind_, treated, follow_up_, design_.setting.scan_days),
                          static_cast<std::uint8_t>(design_.stratum(enrolment.patients[i]))});
    }
    return patients;
  }

 private:
  const coley::Design& design_;
  const KeptPopulation* kept_;
  std::uint64_t seed_;
  EndpointKind kind_;
  int control_, treated_, follow_up_;
};

std::vector<std::int32_t> last_seen(EndpointKind kind, const std::vector<int>& scan_days, int follow_up) {
  std::vector<std::int32_t> days(static_cast<std::size_t>(follow_up) + 1);
  std::iota(days.begin(), days.end(), 0);
  if (!by_scan(kind)) return days;
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
  return fmt::format("{} {} {} {} {} {} {}", from, pool.patients, pool.endpoint, pool.control,
                     pool.experimental, pool.months, plan.seed);
}

SimulatedPool simulate_pool(const Plan& plan, TrialInputs inputs, const PoolOptions& options, const std::optional<Ensemble>& ensemble) {
  const coley::Design design = pool_design(plan, std::move(inputs), ensemble);
  if (design.protocol().analyses.empty())
    throw InputError(Fault{.file = design.protocol().name, .key = "analysis", .found = "none", .expected = "an analysis, which says what is compared"});
  const Analysis& analysis = design.protocol().analyses[0];
  SimulatedPool pool;
  pool.endpoint = plan.pool.endpoint.empty() ? analysis.endpoint : plan.pool.endpoint;
  const int control = arm_of(design, plan.pool.control, analysis.control, "pool.control");
  const int treated = arm_of(design, plan.pool.experimental, analysis.experimental, "pool.experimental");
  const auto& arms = design.protocol().arms;
  pool.control = arms[static_cast<std::size_t>(control)].name;
  pool.control_label = arms[static_cast<std::size_t>(control)].label;
  pool.experimental = arms[static_cast<std::size_t>(treated)].name;
  pool.experimental_label = arms[static_cast<std::size_t>(treated)].label;
  pool.strata = design.strata;
  if (pool.strata > 64) throw InputError(Fault{.file = design.protocol().name, .key = "randomisation.strata", .found = fmt::format("{} strata", pool.strata), .expected = "at most 64 for a design"});
  const EndpointKind kind = endpoint_named(pool.endpoint);
  const int follow_up = static_cast<int>(plan.pool.months * kDaysPerMonth);
  pool.seen_until = last_seen(kind, design.setting.scan_days, follow_up);

  std::optional<KeptPopulation> kept;
  if (!options.kept.empty()) kept.emplace(design, options.kept, solver::Tolerance{});
  const PoolTrials trials(design, kept ? &*kept : nullptr, options.seed, kind, control, treated, follow_up);
  const auto size = static_cast<std::size_t>(plan.pool.patients);
  const std::size_t members = std::max<std::size_t>(1, design.members.size());  // every one has patients in the pool
  const std::size_t chunk = std::min<std::size_t>((size + members - 1) / members, static_cast<std::size_t>(design.protocol().population.size));
  std::vector<std::vector<PoolPatient>> done((size + chunk - 1) / chunk);
  const auto worker = [&]() -> Worker {
    return [&](std::size_t begin, std::size_t end) { done[begin / chunk] = trials.simulate(begin / chunk, end - begin); };
  };
  in_chunks(size, chunk, options.threads, worker, options.progress);
  for (const std::vector<PoolPatient>& patients : done) pool.patients.insert(pool.patients.end(), patients.begin(), patients.end());
  pool.failed = static_cast<long long>(size - pool.patients.size());
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

double PoolSource::seen_until(double day) const {
  const auto whole = static_cast<std::size_t>(std::max(0.0, day));
  return pool_.seen_until[std::min(whole, pool_.seen_until.size() - 1)];
}

void PoolSource::fill(DrawKey key, Truth truth, Cohort& cohort) const {
  thread_local std::vector<DrawBlock> draws;
  thread_local std::vector<std::uint32_t> order;  // of the pool, put right again after every trial
  thread_local std::vector<std::uint32_t> swapped;
  draws.resize(patients_);
  draw_blocks(key, kDrawFate, 0, draws);
  cohort.resize(patients_);
  arrivals_.fill(draws, cohort.entry);
  const bool once = patients_ <= size_;
  if (order.size() != size_) {
    order.resize(size_);
    std::iota(order.begin(), order.end(), 0U);
  }
  swapped.clear();
  std::array<std::uint32_t, 64> enrolled{};
  for (std::size_t i = 0; i < patients_; ++i) {
    // the first i of a shuffle in progress, or any patient at all
    const std::size_t from = once ? i : 0;
    const auto pick = from + std::min(size_ - from - 1, static_cast<std::size_t>(draws[i][0] * static_cast<double>(size_ - from)));
    if (once) {
      std::swap(order[i], order[pick]);
      swapped.push_back(static_cast<std::uint32_t>(pick));
    }
    const PoolPatient& patient = pool_.patients[begin_ + (once ? order[i] : pick)];
    const std::uint8_t treated = blocks_.treated(enrolled[patient.stratum]++);
    const Fate& fate = treated != 0 && truth == Truth::effect ? patient.treated : patient.control;
    const double lost = mean_dropout_ < kNever ? -std::log(draws[i][2]) * mean_dropout_ : kNever;
    cohort.time[i] = std::min<double>(fate.day, lost);
    cohort.event[i] = fate.event != 0 && fate.day <= lost ? 1 : 0;
    cohort.treated[i] = treated;
    cohort.stratum[i] = patient.stratum;
  }
  for (std::size_t i = swapped.size(); i-- > 0;) std::swap(order[i], order[swapped[i]]);
}

}  // namespace coley::design
