// SPDX-License-Identifier: Apache-2.0
#pragma once
// Response rates of two arms compared over strata: difference, ratio and odds ratio of rates, experimental against
// control.
// Mantel-Haenszel gives an estimate with a Wald interval that stays right with many small strata; Miettinen-Nurminen
// inverts the score test and so keeps an interval where a rate is 0 or 1. A stratum without patients in one arm says
// nothing about the effect and is left out. Absent results mean: no stratum informs about the effect.

#include <cstdint>
#include <optional>
#include <span>

#include "statistics/estimate.hpp"

namespace coley::statistics {

/// Responders and patients of the two arms in one stratum. 0 <= events <= n.
struct ResponseCounts {
  std::int64_t experimental_events = 0;
  std::int64_t experimental_n = 0;
  std::int64_t control_events = 0;
  std::int64_t control_n = 0;
};

/// A common effect over the strata that have both arms.
struct CommonEffect {
  Estimate effect;     ///< difference of rates (-1..1), or ratio (0..infinity)
  double z = 0;        ///< of no effect; positive when the experimental arm responds more often
  double p = 1;        ///< two-sided, of z
  double log10_p = 0;
  int strata_used = 0;
};

/// Difference of rates, weights n1 n0 / N, variance of Sato (Biometrics 1989); z is the Cochran-Mantel-Haenszel
/// statistic without continuity correction. Throws InputError for counts out of range.
std::optional<CommonEffect> mantel_haenszel_difference(std::span<const ResponseCounts> strata, double level = 0.95);

/// Odds ratio with the variance of Robins, Breslow and Greenland (Biometrics 1986). Where one of the two sums of
/// products is 0 the ratio is 0 or infinity and the interval is [0, infinity]. Throws as above.
std::optional<CommonEffect> mantel_haenszel_odds_ratio(std::span<const ResponseCounts> strata, double level = 0.95);

/// Ratio of rates with the variance of Greenland and Robins (Biometrics 1985). Where one of the two sums is 0 as for the
/// odds ratio. Throws as above.
std::optional<CommonEffect> mantel_haenszel_risk_ratio(std::span<const ResponseCounts> strata, double level = 0.95);

/// Difference of rates by the score method of Miettinen and Nurminen (Stat Med 1985), variance with N / (N - 1),
/// strata weighted by n1 n0 / N. Throws as above.
std::optional<CommonEffect> miettinen_nurminen_difference(std::span<const ResponseCounts> strata, double level = 0.95);

/// Common odds ratio by the score method: the efficient score summed over strata, variance with N / (N - 1). The
/// estimate is the unconditional maximum-likelihood value; it and one end of the interval can be 0 or infinity.
std::optional<CommonEffect> miettinen_nurminen_odds_ratio(std::span<const ResponseCounts> strata, double level = 0.95);

/// Ratio of rates by the score method of Miettinen and Nurminen, weights n1 n0 / N, variance with N / (N - 1). The
/// estimate is that of Mantel-Haenszel; one end of the interval can be 0 or infinity. Absent when nobody responds.
std::optional<CommonEffect> miettinen_nurminen_risk_ratio(std::span<const ResponseCounts> strata, double level = 0.95);

}  // namespace coley::statistics
