// SPDX-License-Identifier: Apache-2.0
#include "population/operation.hpp"

#include <algorithm>
#include <cmath>

#include "population/lesions.hpp"

namespace coley {

double unresectable(const Disease& disease, const Patient& patient, double size_mm) {
  return logistic(disease.unresectable_0 + disease.unresectable_size * std::log(size_mm / 80) +
                  (patient.pathology.t_stage == 4 ? disease.unresectable_t4 : 0.0));
}

double perioperative_death(const Disease& disease, const Patient& patient, bool metastatic) {
  return logistic(disease.perioperative_0 + disease.perioperative_age * (patient.person.age - 60) +
                  disease.perioperative_ecog * patient.ecog + (metastatic ? disease.perioperative_metastatic : 0.0));
}

double death_at_metastasectomy(const Disease& disease, const Patient& patient) {
  return logistic(disease.metastasectomy_death_0 + disease.perioperative_age * (patient.person.age - 60) + disease.perioperative_ecog * patient.ecog);
}

double second_procedure(const Disease& disease, const Patient& patient, double size_mm) {
  return logistic(disease.second_procedure_0 + disease.second_procedure_size * std::log(size_mm / 80) +
                  (patient.pathology.t_stage >= 3 ? disease.second_procedure_t3 : 0.0));
}

void take_out_primary(const solver::LaneView& lane, const Disease& disease, Patient& patient, Stream& draw) {
  const double residual_cells = disease.residual_cells.at(draw.normal());
  const bool residue = draw.uniform() < disease.residual;
  const double xi = draw.exponential();
  remove_lesion(lane, disease, patient, 0);
  for (int slot = 1; slot < biology::kLesions; ++slot) {
    if (lesion_volume(lane, slot) > 0 && patient.lesions[static_cast<std::size_t>(slot)].regional) remove_lesion(lane, disease, patient, slot);
  }
  Lesion& bed = patient.lesions[0];
  bed.known = false;
  bed.largest = 0;
  if (!residue) return;
  const double scar = bed.scar;
  place_lesion(lane, disease, patient, 0, disease.primary, std::max(1.0, residual_cells), xi);
  bed.scar = scar;
}

void add_stress(const solver::LaneView& lane, double level) {
  double& stress = lane.state(biology::State::J);
  stress = std::max(stress, level);
}

}  // namespace coley
