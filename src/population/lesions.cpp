// SPDX-License-Identifier: Apache-2.0
#include "population/lesions.hpp"

#include <cmath>

#include "core/units.hpp"

namespace coley {

using biology::Inputs;
using biology::input_index;
using biology::kLesions;
using biology::State;

namespace {

double& input(const solver::LaneView& lane, double (Inputs<double>::*member)[kLesions], int slot) {
  return lane.input(input_index(member, slot));
}

Organ draw_organ(const Disease& disease, double uniform) {
  for (std::size_t o = 0; o < kOrgans; ++o) {
    if (uniform <= disease.site[o]) return static_cast<Organ>(o);
  }
  return Organ::lung;
}

int free_slot(const solver::LaneView& lane) {
  for (int slot = 1; slot < kLesions; ++slot) {
    if (input(lane, &Inputs<double>::alive, slot) == 0.0) return slot;
  }
  return -1;
}

double founder_wait(const Patient& patient) { return patient.draws.stream(Purpose::seeding, patient.founders).exponential(); }

/// A slot has become free. Founders are due at cumulative intensities that are the patient's own, whether or not there was a
/// slot for them: those that came in vain are passed over, and the next does not hang on the moment at which the slot freed.
void await_founder(const solver::LaneView& lane, Patient& patient) {
  double due = 0;
  const std::uint32_t lodged = patient.founders;
  for (patient.founders = 0; patient.founders < lodged; ++patient.founders) due += founder_wait(patient);
  for (due += founder_wait(patient); due <= lane.state(State::seeding); due += founder_wait(patient)) ++patient.founders;
  lane.input(input_index(&Inputs<double>::seeding_at)) = due;
}
}  // namespace

double extinction_threshold(double n0, double xi) { return 1.0 / (n0 * -std::expm1(-xi / n0)); }

double lesion_volume(const solver::LaneView& lane, int slot) {
  return input(lane, &Inputs<double>::alive, slot) == 0.0 ? 0.0 : std::exp(lane.state(State::x + slot)) * 1e-9;
}

void place_lesion(const solver::LaneView& lane, const Disease& disease, Patient& patient, int slot, Organ organ, double cells,
                  double xi) {
  const auto o = static_cast<std::size_t>(organ);
  patient.lesions[static_cast<std::size_t>(slot)] = Lesion{organ, false, false, 0, 0};
  lane.state(State::x + slot) = std::log(cells);
  lane.state(State::E + slot) = 0;
  lane.state(State::g + slot) = 0;
  input(lane, &Inputs<double>::alive, slot) = 1;
  input(lane, &Inputs<double>::homing, slot) = disease.q_0 * disease.homing[o];
  input(lane, &Inputs<double>::weight, slot) = disease.lethality[o];
  input(lane, &Inputs<double>::extinct_at, slot) = extinction_threshold(cells, xi);
}

void lodge_founder(const solver::LaneView& lane, const Disease& disease, Patient& patient) {
  const int slot = free_slot(lane);
  Stream draw = patient.draws.stream(Purpose::founder, patient.founders);
  ++patient.founders;
  const Organ organ = draw_organ(disease, draw.uniform());
  const double xi = draw.exponential();
  place_lesion(lane, disease, patient, slot, organ, 1.0, xi);
  input(lane, &Inputs<double>::gamma, slot) = patient.traits.gamma * disease.gamma_lesion.at(draw.normal());
  input(lane, &Inputs<double>::capacity, slot) = patient.traits.capacity + disease.gap_lesion.at(draw.normal());
  input(lane, &Inputs<double>::lytic, slot) = disease.k_c * patient.traits.iota * disease.ell.at(draw.normal());
  Lesion& lesion = patient.lesions[static_cast<std::size_t>(slot)];
  lesion.scar = std::min(0.2, disease.phi.at(draw.normal()));
  lesion.regional = organ == Organ::node && draw.uniform() < disease.regional_node;
  double& due = lane.input(input_index(&Inputs<double>::seeding_at));
  due = free_slot(lane) < 0 ? kNever : due + founder_wait(patient);
}

void remove_lesion(const solver::LaneView& lane, Patient& patient, int slot) {
  input(lane, &Inputs<double>::alive, slot) = 0;
  lane.state(State::x + slot) = 0;
  lane.state(State::E + slot) = 0;
  lane.state(State::g + slot) = 0;
  if (slot > 0 && lane.input(input_index(&Inputs<double>::seeding_at)) == kNever) await_founder(lane, patient);
}

int remove_extinct(const solver::LaneView& lane, Patient& patient) {
  int removed = 0;
  for (int slot = 0; slot < kLesions; ++slot) {
    if (input(lane, &Inputs<double>::alive, slot) == 0.0) continue;
    const double x = lane.state(State::x + slot), g = lane.state(State::g + slot);
    if (biology::past_extinction(x, g, input(lane, &Inputs<double>::extinct_at, slot)) > 0) {
      remove_lesion(lane, patient, slot);
      ++removed;
    }
  }
  return removed;
}

}  // namespace coley
