// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/units.hpp"
#include "design/allocation.hpp"
#include "design/arrivals.hpp"
#include "design/hypotheses.hpp"
#include "design/look_statistic.hpp"
#include "design/look_times.hpp"
#include "statistics/combination_test.hpp"

namespace coley::design {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Candidates drawn so that a second stage from the subgroup alone finds its patients: their expected number, and a sixth and
/// fifty more.
std::size_t candidates_needed(const Plan& plan, const Source& source) {
  if (plan.selection->subgroup.empty()) return 0;
  return static_cast<std::size_t>(static_cast<double>(plan.patients) * (1 + 1 / std::max(0.02, source.subgroup_share())) * 7 / 6) + 50;
}

/// One patient of a trial: who, and on which arm.
struct Enrolled {
  std::size_t candidate, arm;
};

class SelectionTrials : public HypothesisTrials {
 public:
  SelectionTrials(const Plan& plan, const Source& source, const NoEffect& none, std::vector<TrialTable>& tables)
      : plan_(plan), source_(source), none_(none), tables_(tables), hypotheses_(tables.size() - 1), narrows_(!plan.selection->subgroup.empty()),
        chosen_by_(0), tested_(plan.patient_endpoints().size() - 1), wanted_(candidates_needed(plan, source)), first_share_(first_share(plan)),
        final_day_(*plan.looks.back().months * kDaysPerMonth), statistic_(plan.tests[0], source), allocation_(plan.weights().size()), times_({}) {
    for (const int weight : plan.weights()) weights_.push_back(weight);
  }

  int run(DrawKey key, std::size_t replicate) override {
    source_.fill(key, wanted_, candidates_);
    take_away(none_, candidates_);
    allocation_.clear();
    enrolled_.clear();
    for (std::size_t i = 0; i < candidates_.entry.size(); ++i) enrol(i, weights_);
    const double day = interim_day();
    const auto& entry = candidates_.entry;
    const auto first = static_cast<std::size_t>(std::upper_bound(entry.begin(), entry.end(), day) - entry.begin());

    std::vector<double> at_interim(hypotheses_), z1(hypotheses_), z2(hypotheses_, kNaN);
    for (std::size_t h = 0; h < hypotheses_; ++h) {
      at_interim[h] = z_of(h, 0, first, chosen_by_, day);
      if (chosen_by_ != tested_) z_of(h, 0, first, tested_, day);
      tables_[1 + h].log_ratio[tables_[1 + h].cell(replicate, 0)] = statistic_.log_hazard_ratio();
    }
    const std::vector<bool> kept = narrows_ ? narrowed(first, day) : best(at_interim);
    const bool goes_on = std::find(kept.begin(), kept.end(), true) != kept.end();
    record(replicate, 0, day, first);
    if (goes_on) second_stage(first, kept);
    const std::size_t all = goes_on ? enrolled_.size() : first;
    record(replicate, 1, final_day_, all);
    for (std::size_t h = 0; h < hypotheses_; ++h) {
      z1[h] = z_of(h, 0, first, tested_, final_day_);
      if (kept[h]) z2[h] = z_of(h, first, all, tested_, final_day_);
      z_of(h, 0, all, tested_, final_day_);
      tables_[1 + h].log_ratio[tables_[1 + h].cell(replicate, 1)] = statistic_.log_hazard_ratio();
    }
    judge(replicate, kept, statistics::closed_combination(z1, z2, first_share_, plan_.efficacy.alpha));
    return times_.short_of_events();
  }

 private:
  void enrol(std::size_t candidate, const std::vector<double>& weights) {
    const std::size_t stratum = 2U * candidates_.stratum[candidate] + candidates_.in_subgroup[candidate];
    enrolled_.push_back({candidate, allocation_.next(stratum, weights)});
  }

  /// As if nothing were chosen, on all arms.
  double interim_day() {
    cohort_.resize(enrolled_.size());
    cohort_.entry = candidates_.entry;
    for (std::size_t i = 0; i < enrolled_.size(); ++i) candidates_.put(enrolled_[i].candidate, chosen_by_, enrolled_[i].arm, cohort_, i);
    times_.find(cohort_, days_);
    return times_.day_of(plan_.looks[0]);
  }

  /// Fills the cohort with patients `begin` to `end` of those enrolled, of the arms and population that a hypothesis compares.
  void gather(std::size_t hypothesis, std::size_t begin, std::size_t end, std::size_t endpoint, bool outside = false) {
    cohort_.resize(end - begin);
    std::size_t size = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const auto [candidate, arm] = enrolled_[i];
      const bool in = candidates_.in_subgroup[candidate] != 0;
      if (narrows_ ? (outside ? in : hypothesis == 1 && !in) : arm != 0 && arm != hypothesis + 1) continue;
      cohort_.entry[size] = candidates_.entry[i];
      candidates_.put(candidate, endpoint, arm, cohort_, size++);
    }
    cohort_.resize(size);
  }

