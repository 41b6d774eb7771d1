// SPDX-License-Identifier: Apache-2.0
#pragma once
// Everything that is counted in a trial, as whole numbers: tallies of trials, threads, shards add up exactly in any order,
// and memory does not grow with patients. Estimates are made from the sum at the end.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "endpoints/endpoints.hpp"
#include "population/enrolment.hpp"
#include "statistics/day_counts.hpp"

namespace coley {

/// An endpoint at a data cut-off, for all patients or for one level of a covariate.
struct View {
  EndpointKind endpoint = EndpointKind::OS;
  std::string endpoint_name;
  std::string cutoff;
  double cutoff_day = 0;  ///< after the first patient
  std::string covariate;  ///< "" is all patients
  int level = -1;
};

/// A complete response is called durable when no progression came within two years of it.
inline constexpr int kDurableDays = 730;

/// Counts of one arm.
struct ArmCounts {
  long long randomised = 0, next_line = 0, withdrawn = 0;
  long long grade3plus = 0, drug_toxicity = 0, treatment_death = 0, deaths_disease = 0, deaths_other = 0;
  long long operated = 0, unresectable = 0, transabdominal = 0, second_procedure = 0, perioperative_death = 0, complete_resection = 0;
  long long eligible_after_surgery = 0, not_operated = 0, lost_after_surgery = 0, retreated = 0;
  std::array<long long, kTreatmentEnds> treatment{};  ///< by TreatmentEnd
  std::array<long long, 6> unfit{};  ///< by Unfit
  std::array<long long, 6> best{};   ///< CR, PR, SD, PD, NE, not measurable
  long long durable_complete = 0;    ///< complete responses that lasted kDurableDays
  long long responses_treated = 0, measurable_treated = 0;  ///< of those who began study drugs
  long long ended(TreatmentEnd how) const { return treatment[static_cast<std::size_t>(how)]; }
  long long started() const { return randomised - ended(TreatmentEnd::not_started); }
  ArmCounts& operator+=(const ArmCounts& other);
};

/// Individual benefit of one comparison, in whole days.
struct TwinCounts {
  int horizon_day = 0;
  std::vector<long long> histogram;  ///< index benefit + horizon
  struct Group {
    long long n = 0, sum = 0, squares = 0, better = 0, worse = 0;
  };
  std::vector<Group> groups;  ///< by covariate and level, in order of Design::twin_groups
  TwinCounts& operator+=(const TwinCounts& other);
};

/// Of those followed alive at 0, 1, 2, ... months in an arm: how many, and the sum of their utilities in parts of kUtilityParts.
struct QualityCounts {
  std::vector<long long> patients, utility;
  QualityCounts& operator+=(const QualityCounts& other);
};

struct Tally {
  std::vector<statistics::DayCounts> views;  ///< by Design::views; groups are arms
  std::vector<ArmCounts> arms;
  std::vector<QualityCounts> quality;        ///< by arm
  std::vector<TwinCounts> twins;
  std::vector<long long> baseline;  ///< patients by Design::baseline, level by level, then by organ with disease
  ScreeningCount screening;
  long long failed = 0;
  solver::Work natural_history, courses;
  Tally& operator+=(const Tally& other);
};

}  // namespace coley
