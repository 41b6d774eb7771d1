// SPDX-License-Identifier: Apache-2.0
#include "design/stopping_rule.hpp"

namespace coley::design {

StoppingRule::StoppingRule(const Plan& plan, const statistics::SequentialDesign& design)
    : efficacy_(design.efficacy_z), futility_(design.futility_z), overrulable_(plan.futility && !plan.futility->binding) {
  if (plan.efficacy.clock == Clock::observed) clock_.emplace(plan, plan.efficacy.alpha);
}

Verdict StoppingRule::verdict(std::size_t look, double z, std::span<const double> events) {
  const bool last = look + 1 == efficacy_.size();
  const double efficacy = clock_ ? clock_->bound(events, last) : efficacy_[look];
  if (z > efficacy) return Verdict::efficacy;
  if (last) return Verdict::failure;
  return z <= futility_[look] ? Verdict::futility : Verdict::go_on;
}

}  // namespace coley::design
