// SPDX-License-Identifier: Apache-2.0
#pragma once
// The course of patients on their arms, from randomisation to the end of follow-up: doses, scans, recurrence or
// progression, toxicity, further lines of treatment, death, withdrawal. Draws are addressed by patient and purpose, never
// by arm, so that one patient on two arms differs by nothing but the treatment.

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "biology/integrate.hpp"
#include "course/outcome.hpp"
#include "course/setting.hpp"
#include "observation/tumour_assessment.hpp"
#include "population/patient.hpp"
#include "solver/batch_client.hpp"

namespace coley {

/// One patient on one arm, followed for a number of days.
struct PatientOnArm {
  const Patient* patient = nullptr;
  int arm = 0;
  int follow_up_days = 0;
};

/// What a replay shows at each stop: the time, what happened in words, and the lane's states, inputs and lesion slots.
struct Moment {
  std::size_t assignment = 0;  ///< index of the assignment that it is of
  double day = 0;
  const char* event = "";
  const double* states = nullptr;  ///< stride 1
  const double* inputs = nullptr;
  const Lesion* lesions = nullptr;  ///< by slot; one without living tumour has inputs.alive 0
  const Condition* condition = nullptr;
  std::optional<TargetSum> targets;  ///< as a scan at this stop read them; absent without a scan, or without measurable disease
};
using Witness = std::function<void(const Moment&)>;

struct CourseResult {
  std::vector<Outcome> outcomes;  ///< in the order of the assignments
  solver::Work work;
};

/// Runs every assignment. A witness, for a replay, sees every stop of every assignment; those of one assignment come in order of time.
CourseResult run_courses(const CourseSetting& setting, std::span<const PatientOnArm> assignments, const solver::Tolerance& tolerance,
                         const Witness& witness = {}, const biology::Integrate& integrate = biology::integrate);

}  // namespace coley
