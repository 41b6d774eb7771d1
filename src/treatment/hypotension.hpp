// SPDX-License-Identifier: Apache-2.0
#pragma once
// Vascular leak under interleukin-2 (equation 13), in closed form over a block of doses: every dose adds its share, the sum
// decays, and a dose is withheld while the sum is above what the patient bears. No stop of the integrator is needed
// between the doses of a block.

namespace coley::treatment {

struct LeakModel {
  double half = 1;       ///< nmol/L of half the greatest leak
  double hill = 1;
  double recovery = 0;   ///< k_L, 1/h
  double limit = 1;      ///< median of the patients' limits, hours of full leak
  double limit_sd = 0;   ///< of its logarithm
};

/// What became of one block of doses.
struct DoseBlock {
  int given = 0;
  int withheld = 0;
  double hours = 0;           ///< from the first dose that was due to one interval after the last
  double leak = 0;            ///< at the end of these hours
  double severe_at_hour = -1; ///< when leak first passed the limit (hypotension of grade 3); -1 it did not
};

/// `leak` is what is left at the start; up to `slots` doses `interval` hours apart of which at most `most` are given (0: all),
/// each adding `per_dose`. A limit of zero or less withholds nothing.
DoseBlock plan_block(double leak, double per_dose, double interval, int slots, int most, double recovery, double limit);

}  // namespace coley::treatment
