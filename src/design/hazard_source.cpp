// SPDX-License-Identifier: Apache-2.0
#include "design/hazard_source.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "core/units.hpp"
#include "solver/elementary.hpp"

namespace coley::design {

using statistics::PiecewiseHazard;

namespace {

PiecewiseHazard absolute_hazard(const Arm& arm) {
  if (arm.median_months) return statistics::hazard_of_median(*arm.median_months);
  return {arm.from_months.empty() ? std::vector<double>{0.0} : arm.from_months, arm.hazard_per_month};
}

double rate_at(const PiecewiseHazard& hazard, double x) {
  const auto next = std::upper_bound(hazard.starts.begin(), hazard.starts.end(), x);
  return hazard.rates[static_cast<std::size_t>(next - hazard.starts.begin()) - 1];
}

/// Both hazards multiplied, on the pieces of either.
PiecewiseHazard times(const PiecewiseHazard& a, const PiecewiseHazard& b) {
  PiecewiseHazard product{a.starts, {}};
  product.starts.insert(product.starts.end(), b.starts.begin(), b.starts.end());
  std::sort(product.starts.begin(), product.starts.end());
  product.starts.erase(std::unique(product.starts.begin(), product.starts.end()), product.starts.end());
  for (const double start : product.starts) product.rates.push_back(rate_at(a, start) * rate_at(b, start));
  return product;
}

PiecewiseHazard constant(double value) { return {{0.0}, {value}}; }

std::size_t strata_of(const Plan& plan) { return std::max<std::size_t>(1, plan.subgroups.size()); }

}  // namespace

PiecewiseHazard hazard_of(const Plan& plan, std::size_t arm, const Subgroup* subgroup, Truth truth) {
  const PiecewiseHazard control = absolute_hazard(plan.arms[0]);
  PiecewiseHazard hazard = control;
  if (arm > 0 && truth == Truth::null) hazard = times(control, constant(plan.margin));
  else if (arm > 0 && subgroup && subgroup->hazard_ratio) hazard = times(control, constant(*subgroup->hazard_ratio));
  else if (arm > 0 && !plan.arms[arm].hazard_ratio.empty()) {
    const Arm& own = plan.arms[arm];
    hazard = times(control, {own.from_months.empty() ? std::vector<double>{0.0} : own.from_months, own.hazard_ratio});
  } else if (arm > 0) hazard = absolute_hazard(plan.arms[arm]);
  return subgroup ? times(hazard, constant(subgroup->hazard_factor)) : hazard;
}

double dropout_per_month(const Plan& plan) { return plan.dropout_per_year / 12; }

PiecewiseLaw::PiecewiseLaw(const PiecewiseHazard& hazard) {
  double sum = 0;
  for (std::size_t i = 0; i < hazard.starts.size(); ++i) {
    if (i > 0) sum += hazard.rates[i - 1] * (hazard.starts[i] - hazard.starts[i - 1]);
    starts_.push_back(hazard.starts[i] * kDaysPerMonth);
    cumulative_.push_back(sum);
    mean_.push_back(hazard.rates[i] > 0 ? kDaysPerMonth / hazard.rates[i] : kNever);
  }
}

HazardSource::HazardSource(const Plan& plan)
    : patients_(static_cast<std::size_t>(plan.patients)),
      arrivals_(plan.accrual, patients_),
      blocks_(plan.arms[0].weight, plan.arms[1].weight),
      arms_(plan.arms.size()),
      subgroup_(plan.subgroups.size()),
      mean_dropout_(plan.dropout_per_year > 0 ? kDaysPerMonth / dropout_per_month(plan) : kNever),
      needs_traits_(plan.subgroups.size() > 1 || plan.accrual.arrivals == Arrivals::poisson) {
  const bool dies = plan.patient_endpoints().size() > 1;
  double sum = 0;
  for (const Subgroup& subgroup : plan.subgroups) shares_.push_back(sum += subgroup.share);
  for (const Truth truth : {Truth::effect, Truth::null}) {
    for (std::size_t group = 0; group < strata_of(plan); ++group)
      for (std::size_t arm = 0; arm < arms_; ++arm)
        laws_[static_cast<int>(truth)].emplace_back(hazard_of(plan, arm, plan.subgroups.empty() ? nullptr : &plan.subgroups[group], truth));
  }
  for (std::size_t group = 0; group < strata_of(plan); ++group) {
    if (plan.selection && group < plan.subgroups.size() && plan.subgroups[group].name == plan.selection->subgroup) subgroup_ = group;
    for (std::size_t arm = 0; dies && arm < arms_; ++arm) {
      const double factor = plan.subgroups.empty() ? 1 : plan.subgroups[group].hazard_factor;
      deaths_.push_back({*plan.arms[arm].deaths, *plan.arms[arm].after_months * kDaysPerMonth / kLn2 / factor});
    }
  }
}

double HazardSource::subgroup_share() const {
  if (subgroup_ >= shares_.size()) return 1;
  return shares_[subgroup_] - (subgroup_ > 0 ? shares_[subgroup_ - 1] : 0);
}

namespace {

/// x -> -ln x, four at a time; the same bits with and without AVX2.
COLEY_INLINE void to_exponential(double* values, std::size_t count) {
  for (std::size_t i = 0; i < count; i += 4) {
    solver::Lanes<double, 4> x;
    std::memcpy(&x.v, values + i, sizeof x.v);
    x = -solver::log(x);
    std::memcpy(values + i, &x.v, sizeof x.v);
  }
}
__attribute__((target("avx2"))) void to_exponential_avx2(double* values, std::size_t count) { to_exponential(values, count); }
void to_exponential_any(double* values, std::size_t count) { to_exponential(values, count); }

}  // namespace

void HazardSource::fill(DrawKey key, Truth truth, Cohort& cohort) const {
  static const auto exponentials = __builtin_cpu_supports("avx2") ? to_exponential_avx2 : to_exponential_any;
  thread_local std::vector<DrawBlock> fate, traits;  // fate: event and drop-out of two patients a block
  fate.resize((patients_ + 1) / 2);
  draw_blocks(key, kDrawFate, 0, fate);
  exponentials(fate[0].data(), 4 * fate.size());
  if (needs_traits_) {
    traits.resize(patients_);
    draw_blocks(key, kDrawTraits, 0, traits);
  }
  cohort.resize(patients_);
  arrivals_.fill(traits, cohort.entry);
  std::array<std::uint32_t, 64> enrolled{};
  const std::vector<PiecewiseLaw>& laws = laws_[static_cast<int>(truth)];
  for (std::size_t i = 0; i < patients_; ++i) {
    std::size_t group = 0;
    while (group + 1 < shares_.size() && traits[i][0] >= shares_[group]) ++group;
    const std::uint8_t treated = blocks_.treated(enrolled[group]++);
    const double* exponential = &fate[i / 2][2 * (i % 2)];
    const double event = laws[2 * group + treated].time(exponential[0]), lost = std::min(exponential[1] * mean_dropout_, kLastDay);
    cohort.time[i] = std::min(event, lost);
    cohort.event[i] = event <= lost ? 1 : 0;
    cohort.treated[i] = treated;
    cohort.stratum[i] = static_cast<std::uint8_t>(group);
  }
}

void HazardSource::fill(DrawKey key, std::size_t count, Candidates& c) const {
  thread_local std::vector<DrawBlock> fate, traits;
  count = std::max(count, patients_);
  fate.resize((count + 1) / 2);
  traits.resize(count);
  draw_blocks(key, kDrawFate, 0, fate);
  draw_blocks(key, kDrawTraits, 0, traits);
  c.arms = arms_;
  c.endpoints = deaths_.empty() ? 1 : 2;
  c.resize(count);
  c.entry.resize(patients_);
  arrivals_.fill(std::span<const DrawBlock>(traits).first(patients_), c.entry);
  const std::vector<PiecewiseLaw>& laws = laws_[static_cast<int>(Truth::effect)];
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t group = 0;
    while (group + 1 < shares_.size() && traits[i][0] >= shares_[group]) ++group;
    const double* uniform = &fate[i / 2][2 * (i % 2)];
    const double exponential = -std::log(uniform[0]);
    c.lost[i] = -std::log(uniform[1]) * mean_dropout_;
    c.stratum[i] = static_cast<std::uint8_t>(group);
    c.in_subgroup[i] = group == subgroup_ ? 1 : 0;
    for (std::size_t arm = 0; arm < arms_; ++arm) {
      const std::size_t law = group * arms_ + arm;
      const double first = laws[law].time(exponential);
      c.day_of(i, 0, arm) = first;
      if (!deaths_.empty()) c.day_of(i, 1, arm) = traits[i][2] < deaths_[law].share ? first : first - std::log(traits[i][3]) * deaths_[law].mean;
    }
  }
}

}  // namespace coley::design