  double z_of(std::size_t hypothesis, std::size_t begin, std::size_t end, std::size_t endpoint, double day) {
    gather(hypothesis, begin, end, endpoint);
    return cohort_.size() == 0 ? kNaN : statistic_.z(cohort_, day, endpoint);
  }

  /// The `keep` best arms of those above the least statistic. Without a statistic nothing speaks against an arm.
  std::vector<bool> best(const std::vector<double>& z) const {
    std::vector<std::size_t> order(hypotheses_);
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto value = [&](std::size_t h) { return std::isnan(z[h]) ? 0 : z[h]; };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return value(a) > value(b); });
    std::vector<bool> kept(hypotheses_);
    for (std::size_t i = 0; i < std::min(hypotheses_, static_cast<std::size_t>(plan_.selection->keep)); ++i)
      kept[order[i]] = value(order[i]) > plan_.selection->least_z;
    return kept;
  }

  /// Everybody while those outside of the subgroup do well enough, else the subgroup if that does.
  std::vector<bool> narrowed(std::size_t first, double day) {
    const double least = plan_.selection->least_z;
    gather(0, 0, first, chosen_by_, true);
    const double others = cohort_.size() == 0 ? kNaN : statistic_.z(cohort_, day, chosen_by_), own = z_of(1, 0, first, chosen_by_, day);
    if (!(others <= least)) return {true, true};
    return {false, !(own <= least)};
  }

  /// Enrols the patients who come after the first look anew: on the arms that go on, or from the subgroup alone.
  void second_stage(std::size_t first, const std::vector<bool>& kept) {
    std::vector<double> weights = weights_;
    if (!narrows_)
      for (std::size_t h = 0; h < hypotheses_; ++h) weights[1 + h] *= kept[h] ? 1 : 0;
    const std::size_t planned = enrolled_.size();
    enrolled_.resize(first);
    allocation_.clear();
    for (std::size_t i = first; i < candidates_.size() && enrolled_.size() < planned; ++i)
      if (!narrows_ || kept[0] || candidates_.in_subgroup[i] != 0) enrol(i, weights);
  }

  /// The day of a look, and what is seen of the tested endpoint among the first `count` patients.
  void record(std::size_t replicate, std::size_t look, double day, std::size_t count) {
    double events = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const auto [candidate, arm] = enrolled_[i];
      const double at = candidates_.day_of(candidate, tested_, arm);
      events += at <= std::min(candidates_.lost[candidate], kLastDay) && candidates_.entry[i] + at <= day ? 1 : 0;
    }
    for (TrialTable& table : tables_) {
      const std::size_t cell = table.cell(replicate, look);
      table.day[cell] = day;
      table.events[cell] = events;
      table.recruited[cell] = static_cast<double>(count);
      table.z[cell] = 0;
    }
  }

  void judge(std::size_t replicate, const std::vector<bool>& kept, const std::vector<bool>& rejected) {
    Ending any{0, Verdict::futility, false};
    for (std::size_t h = 0; h < hypotheses_; ++h) {
      Ending ending{1, Verdict::failure, rejected[h]};
      if (rejected[h]) ending.verdict = Verdict::efficacy;
      else if (!kept[h]) ending = {0, Verdict::futility, false};
      tables_[1 + h].endings[replicate] = ending;
      if (rejected[h] || (kept[h] && any.verdict == Verdict::futility)) any = ending;
    }
    tables_[0].endings[replicate] = any;
  }

  const Plan& plan_;
  const Source& source_;
  NoEffect none_;
  std::vector<TrialTable>& tables_;
  std::size_t hypotheses_;
  bool narrows_;                     // to a subgroup; else arms are chosen
  std::size_t chosen_by_, tested_;   // endpoints
  std::size_t wanted_;
  double first_share_, final_day_;
  LookStatistic statistic_;
  Allocation allocation_;
  LookTimes times_;
  std::vector<double> weights_, days_;
  std::vector<Enrolled> enrolled_;
  Candidates candidates_;
  Cohort cohort_;
};

}  // namespace

double first_share(const Plan& plan) {
  if (plan.selection->first_share) return *plan.selection->first_share;
  std::vector<double> entry;
  ArrivalTimes({plan.accrual.months, plan.accrual.ramp_months, Arrivals::even}, static_cast<std::size_t>(plan.patients)).fill({}, entry);
  const double day = *plan.looks[0].months * kDaysPerMonth;
  return static_cast<double>(std::upper_bound(entry.begin(), entry.end(), day) - entry.begin()) / static_cast<double>(entry.size());
}

std::unique_ptr<HypothesisTrials> selection_trials(const Plan& plan, const Source& source, const NoEffect& none, std::vector<TrialTable>& tables) {
  return std::make_unique<SelectionTrials>(plan, source, none, tables);
}

}  // namespace coley::design
