// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the mechanism must be able to do whatever its numbers (evidence/README.md): benefit that comes early, hazard ratios
// that drift with follow-up, surgery that helps without a better response, selection that imitates benefit.

#include <string>
#include <vector>

#include "credibility/validate.hpp"

namespace coley::credibility {

struct Demand {
  std::string what;
  std::string published, simulated;  ///< the figures, for people
  bool met = false;
};

/// Hazard ratio between two months from survival at both of two arms, if hazards were proportional in between:
/// ln(S_a(to) / S_a(from)) / ln(S_b(to) / S_b(from)). Survival in (0, 1], falling in the control arm b.
double hazard_ratio_between(double a_from, double a_to, double b_from, double b_to);

/// From the rows of a validation; a demand whose rows were not simulated is left out.
std::vector<Demand> structural_demands(const Validation& validation);

}  // namespace coley::credibility
