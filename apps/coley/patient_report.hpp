// SPDX-License-Identifier: Apache-2.0
#pragma once
// What coley patient shows of a replay: a text for people and JSON with every point.

#include <nlohmann/json.hpp>
#include <string>

#include "trial/replay.hpp"

namespace coley {

/// Which patient was asked for.
struct PatientAddress {
  std::uint64_t seed = 1, trial = 0, place = 0;
  long long id = 0;  ///< over all trials of a run: trial x size + place
};

/// Whole day of a time as outcomes count it: an event within a day belongs to the day's end.
int whole_day(double time);

std::string patient_text(const Design& design, const PatientAddress& address, const Replay& replay);
nlohmann::ordered_json patient_json(const Design& design, const PatientAddress& address, const Replay& replay);

}  // namespace coley
