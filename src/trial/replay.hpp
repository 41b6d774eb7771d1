// SPDX-License-Identifier: Apache-2.0
#pragma once
// One patient of a run alone, on every arm with the same draws: the person, the disease at randomisation, and what happened
// on each arm stop by stop. The course on the assigned arm is that of the run, bit for bit, since every draw has an address.

#include <array>
#include <string>
#include <vector>

#include "trial/design.hpp"

namespace coley {

/// One lesion slot.
struct LesionState {
  double diameter_mm = 0;  ///< of the living tumour, true and not as read on a scan; 0 when there is none
  Organ organ = Organ::kidney;
  bool known = false;      ///< has been seen on a scan
  double effectors = 0;    ///< 10^6 T cells in it
};

using Lesions = std::array<LesionState, biology::kLesions>;

/// The patient right after one stop. Symbols and units are those of biology::State.
struct ReplayPoint {
  double day = 0;
  std::string event;  ///< in words; may be empty
  Lesions lesions;
  double C = 0, X = 0, M = 0, R = 0, Q = 0, J = 0, W = 0, D = 0;
  double pd1_occupancy = 0, ctla4_occupancy = 0;  ///< of the receptors, 0 to 1
  int ecog = 0;
  double weight_kg = 0;
  double utility = 1;  ///< of life at this moment, 0 to 1
};

struct ArmReplay {
  int arm = 0;
  Outcome outcome;
  std::vector<ReplayPoint> course;
  /// The endpoints of the protocol at the last data cut-off, in order of Replay::endpoints; absent where one does not speak of
  /// the patient. Empty when not integrated.
  std::vector<std::optional<TimeToEvent>> times;
};

struct Replay {
  Patient patient;
  Lesions at_randomisation;
  double enrolment_day = 0;  ///< after the first patient
  int assigned_arm = 0;
  int follow_up_days = 0;    ///< to the last data cut-off
  std::vector<std::string> endpoints;
  std::vector<ArmReplay> arms;
};

/// Place `place` of trial `key.replicate`. Enrols the places before it too: the arm depends on who came before in the stratum.
Replay replay_patient(const Design& design, DrawKey key, std::uint64_t place, const solver::Tolerance& tolerance = {});

}  // namespace coley
