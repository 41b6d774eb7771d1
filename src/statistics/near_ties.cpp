// SPDX-License-Identifier: Apache-2.0
#include "statistics/near_ties.hpp"

#include <algorithm>
#include <cmath>

namespace coley::statistics {

void merge_near_ties(std::vector<double>& time, std::vector<double>& entry) {
  constexpr double kTolerance = 1.4901161193847656e-8;  // sqrt of the machine epsilon
  std::vector<double> distinct = time;
  distinct.insert(distinct.end(), entry.begin(), entry.end());
  std::erase_if(distinct, [](double t) { return !std::isfinite(t); });
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  if (distinct.size() < 2) return;
  double mean = 0;
  for (const double t : distinct) mean += std::abs(t) / static_cast<double>(distinct.size());
  std::vector<double> first = {distinct[0]};  // of each run
  for (std::size_t i = 1; i < distinct.size(); ++i) {
    const double gap = distinct[i] - distinct[i - 1];
    if (gap > kTolerance && gap > kTolerance * mean) first.push_back(distinct[i]);
  }
  if (first.size() == distinct.size()) return;
  for (auto* column : {&time, &entry})
    for (double& t : *column)
      if (std::isfinite(t)) t = *(std::upper_bound(first.begin(), first.end(), t) - 1);
}

}  // namespace coley::statistics
