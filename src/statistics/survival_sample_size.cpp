// SPDX-License-Identifier: Apache-2.0
#include "statistics/survival_sample_size.hpp"

#include <cmath>
#include <string>

#include "core/error.hpp"
#include "core/random.hpp"
#include "statistics/root.hpp"

namespace coley::statistics {

namespace {

void require(bool holds, const char* key, double found, const char* expected) {
  if (!holds) throw InputError(Fault{.key = key, .found = std::to_string(found), .expected = expected});
}

SurvivalTrialSize sized(const SequentialDesign& design, const SurvivalQuestion& question, const TwoArmAccrual& trial) {
  SurvivalTrialSize size;
  size.events_fixed = required_events(question.hazard_ratio, design.fixed_drift, trial.allocation, question.formula,
                                      question.null_ratio);
  size.max_events = size.events_fixed * design.inflation();
  const double r = trial.allocation, direction = question.hazard_ratio < question.null_ratio ? -1.0 : 1.0;
  for (std::size_t k = 0; k < design.efficacy_z.size(); ++k) {
    const double events = size.max_events * design.plan.information[k];
    size.events_by_look.push_back(events);
    size.critical_ratio.push_back(question.null_ratio *
                                  std::exp(direction * design.efficacy_z[k] * (1 + r) / std::sqrt(r * events)));
  }
  return size;
}

void add_times(SurvivalTrialSize& size, const SequentialDesign& design, const TwoArmAccrual& trial) {
  const OperatingCharacteristics at = operating_characteristics(design, design.drift);
  double going_on = 1;
  for (std::size_t k = 0; k < size.events_by_look.size(); ++k) {
    const bool last = k + 1 == size.events_by_look.size();
    size.time_by_look.push_back(time_of_events(trial, size.patients, size.events_by_look[k]));
    const double stops = last ? going_on : at.stop_above[k] + at.stop_below[k];
    size.expected_events += stops * size.events_by_look[k];
    size.expected_duration += stops * size.time_by_look[k];
    going_on -= stops;
  }
  size.follow_up = size.time_by_look.back() - trial.accrual.duration();
}

}  // namespace

double required_events(double hazard_ratio, double z_sum, double allocation, EventsFormula formula, double null_ratio) {
  require(hazard_ratio > 0 && std::isfinite(hazard_ratio), "hazard ratio", hazard_ratio, "a number above 0");
  require(null_ratio > 0 && std::isfinite(null_ratio), "null hazard ratio", null_ratio, "a number above 0");
  require(hazard_ratio != null_ratio, "hazard ratio", hazard_ratio, "one that differs from the null hypothesis");
  require(allocation > 0 && std::isfinite(allocation), "allocation", allocation, "a ratio above 0");
  if (formula != EventsFormula::schoenfeld)
    require(null_ratio == 1, "null hazard ratio", null_ratio, "1 with Freedman's formulas; use Schoenfeld's");
  const double r = allocation, z2 = z_sum * z_sum, h = hazard_ratio;
  switch (formula) {
    case EventsFormula::freedman: return z2 * (1 + h * r) * (1 + h * r) / ((1 - h) * (1 - h) * r);
    case EventsFormula::hsieh_freedman:
      return z2 * (1 + h) * (1 + h) * (1 + r) * (1 + r) / ((1 - h) * (1 - h) * 4 * r);
    default: {
      const double effect = std::log(h / null_ratio);
      return z2 * (1 + r) * (1 + r) / (effect * effect * r);
    }
  }
}

double schoenfeld_events(double hazard_ratio, double alpha, double power, double treated_share) {
  require(alpha > 0 && alpha < 1, "alpha", alpha, "a probability between 0 and 1");
  require(power > alpha && power < 1, "power", power, "a probability between alpha and 1");
  require(treated_share > 0 && treated_share < 1, "treated share", treated_share, "a share between 0 and 1");
  return required_events(hazard_ratio, normal_quantile(1 - alpha) + normal_quantile(power),
                         treated_share / (1 - treated_share));
}

double schoenfeld_power(double hazard_ratio, double events, double alpha, double treated_share) {
  require(hazard_ratio > 0 && std::isfinite(hazard_ratio), "hazard ratio", hazard_ratio, "a number above 0");
  require(events >= 0, "events", events, "0 or more");
  require(alpha > 0 && alpha < 1, "alpha", alpha, "a probability between 0 and 1");
  require(treated_share > 0 && treated_share < 1, "treated share", treated_share, "a share between 0 and 1");
  const double drift = -std::log(hazard_ratio) * std::sqrt(events * treated_share * (1 - treated_share));
  return normal_cdf(drift - normal_quantile(1 - alpha));
}

SurvivalTrialSize size_for_follow_up(const SequentialDesign& design, const SurvivalQuestion& question,
                                     const TwoArmAccrual& trial, double follow_up) {
  require(follow_up >= 0 && std::isfinite(follow_up), "follow-up", follow_up, "a time of 0 or more");
  SurvivalTrialSize size = sized(design, question, trial);
  const double share = event_share(trial, trial.accrual.duration() + follow_up);
  require(share > 0, "event share", share, "hazards under which events occur");
  size.patients = size.max_events / share;
  size.patients_fixed = size.events_fixed / share;
  add_times(size, design, trial);
  return size;
}

SurvivalTrialSize size_for_patients(const SequentialDesign& design, const SurvivalQuestion& question,
                                    const TwoArmAccrual& trial, double patients) {
  SurvivalTrialSize size = sized(design, question, trial);
  require(patients >= size.max_events, "patients", patients, "at least as many as the events the test needs");
  size.patients = size.patients_fixed = patients;
  add_times(size, design, trial);
  return size;
}

SurvivalTrialSize size_for_intensity(const SequentialDesign& design, const SurvivalQuestion& question,
                                     const TwoArmAccrual& trial, double follow_up) {
  require(follow_up >= 0 && std::isfinite(follow_up), "follow-up", follow_up, "a time of 0 or more");
  require(!trial.accrual.intensities.empty() && trial.accrual.intensities.back() > 0, "accrual", 0, "a last intensity above 0");
  const double needed = sized(design, question, trial).max_events;
  TwoArmAccrual ended = trial;
  const double begin = trial.accrual.times[trial.accrual.times.size() - 2];
  const auto excess = [&](double width) {
    ended.accrual.times.back() = begin + width;
    return ended.accrual.patients() * event_share(ended, begin + width + follow_up) - needed;
  };
  const double start = 1e-9 * needed / trial.accrual.intensities.back();
  if (excess(start) >= 0)
    throw InputError(Fault{.key = "accrual", .found = std::to_string(begin), .expected = "earlier pieces that do not alone suffice"});
  excess(rising_root(excess, start, needed / trial.accrual.intensities.back()));
  return size_for_follow_up(design, question, ended, follow_up);
}

}  // namespace coley::statistics
