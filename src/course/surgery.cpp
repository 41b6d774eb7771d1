// SPDX-License-Identifier: Apache-2.0
#include "course/surgery.hpp"

#include <algorithm>

#include "core/units.hpp"
#include "population/candidate.hpp"
#include "population/lesions.hpp"
#include "population/operation.hpp"

namespace coley {

namespace {
constexpr std::uint64_t kLesionDraws = 64, kRiskOfOperation = 63, kFitnessDraws = 4096;  // sub-addresses of Purpose::surgery
constexpr double kPerioperativeDays = 30;
}  // namespace

NephrectomyReport operate_on_kidney(const solver::LaneView& lane, const Disease& disease, Patient& patient, OperationKind kind,
                                    double fatal_factor) {
  NephrectomyReport report{.death_after = kNever};
  const double size = diameter_mm(lesion_volume(lane, 0));
  Stream draw = patient.draws.on_treatment(Purpose::surgery);
  report.unresectable = draw.uniform() < unresectable(disease, patient, size);
  const double second = draw.uniform(), day_of_death = draw.uniform();
  Stream cut = patient.draws.stream(Purpose::operation);
  if (cut.uniform() < fatal_factor * perioperative_death(disease, patient, patient.pathology.metastases > 0)) report.death_after = kPerioperativeDays * day_of_death;
  report.transabdominal = size >= disease.transabdominal_mm;
  if (report.transabdominal) report.longer_recovery += disease.recovery_transabdominal;
  if (report.unresectable) {
    add_stress(lane, kStressOfSmallerOperation);
    return report;
  }
  report.second_procedure = second < second_procedure(disease, patient, size);
  if (report.second_procedure) report.longer_recovery += disease.recovery_second;
  take_out_primary(lane, disease, patient, cut);
  patient.prior_nephrectomy = true;
  add_stress(lane, kind == OperationKind::nephrectomy ? kStressOfNephrectomy : kStressOfSmallerOperation);
  return report;
}

MetastasectomyReport take_out_metastases(const solver::LaneView& lane, const Disease& disease, Patient& patient, LesionIds& ids,
                                         std::uint64_t operation, double fatal_factor) {
  MetastasectomyReport report{.complete = true, .death_after = kNever};
  const bool primary_in_place = !patient.prior_nephrectomy && lesion_volume(lane, 0) > 0;
  for (int slot = primary_in_place ? 1 : 0; slot < biology::kLesions; ++slot) {
    const auto s = static_cast<std::size_t>(slot);
    Lesion& lesion = patient.lesions[s];
    if (!lesion.known) continue;
    const double u = patient.draws.on_treatment(Purpose::surgery, kLesionDraws * (operation + 1) + s).uniform();
    if (u >= disease.resectable[static_cast<std::size_t>(lesion.organ)]) {
      report.complete = false;
      continue;
    }
    if (lesion_volume(lane, slot) > 0) remove_lesion(lane, disease, patient, slot);
    lesion.known = false;
    lesion.largest = 0;
    ++ids[s];
    ++report.removed;
  }
  if (report.removed == 0) return report;
  add_stress(lane, kStressOfSmallerOperation);
  Stream draw = patient.draws.on_treatment(Purpose::surgery, kLesionDraws * (operation + 1) + kRiskOfOperation);
  const bool dies = draw.uniform() < fatal_factor * death_at_metastasectomy(disease, patient);
  if (dies) report.death_after = kPerioperativeDays * draw.uniform();
  return report;
}

Unfit unfit_for_treatment(const solver::LaneView& lane, const Disease& disease, Patient& patient, const Fitness& rules, const Scan& scan,
                          bool progressed) {
  examine(lane, disease, patient);
  Stream draw = patient.draws.on_treatment(Purpose::surgery, kFitnessDraws);
  const bool comorbid = draw.uniform() < disease.cardiopulmonary, refuses = draw.uniform() < disease.refusal;
  const auto forbidden = [&](const std::string& site) { return shows_disease(scan, *organ_named(site)); };
  if (std::any_of(rules.exclude_sites.begin(), rules.exclude_sites.end(), forbidden)) return Unfit::site;
  if (patient.ecog > rules.ecog_max) return Unfit::performance;
  if (rules.without_progression && progressed) return Unfit::progression;
  if (rules.heart_and_lung && comorbid) return Unfit::comorbidity;
  return refuses ? Unfit::refusal : Unfit::none;
}

}  // namespace coley
