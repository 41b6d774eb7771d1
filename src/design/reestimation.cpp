// SPDX-License-Identifier: Apache-2.0
#include "design/reestimation.hpp"

#include <algorithm>
#include <cmath>

#include "core/random.hpp"

namespace coley::design {

namespace {

/// Information fraction of the look before the last.
double fraction_before(const statistics::SequentialDesign& design) { return design.plan.information[design.plan.information.size() - 2]; }

}  // namespace

double reestimated_events(const Reestimation& rule, const statistics::SequentialDesign& design, double z, double events, double planned) {
  const double t = fraction_before(design), most = rule.most * planned;
  // What the events to come must show for the combination to meet the last bound.
  const double needed = (design.efficacy_z.back() - std::sqrt(t) * z) / std::sqrt(1 - t);
  const double effect = z / std::sqrt(events);  // of a root event
  const double conditional_power = normal_cdf(effect * std::sqrt(planned - events) - needed);
  if (conditional_power < rule.promising || conditional_power >= rule.power) return planned;
  if (effect <= 0) return most;
  const double more = (normal_quantile(rule.power) + needed) / effect;
  return std::clamp(std::ceil(events + more * more), planned, most);
}

double combined_z(const statistics::SequentialDesign& design, double z_before, double z_after) {
  const double t = fraction_before(design);
  return std::sqrt(t) * z_before + std::sqrt(1 - t) * z_after;
}

}  // namespace coley::design
