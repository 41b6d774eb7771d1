// SPDX-License-Identifier: Apache-2.0
#pragma once
// Simon's two-stage design for one arm and a yes-no outcome (Control Clin Trials 1989;10:1): n1 patients first; stop as
// futile when at most r1 respond; otherwise go on to n, and call the treatment promising when more than r respond.

namespace coley::statistics {

struct TwoStageDesign {
  int n1 = 0;  ///< patients in the first stage
  int r1 = 0;  ///< stop when responses of the first stage are at most this
  int n = 0;   ///< patients in total
  int r = 0;   ///< promising when responses exceed this
  double alpha = 0;                    ///< P(promising | p0)
  double power = 0;                    ///< P(promising | p1)
  double early_stop = 0;               ///< P(stop after the first stage | p0)
  double expected_patients = 0;        ///< under p0
};

enum class TwoStageAim {
  optimal,  ///< fewest patients expected under p0
  minimax   ///< fewest patients in total, then fewest expected
};

/// P(more than r respond and the first stage does not stop), at response probability p.
double promising_probability(const TwoStageDesign& design, double p);

/// The best design with P(promising | p0) <= alpha and P(promising | p1) >= power, among those of at most `most_patients`.
/// Throws InputError unless 0 < p0 < p1 < 1 and a design exists within that number.
TwoStageDesign simon_two_stage(double p0, double p1, double alpha, double power, TwoStageAim aim = TwoStageAim::optimal,
                               int most_patients = 150);

}  // namespace coley::statistics
