// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which numbers decide what a trial shows: the trial is simulated at a design of points over the free numbers, with the same
// virtual patients everywhere, and every figure of its summary is taken as an output.

#include <functional>
#include <string>
#include <vector>

#include "protocol/calibration_file.hpp"
#include "statistics/sensitivity_indices.hpp"
#include "trial/design.hpp"

namespace coley::credibility {

enum class SensitivityMethod { morris, sobol, rank_correlation };

struct SensitivityOptions {
  SensitivityMethod method = SensitivityMethod::morris;
  int points = 10;        ///< trajectories (Morris), base points (Sobol'), points (rank correlation)
  long patients = 400;    ///< at every point
  std::uint64_t seed = 1;
  int threads = 1;
};

/// A figure of the summary: "DFS hazard ratio", "OS at 60 months, Placebo", "response, Sunitinib".
struct SensitivityOutput {
  std::string name;
  std::vector<double> values;                           ///< at every point; ratios as logarithms; NaN where not estimable
  std::vector<statistics::ElementaryEffect> effects;    ///< by number; of the method that was asked for
  statistics::SobolIndices indices;
  std::vector<statistics::PartialRankCorrelation> correlations;
  std::string not_done;                                 ///< why there is no result; ""
};

struct Sensitivity {
  std::vector<FreeNumber> numbers;
  long points = 0;
  std::vector<SensitivityOutput> outputs;
};

/// The numbers of the plan that concern the trial, or those named in `only`. Throws InputError for a name that the plan lacks.
std::vector<FreeNumber> numbers_of_trial(const CalibrationPlan& plan, const TrialInputs& trial, const std::vector<std::string>& only);

/// `numbers` run over their bounds, evenly on their scale. `progress` is told the points done and planned, and may throw.
Sensitivity sensitivity(const TrialInputs& trial, const std::vector<std::string>& sets, const std::vector<FreeNumber>& numbers, const SensitivityOptions& options,
                        const std::function<void(long, long)>& progress = {});

}  // namespace coley::credibility
