// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many events a trial has seen at a calendar time, when patients enter at piecewise constant rates and have
// piecewise constant hazards of the event and of dropping out. In closed form; times in any one unit.

#include <vector>

namespace coley::statistics {

/// Hazard rates[i] from starts[i] to starts[i + 1], the last without end. starts[0] = 0, rising.
struct PiecewiseHazard {
  std::vector<double> starts = {0.0};
  std::vector<double> rates;
};

/// What happens to a patient of one arm. Dropping out competes with the event and ends observation.
struct ArmHazards {
  PiecewiseHazard event;
  double dropout = 0;  ///< hazard
};

/// Patients enter at intensity[i], in patients per time, between times[i] and times[i + 1].
struct Accrual {
  std::vector<double> times;        ///< rising, one more than intensities
  std::vector<double> intensities;  ///< 0 or more
  double patients() const;
  double duration() const { return times.back(); }
};

/// Constant hazard with the given median.
PiecewiseHazard hazard_of_median(double median);
/// Hazard of dropping out when a share `rate` in [0, 1) has left by `time`.
double dropout_hazard(double rate, double time);

/// P(event seen within x of entry).
double event_probability(const ArmHazards& arm, double x);

/// Mean share of all patients ever accrued whose event is seen by calendar `time`: 0 before any entry.
/// Throws InputError for hazards or accrual outside their domain.
double event_share(const ArmHazards& arm, const Accrual& accrual, double time);

/// A two-arm trial; `allocation` is patients on treatment per patient on control.
struct TwoArmAccrual {
  ArmHazards treated;
  ArmHazards control;
  double allocation = 1;
  Accrual accrual;
};

/// Mean share of the patients of both arms with an event by calendar `time`.
double event_share(const TwoArmAccrual& trial, double time);

/// Calendar time at which `events` are expected among `patients` (entering in the proportions of the accrual).
/// Throws InputError when they never are, naming the number that can be reached.
double time_of_events(const TwoArmAccrual& trial, double patients, double events);

}  // namespace coley::statistics
