// SPDX-License-Identifier: Apache-2.0
#pragma once
// Test of proportional hazards: the score test for adding g(t) times a covariate to the model, for each covariate and
// for all together. Grambsch & Therneau 1994, in the exact form of survival 3 (cox.zph).

#include <string>
#include <string_view>
#include <vector>

#include "statistics/cox.hpp"

namespace coley::statistics {

/// g(t): 1 - Kaplan-Meier of all rows just before t, t itself, log t, or its rank among the rows.
enum class TimeTransform { km, identity, log, rank };
/// "km", "identity", "log", "rank". Throws InputError for another word.
TimeTransform time_transform(std::string_view word);

struct ProportionalHazardsTest {
  std::vector<std::string> rows;  ///< covariates that were estimated, then GLOBAL
  std::vector<double> chi_square, p, log10_p;
  std::vector<int> df;
};

/// Throws InputError: exact ties, an infinite coefficient, log of a time of 0.
ProportionalHazardsTest proportional_hazards_test(const CoxFit& fit, const CoxData& data, TimeTransform transform = TimeTransform::km);

}  // namespace coley::statistics
