// SPDX-License-Identifier: Apache-2.0
#pragma once
// Patient-level tables of a run, written while it goes on: trials in order whatever the threads, so that the bytes do not
// depend on them. Only trials that wait for an earlier one are kept, as text: about as many as there are threads.

#include <map>
#include <mutex>
#include <ostream>

#include "exchange/adam.hpp"
#include "trial/run_trial.hpp"

namespace coley {

/// What the tables say of the study: the arms, and as covariates the strata and subgroups of the protocol.
exchange::AdamStudy adam_study(const Design& design);

/// One patient as of the last data cut-off.
exchange::AdamSubject adam_subject(const Design& design, const exchange::AdamStudy& study, const PatientRow& row);

/// Every endpoint of the protocol at its last data cut-off; none for a patient who could not be integrated.
std::vector<exchange::AdamTime> adam_times(const Design& design, const PatientRow& row);

/// The sink to give to run_trial of a whole run, not of a shard, whose trials do not follow each other. Safe to call from many threads. Throws RunError when a stream cannot be written.
class PatientLevelTables {
 public:
  /// Writes the header lines. Design and streams must outlive this.
  PatientLevelTables(const Design& design, std::ostream& adsl, std::ostream& adtte);
  /// The rows of one trial, or of the last part of one; each trial comes once.
  void operator()(const std::vector<PatientRow>& rows);

 private:
  struct Texts {
    std::string adsl, adtte;
  };
  void write(const Texts& texts);

  const Design& design_;
  const exchange::AdamStudy study_;
  std::ostream &adsl_, &adtte_;
  std::mutex mutex_;
  std::uint64_t next_ = 0;               // trial whose turn it is
  std::map<std::uint64_t, Texts> early_;  // trials that came before their turn
};

}  // namespace coley
