// SPDX-License-Identifier: Apache-2.0
#pragma once
// Concordance of a predictor with survival: of the pairs whose order in time is known, how many the predictor orders the
// same way. n log n, with the infinitesimal-jackknife standard error. Harrell 1982; Uno et al. 2011 (n/G2).

#include <span>
#include <string_view>

#include "statistics/survival_rows.hpp"

namespace coley::statistics {

/// Weight of a comparison made at a death time: 1 (Harrell), S(t-)/at risk, S/(G at risk), 1/G(t-)^2 (Uno), 1/at risk.
enum class ConcordanceWeight { n, s, s_over_g, n_over_g2, i };
/// "n", "S", "S/G", "n/G2", "I" of survival::concordance. Throws InputError for another word.
ConcordanceWeight concordance_weight(std::string_view word);

struct ConcordanceOptions {
  ConcordanceWeight weight = ConcordanceWeight::n;
  bool reverse = false;             ///< a larger predictor means an earlier event, as a linear predictor of hazard does
  double latest = -1;               ///< only deaths up to this time; negative: all
};

/// Weighted counts of pairs; a pair of deaths at one time is tied_y, or tied_xy when the predictor ties too.
struct Concordance {
  double concordant = 0, discordant = 0, tied_x = 0, tied_y = 0, tied_xy = 0;
  double concordance, se;  ///< NaN when no pair can be compared
};

/// `predictor` is by row. Weights, strata (pairs within a stratum only) and delayed entry are honoured; delayed entry
/// only with weights n, s and i. Rows of one cluster (none: each row its own) are correlated. Throws InputError.
Concordance concordance(const SurvivalRows& rows, std::span<const double> predictor, const ConcordanceOptions& options = {},
                        std::span<const int> cluster = {});

}  // namespace coley::statistics
