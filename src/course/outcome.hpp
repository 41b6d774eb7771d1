// SPDX-License-Identifier: Apache-2.0
#pragma once
// What happened to one patient on one arm, in whole days after randomisation; kNoDay where it did not happen before the
// end of follow-up. Endpoints are derived from this and from nothing else.

#include <cstdint>
#include <vector>

#include "course/condition.hpp"
#include "course/local_control.hpp"
#include "course/surgery.hpp"
#include "observation/response.hpp"

namespace coley {

inline constexpr int kNoDay = -1;

/// Days after the last dose of study drugs to which adverse events are counted.
inline constexpr double kEventWindow = 30;

/// A death within so many days of an operation is a perioperative one, whatever its cause.
inline constexpr int kPerioperativeDays = 30;

enum class DeathCause : std::uint8_t { none, disease, background, toxicity, operation };

struct Outcome {
  int arm = 0;
  int follow_up_day = 0;      ///< end of simulated follow-up
  int death_day = kNoDay;
  DeathCause death_cause = DeathCause::none;
  int withdrawal_day = kNoDay;
  int recurrence_day = kNoDay;   ///< adjuvant entry: scan that first shows disease
  int progression_day = kNoDay;  ///< metastatic entry: first progression by RECIST 1.1, or iRECIST if the protocol asks for it
  int last_scan_day = 0;         ///< last scan without recurrence or progression, 0 before the first
  int first_dose_day = kNoDay;
  int last_dose_day = kNoDay;  ///< of any study drug
  int doses = 0;     ///< of the arm's first drug that were given
  int withheld = 0;  ///< and that were due and withheld
  int treatment_end_day = kNoDay;     ///< last day of study treatment, for whatever reason; 0 where there was none
  bool completed = false;             ///< every planned dose was given
  bool stopped_for_toxicity = false;
  bool a_drug_stopped = false;  ///< for toxicity, while another went on
  bool stopped_for_progression = false;
  bool stopped_by_plan = false;       ///< an elective stop of every drug
  int operation_day = kNoDay;         ///< first operation of the arm that was carried out
  bool unresectable = false;
  bool transabdominal = false;
  bool second_procedure = false;
  bool complete_resection = false;    ///< every known metastasis was taken out
  bool eligible_after_surgery = false;
  Unfit unfit = Unfit::none;          ///< why systemic treatment was not begun after an operation
  int toxicity_day = kNoDay;    ///< first grade 3+ event of a study drug
  int adverse_day = kNoDay;     ///< first grade 3+ event of any cause while on study treatment or within 30 days of it
  int next_line_day = kNoDay;   ///< start of the first treatment after recurrence or progression, study drugs given again included
  std::int8_t later_treatment = -1;  ///< index into Protocol::later, -1 none
  int retreatment_day = kNoDay;      ///< study treatment begun again at progression after an elective stop
  Response best_response = Response::NE;  ///< metastatic entry, confirmed if the protocol asks for it
  bool measurable = false;                ///< a target lesion at randomisation
  int response_day = kNoDay;              ///< first day of the response that counts
  int complete_response_day = kNoDay;
  int response_end_day = kNoDay;          ///< progression after a response
  int deterioration_day = kNoDay;         ///< first of two visits in a row that find the patient deteriorated (Condition)
  IrradiatedLesions irradiated{};         ///< by slot
  std::vector<std::uint16_t> utilities;   ///< of Condition::take_utilities
  bool failed = false;  ///< could not be integrated; counted, and left out of every endpoint

  bool operator==(const Outcome&) const = default;
};

/// How study treatment ended; who died on it or was lost on it is told from who was still on it when observation ended.
enum class TreatmentEnd : std::uint8_t {
  not_started,
  completed,
  completed_in_part,  ///< of several drugs one had been stopped for toxicity
  plan,
  toxicity,
  progression,
  not_resumed,  ///< after an operation
  death,
  lost,
  ongoing,
};
inline constexpr std::size_t kTreatmentEnds = 10;

inline TreatmentEnd treatment_end(const Outcome& o) {
  if (o.doses == 0) return TreatmentEnd::not_started;
  if (o.stopped_by_plan) return TreatmentEnd::plan;
  if (o.stopped_for_toxicity) return TreatmentEnd::toxicity;
  if (o.stopped_for_progression) return TreatmentEnd::progression;
  if (o.completed) return TreatmentEnd::completed;
  if (o.treatment_end_day != kNoDay) return o.a_drug_stopped ? TreatmentEnd::completed_in_part : TreatmentEnd::not_resumed;
  if (o.death_day != kNoDay) return TreatmentEnd::death;
  return o.withdrawal_day != kNoDay ? TreatmentEnd::lost : TreatmentEnd::ongoing;
}

}  // namespace coley
