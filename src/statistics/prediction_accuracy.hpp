// SPDX-License-Identifier: Apache-2.0
#pragma once
// How well a marker or a model predicts events by a horizon, when some subjects are censored before it: time-dependent
// ROC (cumulative cases, dynamic controls), Brier score, calibration and decision curve. Censored subjects are made up
// for by inverse probability of censoring weights, with the Kaplan-Meier estimate G of censoring (events first among
// ties); intervals take G as known. Censoring must not depend on the marker.

#include <cstdint>
#include <span>
#include <vector>

#include "statistics/survival_curve.hpp"

namespace coley::statistics {

/// One element a subject. `prediction` is a marker (higher: event sooner) or the predicted probability of an event by
/// the horizon, as the function says.
struct PredictedOutcomes {
  std::span<const double> time;
  std::span<const std::uint8_t> event;
  std::span<const double> prediction;
};

struct RocPoint {
  double cutoff;       ///< positive: marker above it
  double sensitivity;  ///< of cases, those with an event by the horizon
  double specificity;  ///< of controls, those without
};

struct TimeDependentRoc {
  std::vector<RocPoint> points;  ///< by falling cutoff, from nobody positive to everybody
  Estimate auc;                  ///< ties count half; interval by the influence of each subject
  double cases = 0;              ///< weighted
  double controls = 0;
};

/// ROC of a marker for events by `horizon` (Heagerty 2000's cumulative/dynamic definition; weights as Uno 2007 and
/// Hung & Chiang 2010). Throws InputError without a case or a control, and when follow-up ends before the horizon.
TimeDependentRoc time_dependent_roc(const PredictedOutcomes& data, double horizon, double level = 0.95);

struct BrierScore {
  Estimate score;      ///< mean squared distance of predicted probability and outcome; lower is better
  double reference;    ///< of predicting the Kaplan-Meier estimate for everybody
  double explained;    ///< 1 - score / reference
};

/// Brier score of predicted probabilities of an event by `horizon` (Graf et al. 1999). Throws as above, and for a
/// probability outside 0..1.
BrierScore brier_score(const PredictedOutcomes& data, double horizon, double level = 0.95);

/// Mean Brier score over the horizons (trapezoids, divided by their range): predictions[k] are the probabilities of an
/// event by horizons[k], rising. Throws as above, and with fewer than two horizons.
double integrated_brier_score(std::span<const double> time, std::span<const std::uint8_t> event,
                              std::span<const double> horizons, const std::vector<std::vector<double>>& predictions);

struct CalibrationGroup {
  double predicted;   ///< mean predicted probability of the group
  Estimate observed;  ///< 1 - Kaplan-Meier at the horizon, log-log interval
  double subjects;
};

struct Calibration {
  std::vector<CalibrationGroup> groups;  ///< by rising prediction
  Estimate observed_by_expected;         ///< over all subjects; 1 is calibrated in the large
};

/// Predicted against observed probabilities of an event by `horizon` in `groups` groups of about equal size (subjects of
/// equal prediction stay together). Throws as above.
Calibration calibration(const PredictedOutcomes& data, double horizon, int groups = 10, double level = 0.95);

struct NetBenefit {
  double threshold;   ///< probability of an event from which one would treat
  double model;       ///< true positives minus false positives weighted by the odds of the threshold, per subject
  double treat_all;
  double positive;    ///< share of subjects at or above the threshold
};

/// Decision curve for events by `horizon` (Vickers & Elkin 2006; censoring as Vickers et al. 2008, by Kaplan-Meier among
/// the positive). Treating nobody has net benefit 0. Thresholds lie between 0 and 1. Throws as above.
std::vector<NetBenefit> decision_curve(const PredictedOutcomes& data, double horizon, std::span<const double> thresholds);

}  // namespace coley::statistics
