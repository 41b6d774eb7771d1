// SPDX-License-Identifier: Apache-2.0
#pragma once
// Group-sequential designs: when a trial may stop early, with the type-I error held exactly. Bounds come from a shape
// (O'Brien-Fleming, Pocock, Wang-Tsiatis, Haybittle-Peto) whose constant is solved for, or from a spending function.
// Statistics are on the Z scale, larger is better; information is a fraction of the maximum.
// Sources: Jennison and Turnbull 2000; Wassmer and Brannath 2016 (whose conventions rpact follows).

#include <optional>
#include <vector>

#include "statistics/spending.hpp"

namespace coley::statistics {

enum class BoundaryShape {
  wang_tsiatis,    ///< c_k = c t_k^(delta - 1/2): delta 0 is O'Brien-Fleming, 1/2 is Pocock
  haybittle_peto,  ///< a given constant at every look but the last
  /// Efficacy c t_k^(delta - 1/2) and futility drift t_k^(1/2) - b t_k^(futility_delta - 1/2), which meet at the last look
  /// at the drift that has the power (Pampallona and Tsiatis 1994); one-sided designs only.
  pampallona_tsiatis,
  spending         ///< what `alpha_spending` allows at each look
};

struct SequentialPlan {
  std::vector<double> information = {1.0};  ///< fractions, rising, the last being 1
  double alpha = 0.025;                     ///< in total; of both sides when two_sided
  double beta = 0.1;                        ///< 1 - power at the design's drift
  bool two_sided = false;                   ///< symmetric efficacy bounds
  bool two_sided_power = false;             ///< power counts a rejection on the wrong side too (rpact's twoSidedPower)
  BoundaryShape shape = BoundaryShape::wang_tsiatis;
  double delta = 0;               ///< of Wang and Tsiatis, and of efficacy by Pampallona and Tsiatis
  double futility_delta = 0;      ///< of futility by Pampallona and Tsiatis
  double early_bound = 3;         ///< of Haybittle and Peto
  Spending alpha_spending = {};   ///< with BoundaryShape::spending; its total is alpha (a two-sided design spends half a side)
  /// Futility on the Z scale, one a look before the last (-infinity: none), or by spending beta; one-sided designs only.
  std::vector<double> futility_z = {};
  std::optional<Spending> beta_spending = {};
  /// Binding: the trial must stop for futility, and the efficacy bounds are lowered for that.
  bool binding = false;
};

struct SequentialDesign {
  SequentialPlan plan = {};
  std::vector<double> efficacy_z = {};   ///< one a look
  std::vector<double> futility_z = {};   ///< one a look, -infinity where there is none; the last equals efficacy_z
  std::vector<double> alpha_spent = {};  ///< cumulative, under no effect, futility counted only when binding
  double drift = 0;                      ///< mean of Z at full information that gives the power
  double fixed_drift = 0;                ///< the same for a trial with one look
  /// Maximum information over that of a trial with one look.
  double inflation() const { return drift * drift / (fixed_drift * fixed_drift); }
};

/// What happens at a given drift.
struct OperatingCharacteristics {
  std::vector<double> stop_above;   ///< P(stop above the upper bound at this look): efficacy
  std::vector<double> stop_below;   ///< P(stop below the lower bound): futility, or the other side of a two-sided design
  double power = 0;                 ///< P(efficacy at any look): sum of stop_above, and of stop_below with two_sided_power
  double expected_information = 0;  ///< mean fraction of the maximum at which the trial ends
};

/// Solves for the bounds and the drift. Throws InputError for a plan that cannot be: fractions that do not rise, an
/// error probability outside (0, 1), futility on a two-sided design, futility above efficacy.
SequentialDesign make_sequential_design(const SequentialPlan& plan);

/// With the futility bounds obeyed, whether binding or not.
OperatingCharacteristics operating_characteristics(const SequentialDesign& design, double drift);

/// P(efficacy at a later look | look `look` (from 0) had statistic z and the trial went on), at a drift. With the
/// drift z / sqrt(t) this is the conditional power under the current trend.
double conditional_power(const SequentialDesign& design, std::size_t look, double z, double drift);

}  // namespace coley::statistics
