// SPDX-License-Identifier: Apache-2.0
#pragma once
// From draws to a person with a tumour, and from the state of that tumour to what pathology and staging report. T stage,
// grade, necrosis and performance are earned from size, growth, invasion, burden and age, never drawn on their own.

#include "population/lesions.hpp"
#include "population/patient.hpp"

namespace coley {

/// Number of cells from which a primary is followed.
inline constexpr double kFirstCells = 1e8;

/// A primary that the immune system has driven from there below this number of cells (2.7 mm) is held for good: in oscillations
/// that no staging would see, or dying out. Whoever is ill by its metastases then has no tumour of the kidney to be found
/// (docs/decisions/0035).
inline constexpr double kHeldCells = 1e7;

/// Draws who a new candidate is.
void draw_person(const Disease& disease, Patient& patient);

/// Draws the biology of a person that was drawn: first how the tumour grows and spreads, by which many are seen to be of no group
/// that is asked for (population/prospects.hpp), then how it answers to immunity and drugs.
class TraitDraws {
 public:
  TraitDraws(const Disease& disease, Patient& patient);
  void draw_growth();
  void draw_answers();

 private:
  double deviate(std::size_t trait);

  const Disease& disease_;
  Patient& patient_;
  const HistologyTraits& kind_;
  Stream draw_;
  std::array<double, kCorrelated.size()> independent_{};
  std::size_t drawn_ = 0;
};

/// The blood of a person at this suppression, with or without bone metastases. It moves with suppression one way, and its noise is
/// the person's for life.
Laboratory blood(const Disease& disease, const Patient& patient, double Q, bool bone);

/// T stage, grade and necrosis of a primary of this size; the first two rise with size where invasion_size and grade_size do.
Pathology grade_primary(const Disease& disease, const Patient& patient, double size_mm);

/// Groups of KEYNOTE-564: intermediate-high is pT2 of grade 4 or sarcomatoid, or pT3, N0 M0; high is pT4 or N+, M0; M1
/// with no evidence of disease is few metastases taken out with the kidney or within a year.
RiskGroup risk_group(const Pathology& pathology, bool sarcomatoid);

/// The states and inputs of a drawn candidate's tumour of 10^8 cells, the start of the natural history.
void begin_natural_history(const solver::LaneView& lane, const Disease& disease, Patient& patient);

/// Reads the lane on the day the disease is found: stage, grade, necrosis, lesions seen, ECOG, risk group and Leibovich score.
void diagnose(const solver::LaneView& lane, const Disease& disease, Patient& patient, const ScanError& imaging);

/// Blood and weight as they are now.
void take_blood(const solver::LaneView& lane, const Disease& disease, Patient& patient);

/// Looks at the patient anew, at entry to a trial of metastatic disease: ECOG and blood as they are now.
void examine(const solver::LaneView& lane, const Disease& disease, Patient& patient);

}  // namespace coley
