// SPDX-License-Identifier: Apache-2.0
#include "design/arrivals.hpp"

#include <cmath>

#include "trial/design.hpp"

namespace coley::design {

namespace {

double entry_day(const Accrual& accrual, double u) { return enrolment_day(coley::Accrual{accrual.months, accrual.ramp_months}, u); }

}  // namespace

ArrivalTimes::ArrivalTimes(const Accrual& accrual, std::size_t patients) : accrual_(accrual) {
  for (std::size_t i = 0; i < patients; ++i) even_.push_back(entry_day(accrual, (static_cast<double>(i) + 0.5) / static_cast<double>(patients)));
}

void ArrivalTimes::fill(std::span<const DrawBlock> draws, std::vector<double>& entry) const {
  entry = even_;
  if (accrual_.arrivals == Arrivals::even) return;
  // Uniform order statistics: partial sums of exponentials over their total, the last patient closing accrual.
  double sum = 0;
  for (std::size_t i = 0; i < entry.size(); ++i) entry[i] = sum -= std::log(draws[i][1]);
  for (double& at : entry) at = entry_day(accrual_, at / sum);
}

Blocks::Blocks(int control_weight, int treated_weight) {
  const int size = control_weight + treated_weight;
  for (int i = 0; i < size; ++i)  // spread evenly over the block
    pattern_.push_back((i + 1) * treated_weight / size > i * treated_weight / size ? 1 : 0);
  for (std::size_t i = pattern_.size(); i-- > 0;) pattern_.push_back(pattern_[i]);
}

}  // namespace coley::design
