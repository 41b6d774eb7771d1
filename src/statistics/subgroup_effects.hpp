// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether a treatment works differently by subgroup or by the value of a marker: hazard ratios within subgroups, and
// Cox models with the interaction.

#include <string>
#include <vector>

#include "statistics/cox.hpp"
#include "statistics/factor.hpp"
#include "statistics/p_value.hpp"
#include "statistics/two_group_cox.hpp"

namespace coley::statistics {

/// Likelihood-ratio test of the interaction terms.
struct InteractionTest {
  double chi_square = 0;
  int df = 0;
  PValue p = {1, 0};
};

struct SubgroupEffect {
  std::string level;
  std::size_t control_n = 0, treated_n = 0;
  std::size_t control_events = 0, treated_events = 0;
  HazardRatio effect;  ///< treated against control within the subgroup; says itself when it cannot be estimated
};

struct SubgroupForest {
  HazardRatio overall;
  std::vector<SubgroupEffect> subgroups;  ///< in the order of the factor's levels
  InteractionTest interaction;            ///< treatment by subgroup, Efron ties; df counts the terms that can be estimated
};

/// `rows.group` holds the treatment, 0 control and 1 treated; strata, where given, stratify every model. Throws InputError
/// as check(rows), for weights, and when the arms are not two.
SubgroupForest subgroup_effects(const SurvivalRows& rows, const Factor& subgroup, double level = 0.95);

/// log hazard = treatment (a + c (marker - centre)) + b (marker - centre), with the centre at the mean of the marker.
struct MarkerInteraction {
  CoxFit fit;  ///< of "treatment", "marker", "treatment:marker"; the marker is centred
  double centre = 0;
  Estimate ratio_per_unit;  ///< of hazard ratios, for one unit more of the marker: exp(c)
  PValue p = {1, 0};        ///< Wald, of c
  InteractionTest test;     ///< likelihood ratio

  /// Hazard ratio of treatment at this value of the marker.
  Estimate hazard_ratio_at(double marker) const;
};

/// Throws as above, and for a marker that is not finite or does not vary; and when the interaction cannot be estimated.
MarkerInteraction treatment_marker_interaction(const SurvivalRows& rows, const std::vector<double>& marker, double level = 0.95);

}  // namespace coley::statistics
