// SPDX-License-Identifier: Apache-2.0
#pragma once
// Do small studies show larger effects than large ones? That happens when small negative studies stay unpublished, but
// also when small studies differ in patients or rigour; none of these tests can tell which.

#include <span>
#include <string>

#include "statistics/meta_analysis.hpp"

namespace coley::statistics {

/// Regression of the effect on its standard error. df = 0 when the statistic is normal.
struct AsymmetryTest {
  double statistic = 0;
  double p = 1;
  int df = 0;
  Coefficient at_zero_error;  ///< the effect extrapolated to a study without sampling error
};

/// Egger's test as a mixed-effects meta-regression with the given estimator of tau2 (Sterne and Egger 2005).
/// Needs three studies with differing standard errors.
AsymmetryTest egger(std::span<const StudyEffect> studies, const PoolOptions& options = {});

/// Egger's test in its first form (1997): weighted least squares with a multiplicative dispersion, t on k - 2 degrees.
AsymmetryTest egger_classical(std::span<const StudyEffect> studies);

/// Kendall's rank correlation between standardised deviation and variance.
struct RankTest {
  double tau = 0;
  double p = 1;
  bool exact = false;  ///< from the permutation distribution (fewer than 50 studies, no ties); else normal
};
/// Begg and Mazumdar's test (1994). Needs two studies.
RankTest begg(std::span<const StudyEffect> studies);

/// Duval and Tweedie's trim and fill (2000), estimator L0.
struct TrimAndFill {
  int filled = 0;             ///< studies judged missing
  std::string side = "left";  ///< where they are judged missing
  std::vector<StudyEffect> studies;  ///< given and filled-in
  PooledEffect pooled;
};
/// The side is opposite to the slope of `egger` unless given ("left", "right").
TrimAndFill trim_and_fill(std::span<const StudyEffect> studies, const PoolOptions& options = {},
                          const std::string& side = "");

}  // namespace coley::statistics
