// SPDX-License-Identifier: Apache-2.0
#include "course/irradiation.hpp"

#include <algorithm>
#include <cmath>

#include "population/lesions.hpp"
#include "treatment/radiotherapy.hpp"

namespace coley {

using biology::kLesions;
using biology::State;

std::vector<Pulse> pulses_of(const std::vector<Radiotherapy>& plans) {
  constexpr int a_week = 5;
  std::vector<Pulse> pulses;
  for (std::size_t plan = 0; plan < plans.size(); ++plan) {
    for (int done = 0; done < plans[plan].fractions; done += a_week) {
      pulses.push_back({plans[plan].day + 7.0 * (done / a_week), plan, std::min(a_week, plans[plan].fractions - done), done == 0});
    }
  }
  std::stable_sort(pulses.begin(), pulses.end(), [](const Pulse& a, const Pulse& b) { return a.day < b.day; });
  return pulses;
}

std::uint8_t choose_lesions(const solver::LaneView& lane, const Patient& patient, const Radiotherapy& plan) {
  std::vector<std::pair<double, int>> candidates;  // volume, slot
  for (int slot = 0; slot < kLesions; ++slot) {
    const Lesion& lesion = patient.lesions[static_cast<std::size_t>(slot)];
    const std::string organ(kOrganNames[static_cast<std::size_t>(lesion.organ)]);
    const bool here = plan.sites.empty() || std::find(plan.sites.begin(), plan.sites.end(), organ) != plan.sites.end();
    const double volume = lesion_volume(lane, slot);
    if (lesion.known && here && volume > 0) candidates.emplace_back(-volume, slot);
  }
  std::sort(candidates.begin(), candidates.end());
  unsigned slots = 0;
  for (std::size_t i = 0; i < candidates.size() && i < static_cast<std::size_t>(plan.lesions); ++i) slots |= 1u << candidates[i].second;
  return static_cast<std::uint8_t>(slots);
}

void irradiate(const solver::LaneView& lane, const Disease& disease, Patient& patient, std::uint8_t slots, int fractions, double dose_gy,
               double blocked) {
  const double alpha = disease.alpha_RT.at(patient.draws.stream(Purpose::radiosensitivity).normal());
  const double kill = treatment::log_kill(fractions, dose_gy, alpha, disease.alpha_beta);
  for (int slot = 0; slot < kLesions; ++slot) {
    const double volume = lesion_volume(lane, slot);
    if (!(slots >> slot & 1) || volume <= 0) continue;
    lane.state(State::x + slot) -= kill;
    lane.state(State::E + slot) *= std::exp(-disease.a_T * fractions * dose_gy);
    lane.state(State::A) += disease.w_RT * (1 + disease.rt_synergy * blocked) * volume * -std::expm1(-kill);
  }
  remove_extinct(lane, disease, patient);
}

}  // namespace coley
