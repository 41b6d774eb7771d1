// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a test's statistic at a look leads to, by the bounds of the plan. One thread each, for the memory of its clock.

#include <optional>
#include <span>
#include <vector>

#include "design/boundaries.hpp"

namespace coley::design {

enum class Verdict : std::uint8_t { go_on, efficacy, futility, failure };  // failure: not significant at the last look

class StoppingRule {
 public:
  StoppingRule(const Plan& plan, const statistics::SequentialDesign& design);
  /// `events`: so far, one a look up to this one. A statistic that cannot be had (NaN) stops nothing.
  Verdict verdict(std::size_t look, double z, std::span<const double> events);
  /// Futility bounds may be overruled, and type-I error is held even then.
  bool overrulable() const { return overrulable_; }

 private:
  std::vector<double> efficacy_, futility_;
  std::optional<SpendingClock> clock_;
  bool overrulable_;
};

}  // namespace coley::design
