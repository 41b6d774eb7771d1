// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an integrator asks of its caller. The integrator advances states; the caller owns patients: it fills a lane with the
// next one, and is called back when that patient's clock reaches its next stop or a root of the model is crossed.

namespace coley::solver {

/// Most patients that an integrator has under way at a time.
inline constexpr int kMostSeats = 256;

/// One patient in a batch. Valid during the call only.
struct LaneView {
  double* states;
  double* inputs;
  double* time;       ///< days on the patient's own clock
  double* next_stop;  ///< the integrator never steps across it
  int seat;  ///< which patient of those under way, from 0 and below kMostSeats: index of whatever the caller keeps of each

  double& state(int k) const { return states[k]; }
  double& input(int k) const { return inputs[k]; }
};

enum class Stop {
  time,    ///< the clock stands at next_stop
  root,    ///< a root function of the model has just become positive
  failed,  ///< the step size fell below its limit or a state is not finite: the patient cannot be integrated
};

/// What the caller did at a stop.
enum class Next {
  unchanged,  ///< nothing that the equations see: the step goes on as planned
  changed,    ///< states or inputs: derivative, roots and step are found anew
  leave,      ///< the patient leaves the lane
};

class BatchClient {
 public:
  virtual ~BatchClient() = default;
  /// Puts the next patient into the lane: all states, inputs, time and next_stop. False when there is none left, and then
  /// for good.
  virtual bool load(LaneView lane) = 0;
  /// Acts on a stop; may change anything in the lane. next_stop must be moved on after Stop::time.
  virtual Next stop(LaneView lane, Stop reason) = 0;
};

/// What an integration cost.
struct Work {
  long long steps = 0;       ///< accepted, summed over patients
  long long rejected = 0;    ///< rejected for error, or taken again to land on a root
  long long stops = 0;       ///< calls of BatchClient::stop
  long long lane_slots = 0;  ///< steps times width, whether or not a lane held a patient
  Work& operator+=(const Work& other) {
    steps += other.steps;
    rejected += other.rejected;
    stops += other.stops;
    lane_slots += other.lane_slots;
    return *this;
  }
};

/// Accuracy of an integration.
struct Tolerance {
  double relative = 3e-4;    ///< error of a step in units of the model's error scale; held against CVODE (tests/reference/course)
  double largest_step = 400;  ///< days
  double restart_step = 6;   ///< days; the first step after a change is at most this
  double smallest_step = 1e-7;
  double root_days = 1e-3;   ///< a root is located to this
};

}  // namespace coley::solver
