// SPDX-License-Identifier: Apache-2.0
#include "trial/quality.hpp"

#include <algorithm>
#include <cmath>

#include "core/units.hpp"
#include "course/condition.hpp"
#include "statistics/weighted_mean.hpp"

namespace coley {

namespace {

/// Mean utility as a function of time: linear between whole months.
class MeanUtility {
 public:
  explicit MeanUtility(const QualityCounts& counts) {
    for (std::size_t month = 0; month < counts.patients.size(); ++month) {
      means_.push_back(static_cast<double>(counts.utility[month]) / (kUtilityParts * static_cast<double>(counts.patients[month])));
    }
    sums_.push_back(0);
    for (std::size_t month = 1; month < means_.size(); ++month) sums_.push_back(sums_.back() + (means_[month - 1] + means_[month]) / 2);
  }
  /// Area below it between two days.
  double operator()(double from, double to) const { return (area(to / kDaysPerMonth) - area(from / kDaysPerMonth)) * kDaysPerMonth; }

 private:
  double area(double month) const {
    const std::size_t k = std::min(static_cast<std::size_t>(month), means_.size() - 2);
    const double part = month - static_cast<double>(k);
    return sums_[k] + part * (means_[k] + part * (means_[k + 1] - means_[k]) / 2);
  }
  std::vector<double> means_, sums_;
};

}  // namespace

int quality_months(double longest_follow_up) { return std::min(60, static_cast<int>(longest_follow_up / kDaysPerMonth)); }

void count_quality(std::span<const std::uint16_t> utilities, int days, QualityCounts& counts) {
  for (std::size_t month = 0; month < counts.patients.size() && month < utilities.size(); ++month) {
    if (static_cast<double>(month) * kDaysPerMonth > days) return;
    ++counts.patients[month];
    counts.utility[month] += utilities[month];
  }
}

std::optional<report::QualityAdjusted> quality_adjusted(const QualityCounts& counts, const statistics::SurvivalCurve& survival) {
  const auto nobody = std::find(counts.patients.begin(), counts.patients.end(), 0);
  QualityCounts known = counts;
  known.patients.resize(static_cast<std::size_t>(nobody - counts.patients.begin()));
  if (known.patients.size() < 2) return std::nullopt;
  const auto months = static_cast<double>(known.patients.size() - 1), tau = months * kDaysPerMonth;
  const auto mean = statistics::weighted_mean(survival, tau, MeanUtility(known)), alive = statistics::restricted_mean(survival, tau);
  const auto in_months = [&](double days) { return report::finite(std::clamp(days, 0.0, tau) / kDaysPerMonth); };
  return report::QualityAdjusted{{months, {in_months(mean.value), in_months(mean.low), in_months(mean.high)}}, mean.value / alive.value};
}

}  // namespace coley
