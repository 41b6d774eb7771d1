// SPDX-License-Identifier: Apache-2.0
#pragma once
// Operations on trial: what the surgeon finds and does, and whether the patient is fit for systemic treatment afterwards.
// Draws are addressed by patient and operation, so that twins differ by the operation and not by its luck.

#include <cstdint>

#include "observation/scan.hpp"
#include "population/imaging.hpp"
#include "population/patient.hpp"
#include "protocol/protocol.hpp"
#include "solver/batch_client.hpp"

namespace coley {

/// Why systemic treatment was not begun after an operation, in the order in which it is asked.
enum class Unfit : std::uint8_t { none, site, performance, progression, comorbidity, refusal };

struct NephrectomyReport {
  bool unresectable = false;      ///< opened, and nothing taken out
  bool transabdominal = false;    ///< through the abdomen, as large tumours are
  bool second_procedure = false;  ///< more than the kidney had to be operated on
  double death_after = 0;         ///< days; a day that never comes without perioperative death
  double longer_recovery = 0;     ///< days beyond what the protocol plans
};

/// Nephrectomy, whole or partial, with the primary in place. `fatal_factor` multiplies the chance of perioperative death.
NephrectomyReport operate_on_kidney(const solver::LaneView& lane, const Disease& disease, Patient& patient, OperationKind kind,
                                    double fatal_factor);

struct MetastasectomyReport {
  int removed = 0;
  bool complete = false;  ///< nothing that was known is left
  double death_after = 0; ///< days; a day that never comes without perioperative death
};

/// Takes out what is known away from a kidney that is in place; each lesion can be with the chance of its organ.
/// `fatal_factor` multiplies the chance of perioperative death, which is none when nothing could be taken out.
MetastasectomyReport take_out_metastases(const solver::LaneView& lane, const Disease& disease, Patient& patient, LesionIds& ids,
                                         std::uint64_t operation, double fatal_factor);

/// Whether systemic treatment can begin, from the scan of that day and the patient's state; ECOG is taken anew.
Unfit unfit_for_treatment(const solver::LaneView& lane, const Disease& disease, Patient& patient, const Fitness& rules, const Scan& scan,
                          bool progressed);

}  // namespace coley
