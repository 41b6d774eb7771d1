// SPDX-License-Identifier: Apache-2.0
#include "population/candidate.hpp"

#include <algorithm>
#include <cmath>

#include "core/units.hpp"
#include "observation/scan.hpp"
#include "population/performance.hpp"
#include "population/prognosis.hpp"

namespace coley {

using biology::Inputs;
using biology::input_index;
using biology::kLesions;
using biology::State;

void draw_person(const Disease& disease, Patient& patient) {
  Stream draw = patient.draws.stream(Purpose::person);
  Person& p = patient.person;
  p.age = std::clamp(disease.age.at(draw.normal()), 18.0, 95.0);
  p.male = draw.uniform() < disease.male;
  p.weight_kg = std::clamp(disease.body_weight.at(draw.normal()) * (p.male ? 1.05 : 0.9), 35.0, 220.0);
  p.histology = disease.histologies[draw.uniform() < disease.histologies[0].share ? 0 : 1].histology;
  p.sarcomatoid = draw.uniform() < disease.sarcomatoid;
  p.health = disease.health.at(draw.normal());
}

TraitDraws::TraitDraws(const Disease& disease, Patient& patient)
    : disease_(disease),
      patient_(patient),
      kind_(disease.histologies[patient.person.histology == disease.histologies[0].histology ? 0 : 1]),
      draw_(patient.draws.stream(Purpose::biology)) {}

/// In the order of kCorrelated, with the table's correlations: the mixing is lower triangular.
double TraitDraws::deviate(std::size_t trait) {
  for (; drawn_ <= trait; ++drawn_) independent_[drawn_] = draw_.normal();
  double result = 0;
  for (std::size_t j = 0; j <= trait; ++j) result += disease_.mixing[trait][j] * independent_[j];
  return result;
}

void TraitDraws::draw_growth() {
  const Person& person = patient_.person;
  TumourTraits& t = patient_.traits;
  t.gamma = disease_.gamma.at(deviate(0)) * (person.sarcomatoid ? disease_.sarcomatoid_gamma : 1.0);
  const double diameter = std::clamp(disease_.d_dx.at(deviate(1)), 1.0, 25.0) * 10.0;
  t.found_at = volume_cm3(diameter);
  t.capacity = std::log(t.found_at * kCellsPerCm3) + std::clamp(disease_.gap.at(deviate(2)), 0.25, 6.0);
  t.invasiveness = deviate(3);
  t.mu = disease_.mu.at(t.invasiveness) * kind_.mu;
}

void TraitDraws::draw_answers() {
  const Person& person = patient_.person;
  TumourTraits& t = patient_.traits;
  t.iota = disease_.iota.at(deviate(4)) * kind_.iota * (person.sarcomatoid ? disease_.sarcomatoid_iota : 1.0);
  t.a = disease_.a.at(deviate(5));
  t.pi = disease_.pi.at(deviate(6), person.sarcomatoid ? disease_.sarcomatoid_pi : 0.0);
  t.lambda_W = disease_.lambda_W.at(deviate(7));
  t.tki_scale = disease_.tki_scale.at(deviate(8)) * kind_.tki;
  t.pk_clearance = disease_.pk_clearance.at(deviate(9));
  t.pk_volume = disease_.pk_volume.at(deviate(10));
}

void begin_natural_history(const solver::LaneView& lane, const Disease& disease, Patient& patient) {
  for (int k = 0; k < State::count; ++k) lane.state(k) = 0;
  for (int k = 0; k < biology::kInputs; ++k) lane.input(k) = 0;

  const TumourTraits& t = patient.traits;
  Stream draw = patient.draws.stream(Purpose::primary);
  for (int slot = 0; slot < kLesions; ++slot) {
    // harmless values for slots without a lesion: every equation stays finite
    lane.input(input_index(&Inputs<double>::extinct_at, slot)) = kNever;
  }
  place_lesion(lane, disease, patient, 0, disease.primary, kFirstCells, draw.exponential());
  lane.input(input_index(&Inputs<double>::gamma)) = t.gamma;
  lane.input(input_index(&Inputs<double>::capacity)) = t.capacity;
  lane.input(input_index(&Inputs<double>::lytic)) = disease.k_c * t.iota * disease.ell.at(draw.normal());
  patient.lesions[0].scar = std::min(0.2, disease.phi.at(draw.normal()));

  lane.state(State::C) = 0.1;
  lane.state(State::M) = 0.1;
  lane.state(State::R) = 1;
  lane.state(State::A) = disease.constants.delta_a * kFirstCells / kCellsPerCm3 / disease.constants.k_A;  // (8), at rest
  lane.input(input_index(&Inputs<double>::a)) = t.a;
  lane.input(input_index(&Inputs<double>::pi)) = t.pi;
  lane.input(input_index(&Inputs<double>::mu)) = t.mu;
  lane.input(input_index(&Inputs<double>::lambda_W)) = t.lambda_W;
  lane.input(input_index(&Inputs<double>::growth)) = 1;
  lane.input(input_index(&Inputs<double>::pd1_ec50)) = 1;
  lane.input(input_index(&Inputs<double>::pd1_limit)) = 1;
  lane.input(input_index(&Inputs<double>::ctla4_ec50)) = 1;
  lane.input(input_index(&Inputs<double>::dying_at)) = kNever;
  lane.input(input_index(&Inputs<double>::found_at)) = t.found_at;
  lane.input(input_index(&Inputs<double>::held_below)) = std::log(kHeldCells);
  await_first_founder(lane, disease, patient);
}

namespace {

/// Which lesions staging shows. A regional node counts as N+, everything else away from the primary as metastasis.
void stage(const solver::LaneView& lane, Patient& patient, const ScanError& imaging) {
  Pathology& path = patient.pathology;
  path.node_positive = false;
  path.metastases = 0;
  bool resectable = true;
  patient.lesions[0].known = true;
  for (int slot = 1; slot < kLesions; ++slot) {
    Lesion& lesion = patient.lesions[static_cast<std::size_t>(slot)];
    const double diameter = diameter_mm(lesion_volume(lane, slot));
    if (diameter <= 0) continue;
    lesion.known = patient.draws.stream(Purpose::staging, static_cast<std::uint64_t>(slot)).uniform() <
                   detection_probability(diameter, lesion.organ, imaging);
    // regional nodes are examined under the microscope when they are taken out: 2 mm is enough
    if (lesion.regional) {
      path.node_positive = path.node_positive || lesion.known || diameter >= 2;
      continue;
    }
    if (!lesion.known) continue;
    ++path.metastases;
    resectable = resectable && lesion.organ != Organ::bone && lesion.organ != Organ::brain;
  }
  path.resectable_metastases = path.metastases > 0 && path.metastases <= 3 && resectable;
}

Laboratory blood(const Disease& disease, const Patient& patient, double Q, bool bone, Stream& draw) {
  Laboratory blood;
  blood.haemoglobin = disease.haemoglobin.at(draw.normal()) + (patient.person.male ? 0.7 : -0.7) + disease.haemoglobin_Q * Q;
  blood.calcium = disease.calcium.at(draw.normal()) + (bone ? disease.calcium_Q * Q : 0.0);
  blood.neutrophils = disease.neutrophils.at(draw.normal()) + disease.neutrophils_Q * Q;
  blood.platelets = disease.platelets.at(draw.normal()) + disease.platelets_Q * Q;
  blood.ldh = disease.ldh.at(draw.normal()) * (1 + disease.ldh_Q * Q);
  return blood;
}

}  // namespace

void take_blood(const solver::LaneView& lane, const Disease& disease, Patient& patient) {
  const double Q = lane.state(State::Q);
  bool bone = false;
  for (int slot = 1; slot < kLesions; ++slot) {
    const Lesion& lesion = patient.lesions[static_cast<std::size_t>(slot)];
    bone = bone || (lesion_volume(lane, slot) > 0 && lesion.known && lesion.organ == Organ::bone);
  }
  Stream draw = patient.draws.stream(Purpose::laboratory);
  patient.laboratory = blood(disease, patient, Q, bone, draw);
  patient.weight_loss = draw.uniform() < logistic(disease.weight_loss_0 + disease.weight_loss_Q * Q);
}

Pathology grade_primary(const Disease& disease, const Patient& patient, double size_mm) {
  Stream draw = patient.draws.stream(Purpose::pathology);
  const double size = std::log(size_mm / 70.0);
  const double growth = std::log(patient.traits.gamma / disease.gamma.value);
  const double invasiveness = patient.traits.invasiveness;
  const double invasion = draw.uniform(), neighbour = draw.uniform();
  Pathology path;
  path.size_mm = size_mm;
  path.t1a = size_mm <= 40;
  path.t_stage = size_mm <= 70 ? 1 : 2;
  if (invasion < logistic(disease.invasion_0 + disease.invasion_size * size + disease.invasion_growth * growth +
                          disease.invasion_spread * invasiveness)) {
    path.t_stage = neighbour < disease.invasion_t4 ? 4 : 3;
    path.t1a = false;
  }
  // thresholds of the latent grade: 12 % G1, 45 % G2, 33 % G3, 10 % G4 at median size and growth [assumed]
  const double latent = disease.grade_size * size + disease.grade_growth * growth + disease.grade_spread * invasiveness + draw.normal();
  path.grade = latent < -1.175 ? 1 : latent < 0.176 ? 2 : latent < 1.282 ? 3 : 4;
  if (patient.person.sarcomatoid) path.grade = 4;
  path.necrosis = draw.uniform() < logistic(disease.necrosis_0 + disease.necrosis_size * size + disease.necrosis_growth * growth +
                                           disease.necrosis_spread * invasiveness);
  return path;
}

RiskGroup risk_group(const Pathology& path, bool sarcomatoid) {
  if (path.metastases > 0) return path.resectable_metastases ? RiskGroup::m1_ned : RiskGroup::metastatic;
  if (path.node_positive || path.t_stage == 4) return RiskGroup::high;
  if (path.t_stage == 3) return RiskGroup::intermediate_high;
  if (path.t_stage == 2 && (path.grade == 4 || sarcomatoid)) return RiskGroup::intermediate_high;
  return RiskGroup::low;
}

Laboratory blood(const Disease& disease, const Patient& patient, double Q, bool bone) {
  Stream draw = patient.draws.stream(Purpose::laboratory);
  return blood(disease, patient, Q, bone, draw);
}

void diagnose(const solver::LaneView& lane, const Disease& disease, Patient& patient, const ScanError& imaging) {
  patient.pathology = grade_primary(disease, patient, std::round(diameter_mm(lesion_volume(lane, 0))));
  stage(lane, patient, imaging);
  patient.ecog = ecog_grade(performance_latent(lane, disease, own_fitness(patient), patient.person.age));
  patient.leibovich_score = leibovich_score(patient.pathology);
  patient.risk = risk_group(patient.pathology, patient.person.sarcomatoid);
}

void examine(const solver::LaneView& lane, const Disease& disease, Patient& patient) {
  patient.ecog = ecog_grade(performance_latent(lane, disease, own_fitness(patient), patient.person.age));
  take_blood(lane, disease, patient);
}

}  // namespace coley
