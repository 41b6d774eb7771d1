// SPDX-License-Identifier: Apache-2.0
#include "design/boundaries.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/random.hpp"
#include "statistics/root.hpp"
#include "statistics/sequential_path.hpp"

namespace coley::design {

using statistics::BoundaryShape;
using statistics::SequentialPlan;
using statistics::Spending;
using statistics::SpendingKind;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Bounds bounds_named(const std::string& word) {
  if (word == "spend_pocock") return Bounds::spend_pocock;
  if (word == "hwang_shih_decani") return Bounds::hwang_shih_decani;
  if (word == "kim_demets") return Bounds::kim_demets;
  return Bounds::spend_obrien_fleming;
}

std::vector<double> planned_information(const Plan& plan) {
  std::vector<double> information;
  const bool by_events = std::all_of(plan.looks.begin(), plan.looks.end(), [](const Look& look) { return look.events.has_value(); });
  for (std::size_t k = 0; k < plan.looks.size(); ++k)
    information.push_back(by_events ? *plan.looks[k].events / *plan.looks.back().events
                                    : static_cast<double>(k + 1) / static_cast<double>(plan.looks.size()));
  return information;
}

void set_shape(const Efficacy& efficacy, SequentialPlan& design) {
  switch (efficacy.bounds) {
    case Bounds::obrien_fleming: design.delta = 0; return;
    case Bounds::pocock: design.delta = 0.5; return;
    case Bounds::wang_tsiatis: design.delta = efficacy.parameter; return;
    case Bounds::haybittle_peto:
      design.shape = BoundaryShape::haybittle_peto;
      design.early_bound = efficacy.parameter;
      return;
    default:
      design.shape = BoundaryShape::spending;
      design.alpha_spending = spending_of(efficacy.bounds, efficacy.parameter);
  }
}

}  // namespace

Spending spending_of(Bounds bounds, double parameter) {
  switch (bounds) {
    case Bounds::spend_obrien_fleming: return {SpendingKind::obrien_fleming, 0, {}};
    case Bounds::spend_pocock: return {SpendingKind::pocock, 0, {}};
    case Bounds::hwang_shih_decani: return {SpendingKind::hwang_shih_decani, parameter, {}};
    case Bounds::kim_demets: return {SpendingKind::kim_demets, parameter, {}};
    default: bug("bounds that spend nothing");
  }
}

namespace {

/// On the scale of the score, of which one event is worth `event`: the prior counts as data seen before.
statistics::SequentialDesign predictive_bounds(const Plan& plan) {
  const Predictive& rule = *plan.predictive;
  const std::vector<int> weights = plan.weights();
  const double share = static_cast<double>(weights[1]) / (weights[0] + weights[1]), event = share * (1 - share);
  const double prior = rule.prior_events * event, prior_score = prior * std::log(plan.margin / rule.prior_ratio);
  const double all = *plan.looks.back().events * event;
  const double needed = normal_quantile(rule.success) * std::sqrt(prior + all) - prior_score;  // score at the end that convinces
  statistics::SequentialDesign design;
  design.plan.information = planned_information(plan);
  for (const Look& look : plan.looks) {
    const double seen = *look.events * event, left = all - seen;
    // the score at which the predictive probability is p: score + left (prior score + score) / (prior + seen) is `needed` plus deviate
    const auto z_at = [&](double p) {
      const double spread = std::sqrt(left + left * left / (prior + seen));
      return (needed + normal_quantile(p) * spread - left * prior_score / (prior + seen)) / (1 + left / (prior + seen)) / std::sqrt(seen);
    };
    const bool last = left <= 0;
    design.efficacy_z.push_back(last ? needed / std::sqrt(seen) : rule.efficacy < 1 ? z_at(rule.efficacy) : kInfinity);
    design.futility_z.push_back(last ? design.efficacy_z.back() : rule.futility > 0 ? z_at(rule.futility) : -kInfinity);
  }
  std::vector<double> lower = design.futility_z;
  lower.back() = -kInfinity;
  double spent = 0;
  for (const double above : statistics::stopping_probabilities(design.plan.information, lower, design.efficacy_z, 0.0).above)
    design.alpha_spent.push_back(spent += above);
  return design;
}

}  // namespace

bool spends(Bounds bounds) { return bounds >= Bounds::spend_obrien_fleming; }

statistics::SequentialDesign planned_design(const Plan& plan, double alpha) {
  if (plan.predictive) return predictive_bounds(plan);
  SequentialPlan design;
  if (plan.several_hypotheses()) {
    design.alpha = alpha;
    return statistics::make_sequential_design(design);
  }
  design.information = planned_information(plan);
  design.alpha = alpha;
  set_shape(plan.efficacy, design);
  if (plan.futility) {
    design.binding = plan.futility->binding;
    design.beta = plan.futility->beta;
    design.futility_z = plan.futility->z;
    if (!plan.futility->spending.empty())
      design.beta_spending = spending_of(bounds_named(plan.futility->spending), plan.futility->parameter);
  }
  return statistics::make_sequential_design(design);
}

SpendingClock::SpendingClock(const Plan& plan, double alpha)
    : SpendingClock(spending_of(plan.efficacy.bounds, plan.efficacy.parameter), alpha, *plan.looks.back().events) {
  if (plan.futility && plan.futility->binding) futility_ = plan.futility->z;
}

double SpendingClock::bound(std::span<const double> events, bool last) {
  std::vector<double> key(events.begin(), events.end());
  key.push_back(last ? 1 : 0);
  if (const auto found = known_.find(key); found != known_.end()) return found->second;

  std::vector<double> information, fractions;
  for (const double e : events) {
    information.push_back(e / events.back());
    fractions.push_back(std::min(1.0, e / full_));
  }
  if (last) fractions.back() = 1;
  double spent_before = 0, bound_now = kInfinity;
  statistics::SequentialPath path(information, 0.0);
  for (std::size_t k = 0; k < events.size(); ++k) {
    // Once all of alpha is gone nothing can be rejected any more.
    const double spent = statistics::cumulative_spending(spending_, std::span(fractions).subspan(k, 1), alpha_)[0];
    const double to_spend = spent - spent_before;
    const bool repeated = k > 0 && events[k] <= events[k - 1];
    if (repeated || to_spend <= 1e-15) bound_now = kInfinity;
    else bound_now = statistics::bracketed_root([&](double c) { return path.above(c) - to_spend; }, -12.0, 12.0);
    if (!repeated && k + 1 < events.size())
      path.go_on_between(k < futility_.size() ? std::min(futility_[k], bound_now) : -kInfinity, bound_now);
    spent_before = std::max(spent, spent_before);
  }
  return known_[key] = bound_now;
}

}  // namespace coley::design
