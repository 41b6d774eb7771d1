// SPDX-License-Identifier: Apache-2.0
#include "trial/tally.hpp"

#include "core/error.hpp"

namespace coley {

ArmCounts& ArmCounts::operator+=(const ArmCounts& other) {
  randomised += other.randomised;
  next_line += other.next_line;
  withdrawn += other.withdrawn;
  grade3plus += other.grade3plus;
  drug_toxicity += other.drug_toxicity;
  treatment_death += other.treatment_death;
  deaths_disease += other.deaths_disease;
  deaths_other += other.deaths_other;
  operated += other.operated;
  unresectable += other.unresectable;
  transabdominal += other.transabdominal;
  second_procedure += other.second_procedure;
  perioperative_death += other.perioperative_death;
  complete_resection += other.complete_resection;
  eligible_after_surgery += other.eligible_after_surgery;
  for (std::size_t i = 0; i < treatment.size(); ++i) treatment[i] += other.treatment[i];
  not_operated += other.not_operated;
  lost_after_surgery += other.lost_after_surgery;
  retreated += other.retreated;
  durable_complete += other.durable_complete;
  responses_treated += other.responses_treated;
  measurable_treated += other.measurable_treated;
  for (std::size_t i = 0; i < unfit.size(); ++i) unfit[i] += other.unfit[i];
  for (std::size_t i = 0; i < best.size(); ++i) best[i] += other.best[i];
  return *this;
}

TwinCounts& TwinCounts::operator+=(const TwinCounts& other) {
  if (histogram.size() != other.histogram.size() || groups.size() != other.groups.size()) bug("twins of different trials added up");
  for (std::size_t i = 0; i < histogram.size(); ++i) histogram[i] += other.histogram[i];
  for (std::size_t i = 0; i < groups.size(); ++i) {
    groups[i].n += other.groups[i].n;
    groups[i].sum += other.groups[i].sum;
    groups[i].squares += other.groups[i].squares;
    groups[i].better += other.groups[i].better;
    groups[i].worse += other.groups[i].worse;
  }
  return *this;
}

QualityCounts& QualityCounts::operator+=(const QualityCounts& other) {
  if (patients.size() != other.patients.size() || utility.size() != other.utility.size()) bug("qualities of life of different trials added up");
  for (std::size_t i = 0; i < patients.size(); ++i) {
    patients[i] += other.patients[i];
    utility[i] += other.utility[i];
  }
  return *this;
}

Tally& Tally::operator+=(const Tally& other) {
  if (views.size() != other.views.size() || arms.size() != other.arms.size() || quality.size() != other.quality.size() || baseline.size() != other.baseline.size()) bug("tallies of different trials added up");
  for (std::size_t i = 0; i < views.size(); ++i) views[i] += other.views[i];
  for (std::size_t i = 0; i < arms.size(); ++i) arms[i] += other.arms[i];
  for (std::size_t i = 0; i < quality.size(); ++i) quality[i] += other.quality[i];
  for (std::size_t i = 0; i < twins.size(); ++i) twins[i] += other.twins[i];
  for (std::size_t i = 0; i < baseline.size(); ++i) baseline[i] += other.baseline[i];
  screening += other.screening;
  failed += other.failed;
  natural_history += other.natural_history;
  courses += other.courses;
  return *this;
}

}  // namespace coley
