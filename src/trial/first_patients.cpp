// SPDX-License-Identifier: Apache-2.0
#include "trial/first_patients.hpp"

#include <algorithm>
#include <span>

#include "core/units.hpp"
#include "course/course.hpp"
#include "protocol/vocabulary.hpp"
#include "trial/enrol_trial.hpp"
#include "trial/kept_population.hpp"
#include "trial/randomise.hpp"

namespace coley {

namespace {

constexpr std::size_t kLines = 120, kTwins = 200;

using ReadSums = std::vector<std::pair<double, TargetSum>>;  // each with the day on which it was read

report::Number month_of(int day) { return day == kNoDay ? report::Number() : report::Number(day / kDaysPerMonth); }

/// Earliest of the days that happened; `otherwise` when none did.
int earliest(std::initializer_list<int> days, int otherwise) {
  int first = otherwise;
  for (const int day : days) first = day == kNoDay ? first : std::min(first, day);
  return first;
}

/// Changes from the last baseline before day `last`, an operation having brought a new one, until `progression`; one no later
/// than the baseline was by an earlier one, and ends nothing.
void read_changes(const ReadSums& sums, int progression, int last, report::PatientLine& line) {
  double baseline = 0, since = 0;
  for (const auto& [day, sum] : sums) {
    if (day > last || (sum.baseline && day >= last)) break;
    if (sum.baseline) {
      baseline = sum.mm;
      since = day;
      line.change.clear();
      line.best_change.reset();
    }
    if (since < progression && day > progression) continue;
    const double change = sum.mm / baseline - 1;
    line.change.emplace_back(day / kDaysPerMonth, change);
    if (!sum.baseline) line.best_change = std::min(line.best_change.value_or(change), change);
  }
}

report::PatientLine line_of(const Design& design, const PatientOnArm& assigned, const Outcome& o, const ReadSums& sums, report::Count id) {
  const int end = earliest({o.death_day, o.withdrawal_day}, assigned.follow_up_days);
  const int treated_to = o.first_dose_day == kNoDay ? 0 : earliest({o.treatment_end_day}, end);
  report::PatientLine line{.id = id, .arm = design.setting.arm_names[static_cast<std::size_t>(assigned.arm)]};
  line.months = end / kDaysPerMonth;
  line.treatment_months = std::min(treated_to, end) / kDaysPerMonth;
  line.response_month = month_of(o.response_day);
  line.progression_month = month_of(design.setting.entry == Entry::metastatic ? o.progression_day : o.recurrence_day);
  line.next_line_month = month_of(o.next_line_day);
  line.death_month = month_of(o.death_day);
  if (!o.measurable) return line;
  line.response = std::string(to_string(o.best_response));
  read_changes(sums, earliest({o.progression_day}, end), earliest({o.next_line_day}, end), line);
  return line;
}

void add_lines(const Design& design, const RunOptions& options, std::span<const Patient> patients, const std::vector<int>& arms, report::Summary& summary) {
  std::vector<PatientOnArm> assignments;
  std::vector<report::Count> ids;
  for (std::size_t p = 0; p < patients.size(); ++p) {
    const int follow_up = static_cast<int>(design.longest_follow_up - enrolment_day(design.protocol().accrual, patients[p]));
    if (follow_up <= 0) continue;
    assignments.push_back({&patients[p], arms[p], follow_up});
    ids.push_back(static_cast<report::Count>(p));
  }
  std::vector<ReadSums> sums(assignments.size());
  const Witness witness = [&](const Moment& moment) {
    if (moment.targets) sums[moment.assignment].emplace_back(moment.day, *moment.targets);
  };
  const std::vector<Outcome> outcomes = run_courses(design.setting, assignments, options.tolerance, witness).outcomes;
  for (std::size_t i = 0; i < assignments.size(); ++i) summary.patients.push_back(line_of(design, assignments[i], outcomes[i], sums[i], ids[i]));
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
  // where they are kept, the first trial's are
  std::vector<Patient> patients = (options.kept ? options.kept->enrol(key, first_trial) : enrol_trial(design, key, places, options.tolerance)).patients;
  patients.resize(places);
  const std::vector<int> arms = randomise(design, key, patients);
  add_lines(design, options, std::span(patients).first(std::min(places, kLines)), arms, summary);
  if (options.twins) add_twins(design, options, patients, summary);
}

}  // namespace coley
