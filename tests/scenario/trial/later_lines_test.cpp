// SPDX-License-Identifier: Apache-2.0
// The rules of the protocol in a further line of treatment, and death after a metastasectomy in an arm or a line.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "core/units.hpp"
#include "course/course.hpp"
#include "trial/enrol_trial.hpp"

namespace coley {
namespace {

using biology::Inputs;
using biology::input_index;

struct Step {
  double day;
  std::string event;
  bool on_targeted_drug;
};

struct Course {
  std::vector<Step> steps;
  Outcome outcome;
};

constexpr const char* kLine = "axitinib second";

/// Patients of the first arm of targeted-sequence, who get axitinib at progression, under these rules in that line.
std::vector<Course> courses(const std::function<void(StopRules&)>& rules, int patients = 40) {
  TrialInputs inputs = read_trial("targeted-sequence");
  for (LaterTreatment& later : inputs.protocol.later) {
    if (later.label == kLine) rules(later.drugs[0].stop);
    later.share = 1;
  }
  const Design design = make_design(std::move(inputs));
  std::vector<Course> result;
  for (const Patient& patient : enrol_trial(design, {5, 0}, static_cast<std::uint64_t>(patients), {}).patients) {
    Course course;
    const Witness witness = [&](const Moment& moment) {
      course.steps.push_back({moment.day, moment.event, moment.inputs[input_index(&Inputs<double>::u_T)] > 0});
    };
    const PatientOnArm on_arm{&patient, 0, 2000};
    course.outcome = run_courses(design.setting, {&on_arm, 1}, {}, witness).outcomes.front();
    result.push_back(std::move(course));
  }
  return result;
}

/// The steps of the line: from its first day to the progression that ends it or to the end.
std::vector<Step> of_line(const Course& course) {
  const auto named = [](const char* name) { return [name](const Step& step) { return step.event == name; }; };
  const auto first = std::find_if(course.steps.begin(), course.steps.end(), named(kLine));
  const auto last = std::find_if(first, course.steps.end(), [](const Step& step) { return step.event == "everolimus third"; });
  return {first, last};
}

long count_of(const std::vector<Step>& steps, const std::string& event) {
  return std::count_if(steps.begin(), steps.end(), [&](const Step& step) { return step.event == event; });
}

TEST(LaterLines, AreStoppedAtATime) {
  int stopped = 0;
  for (const Course& course : courses([](StopRules& stop) { stop.after_months = 3; })) {
    const std::vector<Step> line = of_line(course);
    for (const Step& step : line) {
      if (step.day > line.front().day + 3 * kDaysPerMonth + 1e-6) {
        EXPECT_FALSE(step.on_targeted_drug) << step.day << " after " << line.front().day;
      }
      if (step.event != "stopped by plan") continue;
      ++stopped;
      EXPECT_NEAR(step.day, line.front().day + 3 * kDaysPerMonth, 1e-6);
    }
    EXPECT_FALSE(course.outcome.stopped_by_plan);  // which speaks of study treatment
  }
  EXPECT_GT(stopped, 5);
}

TEST(LaterLines, AreStoppedAtAResponseAndBegunAgainOnceAtProgression) {
  int stopped = 0, again = 0;
  const auto rules = [](StopRules& stop) {
    stop.after_response_months = 0;
    stop.retreat_at_progression = true;
  };
  for (const Course& course : courses(rules, 80)) {
    const std::vector<Step> line = of_line(course);
    stopped += static_cast<int>(count_of(line, "stopped by plan"));
    const long given_again = count_of(line, "drugs given again");
    EXPECT_LE(given_again, count_of(line, "stopped by plan"));
    again += static_cast<int>(given_again);
    EXPECT_EQ(course.outcome.retreatment_day, kNoDay);
  }
  EXPECT_GT(stopped, 3);
  EXPECT_GT(again, 0);
  EXPECT_LE(again, stopped);
}

TEST(LaterLines, GoOnThroughToxicityOrProgressionWhereTheRuleSaysSo) {
  int stopped = 0, through_progression = 0, ended_at_once = 0;
  for (const Course& course : courses([](StopRules&) {})) {
    const std::vector<Step> line = of_line(course);
    stopped += static_cast<int>(count_of(line, "stopped for toxicity"));
    for (const Step& step : line) ended_at_once += step.event == "progression" && !step.on_targeted_drug;
  }
  const auto rules = [](StopRules& stop) {
    stop.toxicity = false;
    stop.treat_beyond_progression = true;
  };
  for (const Course& course : courses(rules)) {
    const std::vector<Step> line = of_line(course);
    EXPECT_EQ(count_of(line, "stopped for toxicity"), 0);
    for (const Step& step : line) through_progression += step.event == "progression" && step.on_targeted_drug;
  }
  EXPECT_GT(stopped, 0);
  EXPECT_GT(ended_at_once, 5);
  EXPECT_GT(through_progression, 5);
}

/// Outcomes of the arm that is operated on, with this logit of death.
std::vector<Outcome> operated(double logit) {
  TrialInputs inputs = read_trial("metastasectomy", {"parameters.metastasectomy_death_0=" + std::to_string(logit)});
  const Design design = make_design(std::move(inputs));
  std::vector<PatientOnArm> all;
  const Enrolment enrolment = enrol_trial(design, {5, 0}, 60, {});
  for (const Patient& patient : enrolment.patients) all.push_back({&patient, 1, 400});
  return run_courses(design.setting, all, {}).outcomes;
}

TEST(Metastasectomy, MayKillWithinThirtyDays) {
  int died = 0, taken_out = 0;
  for (const Outcome& outcome : operated(20)) {
    taken_out += outcome.complete_resection;
    if (outcome.complete_resection) {
      EXPECT_EQ(outcome.death_cause, DeathCause::operation);
    }
    if (outcome.death_cause != DeathCause::operation) continue;
    ++died;
    EXPECT_GT(outcome.death_day, 14);
    EXPECT_LE(outcome.death_day, 14 + 31);
  }
  EXPECT_GE(died, taken_out);
  EXPECT_GT(taken_out, 20);
  for (const Outcome& outcome : operated(-20)) EXPECT_NE(outcome.death_cause, DeathCause::operation);
}

/// Nobody else's course is touched by the risk: who survives the operation lives as if there were none.
TEST(Metastasectomy, RiskChangesNobodyElse) {
  const std::vector<Outcome> with = operated(-2), without = operated(-20);
  int died = 0;
  for (std::size_t i = 0; i < with.size(); ++i) {
    if (with[i].death_cause == DeathCause::operation) {
      ++died;
    } else {
      EXPECT_TRUE(with[i] == without[i]) << i;
    }
  }
  EXPECT_GT(died, 0);
}

}  // namespace
}  // namespace coley
