// SPDX-License-Identifier: Apache-2.0
#pragma once
// A protocol made ready for patients: drugs resolved, scans as days. Immutable, shared by all threads.

#include <optional>
#include <vector>

#include "course/irradiation.hpp"
#include "population/disease.hpp"
#include "population/life_table.hpp"
#include "protocol/protocol.hpp"
#include "treatment/drug_action.hpp"

namespace coley {

struct DosingPlan {
  Dosing dosing;
  treatment::DrugAction action;
};

struct ArmPlan {
  std::vector<DosingPlan> drugs;
  std::vector<Radiotherapy> radiotherapy;
  std::vector<Pulse> pulses;              ///< of the radiotherapy, in order of days
  std::vector<Operation> operations;      ///< in order of days
  std::vector<DosingPlan> retreatment;    ///< drugs that are begun again at progression after an elective stop
  bool supportive_care = false;           ///< fewer of the harms of treatment are fatal
};

struct LaterPlan {
  LaterTreatment rule;
  std::vector<DosingPlan> drugs;
  std::vector<DosingPlan> retreatment;    ///< as of an arm
};

struct CourseSetting {
  Entry entry = Entry::adjuvant;
  std::vector<std::string> arm_names;
  std::vector<ArmPlan> arms;
  std::vector<DosingPlan> had;      ///< drugs before the trial, whose resistance is remembered
  std::vector<LaterPlan> later;
  std::vector<int> scan_days;       ///< planned scans, up to the longest follow-up
  double withdrawal_per_year = 0;
  int confirm_days = 28;            ///< 0: responses need no confirmation
  bool irecist = false;             ///< progression, and with it response, by iRECIST
  Disease disease;
  std::optional<LifeTable> life_table;
};

}  // namespace coley
