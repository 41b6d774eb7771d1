// SPDX-License-Identifier: Apache-2.0
#pragma once
// Pooling 2 x 2 tables as strata of one table, without a variance for each study: Mantel-Haenszel and Peto. Tables with
// empty cells count as they are, so rare events need no correction.

#include <optional>
#include <span>

#include "statistics/effect_size.hpp"

namespace coley::statistics {

/// A pooled log ratio, or difference of risks, with its test of homogeneity.
struct StratifiedEffect {
  int k = 0;  ///< tables that carry information
  Coefficient effect;
  double q = 0;  ///< inverse-variance sum of squared deviations of the studies from the pooled effect
  int q_df = 0;
  double q_p = 1;
  /// Cochran-Mantel-Haenszel chi-squared on 1 degree with continuity correction; odds ratio only.
  std::optional<double> cmh;
  std::optional<double> cmh_p;
};

/// Mantel-Haenszel pooled odds ratio (variance of Robins, Breslow and Greenland 1986) risk ratio (Greenland and
/// Robins 1985) or risk difference (Sato, Greenland and Robins 1989). Throws InputError for another measure, a bad table, or when no table informs the ratio.
StratifiedEffect mantel_haenszel(std::span<const TwoByTwo> tables, Contrast measure, double level = 0.95);

/// Peto's pooled odds ratio: sum(O - E) / sum(V).
StratifiedEffect peto(std::span<const TwoByTwo> tables, double level = 0.95);

}  // namespace coley::statistics
