// SPDX-License-Identifier: Apache-2.0
#pragma once
// Hand-made patients in the integrator: states and inputs are set one by one, and read again on a chosen day.

#include <array>
#include <vector>

#include "biology/tumour_immune.hpp"
#include "population/disease.hpp"
#include "protocol/trial_inputs.hpp"
#include "solver/rosenbrock.hpp"

namespace coley::biology {

struct MadePatient {
  std::array<double, State::count> states{};
  std::array<double, kInputs> inputs{};
  double until = 0;               ///< day of reading
  solver::Stop ended_by = solver::Stop::time;
  double ended_at = 0;

  double& state(int k) { return states[static_cast<std::size_t>(k)]; }
  double& input(int k) { return inputs[static_cast<std::size_t>(k)]; }
  template <class Member>
  double& input(Member Inputs<double>::*member, int lesion = 0) {
    return input(input_index(member, lesion));
  }
  void place(int slot, double x, double gamma, double capacity) {
    state(State::x + slot) = x;
    input(&Inputs<double>::alive, slot) = 1;
    input(&Inputs<double>::gamma, slot) = gamma;
    input(&Inputs<double>::capacity, slot) = capacity;
  }
};

/// No lesion, no drug, no event ever; healthy regulatory T cells.
inline MadePatient healthy(double until) {
  MadePatient patient;
  patient.until = until;
  patient.state(State::R) = 1;
  for (int slot = 0; slot < kLesions; ++slot) patient.input(&Inputs<double>::extinct_at, slot) = 1e300;
  for (auto member : {&Inputs<double>::a, &Inputs<double>::growth, &Inputs<double>::pd1_ec50, &Inputs<double>::pd1_limit, &Inputs<double>::ctla4_ec50}) {
    patient.input(member) = 1;
  }
  for (auto member : {&Inputs<double>::seeding_at, &Inputs<double>::found_at}) patient.input(member) = 1e300;
  patient.input(&Inputs<double>::dying_at) = 1e200;  // the hazard runs, and is not met
  return patient;
}

/// Runs the patients, each to its day or to the first event, and leaves the states there.
class Bench : public solver::BatchClient {
 public:
  explicit Bench(std::vector<MadePatient>& patients) : patients_(patients) {}
  bool load(solver::LaneView lane) override {
    if (next_ == patients_.size()) return false;
    MadePatient& patient = patients_[who_[static_cast<std::size_t>(lane.seat)] = next_++];
    for (int k = 0; k < State::count; ++k) lane.state(k) = patient.state(k);
    for (int k = 0; k < kInputs; ++k) lane.input(k) = patient.input(k);
    *lane.time = 0;
    *lane.next_stop = patient.until;
    return true;
  }
  solver::Next stop(solver::LaneView lane, solver::Stop reason) override {
    MadePatient& patient = patients_[who_[static_cast<std::size_t>(lane.seat)]];
    for (int k = 0; k < State::count; ++k) patient.state(k) = lane.state(k);
    patient.ended_by = reason;
    patient.ended_at = *lane.time;
    return solver::Next::leave;
  }

 private:
  std::vector<MadePatient>& patients_;
  std::size_t next_ = 0;
  std::array<std::size_t, solver::kMostSeats> who_{};
};

/// In double precision, so that closed forms can be met closely; that single precision follows it is tested with whole courses.
inline void run(std::vector<MadePatient>& patients, const Constants& constants, double relative = 1e-9) {
  Bench bench(patients);
  const TumourImmune model(constants);
  solver::Rosenbrock<TumourImmune, double>(model, {.relative = relative}).integrate(bench);
}

inline MadePatient run(MadePatient patient, const Constants& constants, double relative = 1e-9) {
  std::vector<MadePatient> one{patient};
  run(one, constants, relative);
  return one.front();
}

/// The constants that ship.
inline const Constants& shipped_constants() {
  static const Constants constants = read_disease(read_trial("keynote-564").parameters).constants;
  return constants;
}

}  // namespace coley::biology
