// SPDX-License-Identifier: Apache-2.0
#pragma once
// What happened to one patient on one arm, in whole days after randomisation; kNoDay where it did not happen before the
// end of follow-up. Endpoints are derived from this and from nothing else.

#include <cstdint>

#include "observation/response.hpp"

namespace coley {

inline constexpr int kNoDay = -1;

enum class DeathCause : std::uint8_t { none, disease, background, toxicity, operation };

struct Outcome {
  int arm = 0;
  int follow_up_day = 0;      ///< end of simulated follow-up
  int death_day = kNoDay;
  DeathCause death_cause = DeathCause::none;
  int withdrawal_day = kNoDay;
  int recurrence_day = kNoDay;   ///< adjuvant entry: scan that first shows disease
  int progression_day = kNoDay;  ///< metastatic entry: RECIST 1.1 on the arm's treatment
  int last_scan_day = 0;         ///< last scan without recurrence or progression, 0 before the first
  int first_dose_day = kNoDay;
  int last_dose_day = kNoDay;
  int doses = 0;
  bool completed = false;             ///< every planned dose was given
  bool stopped_for_toxicity = false;
  bool stopped_for_progression = false;
  int toxicity_day = kNoDay;    ///< first grade 3+ event of a study drug
  int adverse_day = kNoDay;     ///< first grade 3+ event of any cause while on study treatment or within 30 days of it
  int next_line_day = kNoDay;   ///< start of the first treatment after recurrence or progression
  std::int8_t later_treatment = -1;  ///< index into Protocol::later, -1 none
  Response best_response = Response::NE;  ///< metastatic entry, confirmed
  bool measurable = false;
  int response_day = kNoDay;
  int complete_response_day = kNoDay;
  bool failed = false;  ///< could not be integrated; counted, and left out of every endpoint

  bool operator==(const Outcome&) const = default;
};

}  // namespace coley
