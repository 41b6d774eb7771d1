// SPDX-License-Identifier: Apache-2.0
#pragma once
// Events, patients and duration of a two-arm trial compared by the log-rank test, fixed or group-sequential. Numbers are
// not rounded; a hazard ratio is treated against control.

#include <vector>

#include "statistics/event_prediction.hpp"
#include "statistics/sequential_design.hpp"

namespace coley::statistics {

enum class EventsFormula {
  schoenfeld,     ///< asymptotic log-rank: information is events x share x (1 - share); Schoenfeld 1981
  freedman,       ///< exact expectation of the log-rank score at balance; Freedman 1982
  hsieh_freedman  ///< Freedman for any allocation; Hsieh 1992
};

/// Events a test of one look needs: `z_sum` is z(1 - alpha) + z(power), `allocation` treated per control.
/// Throws InputError when the ratio equals the one under the null hypothesis, which no trial can tell apart.
double required_events(double hazard_ratio, double z_sum, double allocation = 1,
                       EventsFormula formula = EventsFormula::schoenfeld, double null_ratio = 1);

/// Events for one-sided alpha and a power, when `treated_share` of the patients are on treatment.
double schoenfeld_events(double hazard_ratio, double alpha, double power, double treated_share = 0.5);

/// Power of the log-rank test with that many events (Schoenfeld), one look, one-sided alpha.
double schoenfeld_power(double hazard_ratio, double events, double alpha, double treated_share = 0.5);

struct SurvivalQuestion {
  double hazard_ratio = 0.7;  ///< to be detected; treated hazards of the trial follow from it or are given apart
  double null_ratio = 1;      ///< 1 for superiority, the margin for non-inferiority
  EventsFormula formula = EventsFormula::schoenfeld;
};

struct SurvivalTrialSize {
  double events_fixed = 0;                  ///< of a trial with one look
  double patients_fixed = 0;
  double max_events = 0;
  double patients = 0;
  std::vector<double> events_by_look;
  std::vector<double> time_by_look;         ///< calendar time, expected
  std::vector<double> critical_ratio;       ///< observed hazard ratio at the efficacy bound of each look
  double follow_up = 0;                     ///< after the last entry
  double expected_events = 0;               ///< under the hazard ratio to be detected, early stopping counted
  double expected_duration = 0;
};

/// Patients for a given follow-up after the end of accrual.
SurvivalTrialSize size_for_follow_up(const SequentialDesign& design, const SurvivalQuestion& question,
                                     const TwoArmAccrual& trial, double follow_up);

/// Follow-up for a given number of patients.
SurvivalTrialSize size_for_patients(const SequentialDesign& design, const SurvivalQuestion& question,
                                    const TwoArmAccrual& trial, double patients);

/// Patients when they enter at the intensities of the accrual, whose last piece is ended or prolonged until there are
/// enough, and are followed for `follow_up` after that. The accrual must come as patients per time.
SurvivalTrialSize size_for_intensity(const SequentialDesign& design, const SurvivalQuestion& question,
                                     const TwoArmAccrual& trial, double follow_up);

}  // namespace coley::statistics
