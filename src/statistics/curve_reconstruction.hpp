// SPDX-License-Identifier: Apache-2.0
#pragma once
// Patient data behind a published survival curve: the algorithm of Guyot, Ades, Ouwens and Welton (BMC Med Res
// Methodol 2012, 12:9). Between two published numbers at risk the losses are split into deaths, which the drops of the
// curve show, and censorings, spread evenly. A drop is the only evidence of a death: on a flat piece all who leave are
// censored.

#include <cstdint>
#include <optional>
#include <vector>

namespace coley::statistics {

/// What can be read off one arm of a figure.
struct PublishedCurve {
  std::vector<double> time;       ///< of the points read, 0 or more, not falling; a point (0, 1) is added when absent
  std::vector<double> survival;   ///< 0..1; may waver by the reading error, which is smoothed out (isotonic regression)
  std::vector<double> risk_time;  ///< of the printed numbers at risk, rising from 0
  std::vector<int> n_risk;        ///< at those times; the first is the number of patients
  std::optional<int> events;      ///< in all, where printed: decides the censoring after the last number at risk
  double reading_error = 0.01;    ///< of survival: how far curve and table may disagree before they contradict
};

struct ReconstructedPatients {
  std::vector<double> time;
  std::vector<std::uint8_t> event;
  double largest_deviation = 0;  ///< of their Kaplan-Meier curve from the points read (smoothed)
};

/// One row a patient, as many as at risk at time 0. Throws InputError, naming the point, for input that cannot be (a
/// curve in percent, times that fall, numbers at risk that rise), and where curve and table contradict: more are at
/// risk than the curve leaves alive, the curve ends before the table does, or the printed number of events cannot be
/// reached.
ReconstructedPatients reconstruct_patients(const PublishedCurve& curve);

}  // namespace coley::statistics
