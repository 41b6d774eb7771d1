// SPDX-License-Identifier: Apache-2.0
#pragma once
// The levels of a patient in the covariates that protocols stratify by, analyse in subgroups and mix. Names and levels
// are those of protocol/vocabulary.hpp.

#include <functional>
#include <string>

#include "population/patient.hpp"

namespace coley {

/// Index into levels_of(covariate).
using LevelOf = std::function<int(const Patient&)>;

/// Metastases on the scan of randomisation, disease in the bed of a kidney that is out included; metastatic entry.
int metastases_seen(const Patient& patient);

/// The function that reads this covariate; one that is not known of a patient is an InputError that says so.
LevelOf level_reader(const std::string& covariate);

}  // namespace coley
