// SPDX-License-Identifier: Apache-2.0
#include "design/analytic.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/units.hpp"
#include "design/boundaries.hpp"
#include "design/hazard_source.hpp"
#include "design/look_tests.hpp"
#include "statistics/sequential_path.hpp"

namespace coley::design {

using statistics::ExpectedLogRank;
using statistics::TwoArmAccrual;

namespace {

constexpr int kRampSteps = 50;  // a linear ramp as stairs

statistics::Accrual stairs(const Accrual& accrual, double patients) {
  const double ramp = std::min(accrual.ramp_months, accrual.months);
  statistics::Accrual result{{0.0}, {}};
  const auto step = [&](double until, double intensity) {
    result.times.push_back(until);
    result.intensities.push_back(intensity);
  };
  for (int i = 0; i < kRampSteps && ramp > 0; ++i) step(ramp * (i + 1) / kRampSteps, (i + 0.5) / kRampSteps);
  if (accrual.months > ramp) step(accrual.months, 1);
  const double all = result.patients();
  for (double& intensity : result.intensities) intensity *= patients / all;
  return result;
}

double expected_day(const TwoArmAccrual& trial, double patients, const Look& look) {
  double months = look.months.value_or(0);
  if (look.events) months = std::max(months, std::min(look.latest_months.value_or(1e9), statistics::time_of_events(trial, patients, *look.events)));
  return months;
}

/// A path of statistics with these means and independent increments of information, against the bounds of the design: the
/// same as one without drift against bounds lowered by the means.
Formula against_bounds(const statistics::SequentialDesign& design, std::vector<double> mean_z, std::vector<double> information,
                       const std::vector<ExpectedLook>& looks) {
  std::vector<double> upper, lower;
  for (std::size_t k = 0; k < mean_z.size(); ++k) {
    upper.push_back(design.efficacy_z[k] - mean_z[k]);
    lower.push_back((k + 1 < mean_z.size() ? design.futility_z[k] : -std::numeric_limits<double>::infinity()) - mean_z[k]);
  }
  const double all = information.back();
  for (double& t : information) t /= all;
  const statistics::StoppingProbabilities stops = statistics::stopping_probabilities(information, lower, upper, 0.0);
  Formula formula{std::move(mean_z), stops.above, stops.below};
  double going_on = 1;
  for (std::size_t k = 0; k < looks.size(); ++k) {
    const double here = k + 1 == looks.size() ? going_on : stops.above[k] + stops.below[k];
    formula.power += stops.above[k];
    formula.events += here * looks[k].events;
    formula.months += here * looks[k].months;
    going_on -= here;
  }
  return formula;
}

}  // namespace

std::optional<TwoArmAccrual> two_arms(const Plan& plan) {
  if (plan.arms.size() != 2 || plan.subgroups.size() > 1) return std::nullopt;
  const Subgroup* subgroup = plan.subgroups.empty() ? nullptr : &plan.subgroups[0];
  const auto arm = [&](std::size_t i) { return statistics::ArmHazards{hazard_of(plan, i, subgroup, Truth::effect), dropout_per_month(plan)}; };
  return TwoArmAccrual{arm(1), arm(0), static_cast<double>(plan.arms[1].weight) / plan.arms[0].weight,
                       accrual_of(plan)};
}

statistics::Accrual accrual_of(const Plan& plan) { return stairs(plan.accrual, static_cast<double>(plan.patients)); }

std::optional<double> proportional_log_ratio(const Plan& plan) {
  const auto trial = two_arms(plan);
  if (!trial) return std::nullopt;
  const statistics::PiecewiseHazard &treated = trial->treated.event, &control = trial->control.event;
  if (treated.starts != control.starts) return std::nullopt;
  const double ratio = treated.rates[0] / control.rates[0];
  for (std::size_t i = 0; i < treated.rates.size(); ++i)
    if (!(std::fabs(treated.rates[i] - ratio * control.rates[i]) <= 1e-12 * treated.rates[i])) return std::nullopt;
  return std::log(ratio);
}

std::optional<AnalyticAnswer> analytic_answer(const Plan& plan, const TwoArmAccrual& trial, const statistics::SequentialDesign& design) {
  const double patients = static_cast<double>(plan.patients), share = trial.allocation / (1 + trial.allocation);
  AnalyticAnswer answer;
  std::vector<double> events;
  try {
    for (const Look& look : plan.looks) {
      const double months = expected_day(trial, patients, look);
      const ExpectedLogRank expected = statistics::expected_log_rank(trial, months);
      answer.looks.push_back({months, patients * expected.event_share, expected.average_hazard_ratio});
      events.push_back(answer.looks.back().events);
      if (events.size() > 1 && events.back() <= events[events.size() - 2]) return std::nullopt;
    }
  } catch (const InputError&) {
    return std::nullopt;  // events that are never expected
  }
  statistics::SequentialDesign bounds = design;
  if (plan.efficacy.clock == Clock::observed) {
    SpendingClock clock(plan, plan.efficacy.alpha);
    for (std::size_t k = 0; k < events.size(); ++k) bounds.efficacy_z[k] = clock.bound(std::span(events).first(k + 1), k + 1 == events.size());
  }
  const double effect = std::log(plan.margin / answer.looks.back().average_hazard_ratio);
  std::vector<double> mean_z;
  for (const double d : events) mean_z.push_back(effect * std::sqrt(d * share * (1 - share)));
  answer.schoenfeld = against_bounds(bounds, mean_z, events, answer.looks);
  for (const Test& test : plan.tests) {
    answer.tests.emplace_back();
    if (test.stratified || test.kind > TestKind::modestly_weighted || plan.margin != 1) continue;
    statistics::LogRankWeight weight = weight_of(test);
    weight.at /= kDaysPerMonth;
    std::vector<double> means, information;
    for (const ExpectedLook& look : answer.looks) {
      const ExpectedLogRank expected = statistics::expected_log_rank(trial, look.months, weight);
      means.push_back(expected.drift(patients));
      information.push_back(expected.variance);
    }
    answer.tests.back() = against_bounds(bounds, means, information, answer.looks);
  }
  return answer;
}

}  // namespace coley::design
