// SPDX-License-Identifier: Apache-2.0
#include "course/resistance.hpp"

#include <algorithm>
#include <cmath>

namespace coley {

void ResistanceRecord::note(const DosingPlan& plan, double w, double day) {
  if (!plan.action.resisted) return;
  const Entry entry{plan.dosing.drug, plan.action.drug_class, w, day};
  const auto same = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& earlier) { return earlier.drug == entry.drug; });
  if (same != entries_.end()) {
    *same = entry;
  } else {
    entries_.push_back(entry);
  }
}

double ResistanceRecord::to(const DosingPlan& plan, double day, double k_W) const {
  double most = 0;
  for (const Entry& entry : entries_) {
    const bool same = entry.drug == plan.dosing.drug;
    const bool related = entry.drug_class == plan.action.drug_class;
    const double share = same ? 1.0 : related ? plan.action.cross_resistance : 0.0;
    most = std::max(most, share * entry.w * std::exp(-k_W * (day - entry.day)));
  }
  return most;
}

double ResistanceRecord::at_start(const std::vector<DosingPlan>& regimen, double day, double k_W) const {
  double weight = 0, sensitive = 0, only = 0;
  int resisted = 0;
  for (const DosingPlan& plan : regimen) {
    if (!plan.action.resisted || plan.dosing.dose <= 0) continue;
    only = to(plan, day, k_W);
    ++resisted;
    const double share = plan.action.kill > 0 ? plan.action.kill : plan.action.capacity_loss;
    weight += share;
    sensitive += share * std::exp(-only);
  }
  if (resisted == 0) return -1;
  return resisted == 1 ? only : -std::log(sensitive / weight);
}

}  // namespace coley
