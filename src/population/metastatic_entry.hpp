// SPDX-License-Identifier: Apache-2.0
#pragma once
// The way of a candidate to a trial of metastatic disease. With metastases at diagnosis (synchronous): to the trial with the
// kidney in place, or after nephrectomy. Without: nephrectomy, then scans until metastases show (metachronous). Eligibility
// is asked on the day of randomisation, from the scan, the ECOG grade and the blood of that day. Immutable.

#include <optional>

#include "population/covariates.hpp"
#include "population/patient.hpp"
#include "protocol/protocol.hpp"
#include "solver/batch_client.hpp"

namespace coley {

enum class Exclusion : std::uint8_t;

class MetastaticEntry {
 public:
  /// Population and disease must outlive this.
  MetastaticEntry(const Population& population, const Disease& disease);

  /// Where a candidate stands.
  struct Way {
    enum class Stage : std::uint8_t { awaiting_surgery, surveillance, awaiting_randomisation };
    Stage stage = Stage::awaiting_surgery;
    bool operated_before = true;  ///< with metastases at diagnosis: nephrectomy before randomisation, where it can be done
    double diagnosed = 0;  ///< day of the natural history
    double operated = 0;
    int visit = 0;         ///< of surveillance, then of waiting for a lesion large enough to be measured
  };

  /// What is decided at a step: out with a reason, in, or to be seen again after `wait` days.
  struct Step {
    std::optional<Exclusion> excluded;
    bool enrolled = false;
    double wait = 0;
  };

  /// Whether this person, with metastases at diagnosis, has a nephrectomy before randomisation.
  bool operated_before(const DrawAddress& person) const;
  /// The disease has been found.
  Step found(const solver::LaneView& lane, Patient& patient, Way& way) const;
  /// The day that the last step set has come.
  Step proceed(const solver::LaneView& lane, Patient& patient, Way& way) const;
  /// Takes the baseline scan of a patient who comes from treatment before the trial, and says why such a one is not admitted.
  std::optional<Exclusion> judge(Patient& patient) const;

 private:
  Step operate(const solver::LaneView& lane, Patient& patient, Way& way) const;
  Step survey(const solver::LaneView& lane, Patient& patient, Way& way) const;
  Step randomise(const solver::LaneView& lane, Patient& patient, Way& way) const;
  std::optional<Exclusion> ineligible(const Patient& patient) const;
  Step await_randomisation(Way& way, double days) const;

  const Population& population_;
  const Disease& disease_;
  ScanError imaging_;                  // by which metastases come to light before the trial
  std::vector<Organ> excluded_sites_;
};

}  // namespace coley
