// SPDX-License-Identifier: Apache-2.0
#pragma once
// Quality-adjusted survival of an arm: the area under its overall survival at the last data cut-off, each moment weighted by
// the mean utility of those followed alive at it, which is counted month by month and linear between (Glasziou 1990).

#include <cstdint>
#include <optional>
#include <span>

#include "report/summary.hpp"
#include "trial/tally.hpp"

namespace coley {

/// Months over which it is taken, at most five years.
int quality_months(double longest_follow_up);

/// Counts a patient followed for `days`, whose utilities are those of Condition::take_utilities.
void count_quality(std::span<const std::uint16_t> utilities, int days, QualityCounts& counts);

/// Of one arm; nothing where nobody was followed to the end of it. The interval is that of survival.
std::optional<report::QualityAdjusted> quality_adjusted(const QualityCounts& counts, const statistics::SurvivalCurve& survival);

}  // namespace coley
