// SPDX-License-Identifier: Apache-2.0
#include "trial/replay.hpp"

#include <algorithm>
#include <cmath>

#include "core/units.hpp"
#include "course/course.hpp"
#include "trial/enrol_trial.hpp"
#include "trial/randomise.hpp"

namespace coley {

using biology::Inputs;
using biology::input_index;
using biology::State;

namespace {

Lesions lesions_of(const double* states, const double* inputs, const Lesion* lesions) {
  Lesions result;
  for (std::size_t slot = 0; slot < result.size(); ++slot) {
    if (inputs[input_index(&Inputs<double>::alive, static_cast<int>(slot))] == 0.0) continue;
    const double volume = std::exp(states[static_cast<std::size_t>(State::x) + slot]) / kCellsPerCm3;
    result[slot] = {diameter_mm(volume), lesions[slot].organ, lesions[slot].known, states[static_cast<std::size_t>(State::E) + slot]};
  }
  return result;
}

/// Occupancy `limit` c / (c + ec50) at a concentration of two exponentials `since` days old, as the equations see it.
double occupancy(double fast, double slow, double alpha, double beta, double ec50, double limit, double since) {
  const double c = fast * std::exp(-alpha * since) + slow * std::exp(-beta * since);
  return limit * c / (c + ec50);
}

ReplayPoint point_at(const Moment& moment, double weight_kg) {
  const double* y = moment.states;
  const auto in = [&](double Inputs<double>::*member) { return moment.inputs[input_index(member)]; };
  using I = Inputs<double>;
  const double since = moment.day - in(&I::epoch);
  ReplayPoint point{.day = moment.day, .event = moment.event, .lesions = lesions_of(y, moment.inputs, moment.lesions)};
  point.C = y[State::C];
  point.X = y[State::X];
  point.M = y[State::M];
  point.R = y[State::R];
  point.Q = y[State::Q];
  point.J = y[State::J];
  point.W = y[State::W];
  point.D = y[State::D];
  point.pd1_occupancy = occupancy(in(&I::pd1_fast), in(&I::pd1_slow), in(&I::pd1_alpha), in(&I::pd1_beta), in(&I::pd1_ec50), in(&I::pd1_limit), since);
  point.ctla4_occupancy = occupancy(in(&I::ctla4_fast), in(&I::ctla4_slow), in(&I::ctla4_alpha), in(&I::ctla4_beta), in(&I::ctla4_ec50), 1, since);
  point.ecog = moment.condition->ecog();
  point.weight_kg = weight_kg * (1 - moment.condition->weight_lost());
  point.utility = moment.condition->utility();
  return point;
}

std::vector<EndpointKind> endpoints_of(const Design& design, std::vector<std::string>& names) {
  std::vector<EndpointKind> kinds;
  for (const View& view : design.views) {
    if (std::find(kinds.begin(), kinds.end(), view.endpoint) != kinds.end()) continue;
    kinds.push_back(view.endpoint);
    names.push_back(view.endpoint_name);
  }
  return kinds;
}

}  // namespace

Replay replay_patient(const Design& whole, DrawKey key, std::uint64_t place, const solver::Tolerance& tolerance) {
  const Design& design = whole.of_trial(key.replicate);
  const Enrolment enrolment = enrol_trial(design, key, place + 1, tolerance);
  Replay replay;
  replay.patient = enrolment.patients.back();
  const Patient& patient = replay.patient;
  replay.at_randomisation = lesions_of(patient.states.data(), patient.inputs.data(), patient.lesions.data());
  replay.assigned_arm = randomise(design, key, enrolment.patients).back();
  replay.enrolment_day = enrolment_day(design.protocol().accrual, patient);
  replay.follow_up_days = static_cast<int>(design.longest_follow_up - replay.enrolment_day);
  const std::vector<EndpointKind> kinds = endpoints_of(design, replay.endpoints);
  for (int arm = 0; arm < static_cast<int>(design.setting.arms.size()); ++arm) {
    ArmReplay result{.arm = arm};
    const PatientOnArm assignment{&patient, arm, replay.follow_up_days};
    const Witness witness = [&](const Moment& moment) { result.course.push_back(point_at(moment, patient.person.weight_kg)); };
    result.outcome = run_courses(design.setting, {&assignment, 1}, tolerance, witness).outcomes.front();
    for (EndpointKind kind : kinds) {
      if (!result.outcome.failed) result.times.push_back(time_to_event(kind, result.outcome, replay.follow_up_days, design.setting.scan_days));
    }
    replay.arms.push_back(std::move(result));
  }
  return replay;
}

}  // namespace coley
