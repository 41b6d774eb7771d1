// SPDX-License-Identifier: Apache-2.0
#include "trial/first_patients.hpp"

#include <algorithm>
#include <cmath>

#include "core/units.hpp"
#include "course/course.hpp"
#include "protocol/vocabulary.hpp"
#include "trial/enrol_trial.hpp"
#include "trial/kept_population.hpp"
#include "trial/randomise.hpp"

namespace coley {

using biology::input_index;
using biology::Inputs;
using biology::State;

namespace {

constexpr std::size_t kLines = 120, kTwins = 200;

report::Number month_of(int day) { return day == kNoDay ? report::Number() : report::Number(day / kDaysPerMonth); }

/// Earliest of the days that happened; `otherwise` when none did.
int earliest(std::initializer_list<int> days, int otherwise) {
  int first = otherwise;
  for (const int day : days) first = day == kNoDay ? first : std::min(first, day);
  return first;
}

/// Sum of the true diameters of the lesions of `slots` at a moment, mm.
double sum_of_diameters(const Moment& moment, const std::vector<std::size_t>& slots) {
  double sum = 0;
  for (const std::size_t slot : slots) {
    if (moment.inputs[input_index(&Inputs<double>::alive, static_cast<int>(slot))] == 0.0) continue;
    sum += diameter_mm(std::exp(moment.states[static_cast<std::size_t>(State::x) + slot]) / kCellsPerCm3);
  }
  return sum;
}

std::vector<std::size_t> known_lesions(const Moment& moment) {
  std::vector<std::size_t> slots;
  for (std::size_t slot = 0; slot < biology::kLesions; ++slot) {
    if (moment.lesions[slot].known && moment.inputs[input_index(&Inputs<double>::alive, static_cast<int>(slot))] != 0.0) slots.push_back(slot);
  }
  return slots;
}

report::PatientLine line_of(const Design& design, const RunOptions& options, const PatientOnArm& assigned, report::Count id) {
  std::vector<std::size_t> slots;
  std::vector<std::pair<double, double>> sizes;  // day and sum at randomisation and at scans
  const Witness witness = [&](const Moment& moment) {
    const std::string_view event = moment.event;
    if (sizes.empty()) slots = known_lesions(moment);
    if (sizes.empty() || event.starts_with("scan")) sizes.emplace_back(moment.day, sum_of_diameters(moment, slots));
  };
  const Outcome o = run_courses(design.setting, {&assigned, 1}, options.tolerance, witness).outcomes.front();
  const int end = earliest({o.death_day, o.withdrawal_day}, assigned.follow_up_days);
  const int treated_to = o.first_dose_day == kNoDay ? 0 : earliest({o.treatment_end_day}, end);
  report::PatientLine line{.id = id, .arm = design.setting.arm_names[static_cast<std::size_t>(assigned.arm)]};
  line.months = end / kDaysPerMonth;
  line.treatment_months = std::min(treated_to, end) / kDaysPerMonth;
  line.response_month = month_of(o.response_day);
  line.progression_month = month_of(design.setting.entry == Entry::metastatic ? o.progression_day : o.recurrence_day);
  line.next_line_month = month_of(o.next_line_day);
  line.death_month = month_of(o.death_day);
  if (!o.measurable || sizes.empty() || sizes[0].second <= 0) return line;
  line.response = std::string(to_string(o.best_response));
  const int last = earliest({o.progression_day, o.next_line_day}, end);
  for (const auto& [day, sum] : sizes) {
    if (day > last) break;
    line.change.emplace_back(day / kDaysPerMonth, sum / sizes[0].second - 1);
    if (line.change.size() > 1) line.best_change = std::min(line.best_change.value_or(line.change.back().second), line.change.back().second);
  }
  return line;
}

void add_twins(const Design& design, const RunOptions& options, const std::vector<Patient>& patients, report::Summary& summary) {
  std::vector<PatientOnArm> assignments;
  const std::size_t arms = design.setting.arms.size();
  for (const Patient& patient : patients) {
    for (std::size_t arm = 0; arm < arms; ++arm) assignments.push_back({&patient, static_cast<int>(arm), static_cast<int>(design.longest_follow_up)});
  }
  const std::vector<Outcome> outcomes = run_courses(design.setting, assignments, options.tolerance).outcomes;
  for (std::size_t k = 0; k < design.twin_pairs.size(); ++k) {
    const Design::TwinPair& pair = design.twin_pairs[k];
    for (std::size_t p = 0; p < patients.size(); ++p) {
      const Outcome &experimental = outcomes[p * arms + static_cast<std::size_t>(pair.experimental)], &control = outcomes[p * arms + static_cast<std::size_t>(pair.control)];
      if (experimental.failed || control.failed) continue;
      report::TwinPatient one{.id = static_cast<report::Count>(p), .benefit_days = static_cast<double>(benefit_days(design, pair, experimental, control))};
      for (const Design::TwinGroup& group : design.twin_groups) {
        if (group.reader(patients[p]) == group.level) one.levels.emplace_back(group.covariate, levels_of(group.covariate)[static_cast<std::size_t>(group.level)]);
      }
      summary.twins[k].patients.push_back(std::move(one));
    }
  }
}

}  // namespace

void add_first_patients(const Design& whole, const RunOptions& options, report::Summary& summary) {
  const Design& design = whole.of_trial(0);
  const DrawKey key{options.seed, 0};
  const std::size_t first_trial = static_cast<std::size_t>(std::min<long long>(options.patients, design.protocol().population.size));
  const std::size_t places = std::min(first_trial, options.twins ? kTwins : kLines);
  const std::vector<Patient> patients = (options.kept ? options.kept->enrol(key, places) : enrol_trial(design, key, places, options.tolerance)).patients;
  const std::vector<int> arms = randomise(design, key, patients);
  for (std::size_t p = 0; p < std::min(places, kLines); ++p) {
    const int follow_up = static_cast<int>(design.longest_follow_up - enrolment_day(design.protocol().accrual, patients[p]));
    if (follow_up <= 0) continue;
    summary.patients.push_back(line_of(design, options, {&patients[p], arms[p], follow_up}, static_cast<report::Count>(p)));
  }
  if (options.twins) add_twins(design, options, patients, summary);
}

}  // namespace coley
