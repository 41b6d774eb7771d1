// SPDX-License-Identifier: Apache-2.0
#include "credibility/misfit.hpp"

#include <cmath>

#include "core/error.hpp"
#include "evidence/published.hpp"

namespace coley::credibility {

namespace {

const evidence::Published& row_of(const EvidenceEstimate& simulated) {
  if (const evidence::Published* row = evidence::shipped_row(simulated.row)) return *row;
  bug("an estimate of no published row: " + simulated.row);
}

}  // namespace

std::optional<Target> target_of(const EvidenceEstimate& simulated) {
  const evidence::Published& row = row_of(simulated);
  const evidence::Figure figure = evidence::figure(row, simulated.which);
  if (!figure.estimate) return std::nullopt;
  const double n = (simulated.which == 2 ? row.n_b : row.n_a).value_or(kAssumedPatients);
  switch (simulated.scale) {
    case report::Scale::ratio:
      if (!figure.low || !figure.high) return std::nullopt;
      return Target{std::log(*figure.estimate), std::log(*figure.high / *figure.low) / kNormal95};
    case report::Scale::probability: {
      const double p = *figure.estimate;
      if (figure.low && figure.high) return Target{p, (*figure.high - *figure.low) / kNormal95};
      return Target{p, std::sqrt((p * (1 - p) + 1 / n) / n)};
    }
    case report::Scale::months:
      if (!simulated.at_published_median) return std::nullopt;
      return Target{0.5, 0.5 / std::sqrt(n)};
  }
  bug("a scale of no kind");
}

double misfit(const EvidenceEstimate& simulated, const Target& target) {
  double value = simulated.value, low = simulated.low, high = simulated.high;
  if (simulated.scale == report::Scale::ratio) {
    value = std::log(value), low = std::log(low), high = std::log(high);
  } else if (simulated.at_published_median) {
    const double nan = std::nan("");
    value = simulated.at_published_median->estimate.value_or(nan);
    low = simulated.at_published_median->low.value_or(nan);
    high = simulated.at_published_median->high.value_or(nan);
  }
  if (!std::isfinite(value)) return kNotEstimable;
  const double se = std::isfinite(high - low) ? (high - low) / kNormal95 : 0;
  return (value - target.value) / std::hypot(target.se, se);
}

}  // namespace coley::credibility
