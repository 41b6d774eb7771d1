// SPDX-License-Identifier: Apache-2.0
#pragma once
// Confirmatory tests of several hypotheses in two stages, some of which may be given up between them for any reason at
// all: closed testing (Marcus, Peritz and Gabriel 1976), each intersection by Simes' test within a stage and the inverse
// normal combination of its two p-values at a weight fixed beforehand (Bretz et al., Biom J 2006;48:623). The familywise
// error is held when the p-values of the stages are independent, or conditionally no smaller than uniform, and those of a
// stage are not negatively dependent, as with a common control or nested populations.

#include <span>
#include <vector>

namespace coley::statistics {

/// Simes' p-value of the hypothesis that all are true; 1 of none.
double simes(std::vector<double> p);

/// Whether each hypothesis is rejected at one-sided `alpha`. `z1`, `z2`: statistics of either stage from its own patients,
/// above 0 in favour; NaN in z2 for hypotheses given up (at most 16 hypotheses), NaN in z1 counts as p = 1. `first_share`,
/// in (0, 1): squared weight of the first stage.
std::vector<bool> closed_combination(std::span<const double> z1, std::span<const double> z2, double first_share, double alpha);

}  // namespace coley::statistics
