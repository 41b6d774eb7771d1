// SPDX-License-Identifier: Apache-2.0
#include "credibility/sensitivity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "credibility/evaluation.hpp"
#include "protocol/table_reader.hpp"
#include "trial/summarise.hpp"

namespace coley::credibility {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Output {
  std::string name;
  double value;
};

/// The figures that a summary reports and those of its evidence rows, in the same order for every set of numbers.
std::vector<Output> outputs_of(const report::Summary& summary) {
  std::vector<Output> outputs;
  for (const report::Comparison& row : summary.comparisons) {
    if (row.covariate) continue;
    const bool known = row.hazard_ratio && row.hazard_ratio->ratio.estimate && *row.hazard_ratio->ratio.estimate > 0;
    outputs.push_back({fmt::format("{} hazard ratio (log), {} v {}{}", row.endpoint, row.experimental, row.control, row.cutoff ? ", " + *row.cutoff : ""),
                       known ? std::log(*row.hazard_ratio->ratio.estimate) : kNaN});
  }
  for (const report::ArmSummary& arm : summary.arms) {
    for (const auto& endpoint : arm.endpoints) {
      for (const auto& at : endpoint.at) {
        outputs.push_back({fmt::format("{} at {:g} months, {}{}", endpoint.name, at.month, arm.label, endpoint.cutoff ? ", " + *endpoint.cutoff : ""), at.survival.estimate.value_or(kNaN)});
      }
    }
    if (arm.response) outputs.push_back({"response, " + arm.label, arm.response->orr.estimate.value_or(kNaN)});
  }
  for (const report::EvidenceRow& row : summary.evidence) {
    const double value = row.simulated.estimate.value_or(kNaN);
    outputs.push_back({row.id + ": " + row.quantity, row.scale == report::Scale::ratio ? std::log(value) : value});
  }
  return outputs;
}

MatrixXd design_of(const SensitivityOptions& options, int numbers) {
  switch (options.method) {
    case SensitivityMethod::morris: return statistics::morris_design(options.points, numbers, Stream({options.seed, 0}, 0, 1));
    case SensitivityMethod::sobol: return statistics::sobol_design(options.points, numbers, options.seed);
    case SensitivityMethod::rank_correlation: return statistics::quasi_random(options.points, numbers, options.seed);
  }
  bug("a method of no kind");
}

void analyse(const SensitivityOptions& options, const MatrixXd& design, SensitivityOutput& output) {
  const VectorXd values = Eigen::Map<const VectorXd>(output.values.data(), static_cast<Index>(output.values.size()));
  if (!values.allFinite()) {
    const auto missing = std::count_if(values.begin(), values.end(), [](double v) { return !std::isfinite(v); });
    output.not_done = fmt::format("not estimable at {} of {} points: take more patients", missing, values.size());
    return;
  }
  const Stream draws({options.seed, 0}, 0, 2);
  switch (options.method) {
    case SensitivityMethod::morris: output.effects = statistics::morris_effects(design, values, draws); return;
    case SensitivityMethod::sobol: output.indices = statistics::sobol_indices(values, static_cast<int>(design.cols()), draws); return;
    case SensitivityMethod::rank_correlation: output.correlations = statistics::partial_rank_correlations(design, values); return;
  }
  bug("a method of no kind");
}

}  // namespace

std::vector<FreeNumber> numbers_of_trial(const CalibrationPlan& plan, const TrialInputs& trial, const std::vector<std::string>& only) {
  std::vector<FreeNumber> result;
  std::vector<std::string> names;
  for (const FreeNumber& number : plan.numbers) {
    if (!concerns(number.set, number.disease, trial)) continue;
    names.push_back(number.set);
    if (only.empty() || std::find(only.begin(), only.end(), number.set) != only.end()) result.push_back(number);
  }
  std::vector<Fault> faults;
  for (const std::string& name : only) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      faults.push_back({.key = "--number", .found = name, .expected = "a number of the plan that the trial has; " + suggestion(name, names)});
    }
  }
  if (!faults.empty()) throw InputError(std::move(faults));
  return result;
}

Sensitivity sensitivity(const TrialInputs& trial, const std::vector<std::string>& sets, const std::vector<FreeNumber>& numbers, const SensitivityOptions& options,
                        const std::function<void(long, long)>& progress) {
  const MatrixXd design = design_of(options, static_cast<int>(numbers.size()));
  Sensitivity result{numbers, design.rows(), {}};
  RunOptions run;
  run.patients = options.patients;
  run.seed = options.seed;
  run.threads = options.threads;
  for (Index point = 0; point < design.rows(); ++point) {
    std::vector<double> values;
    for (std::size_t k = 0; k < numbers.size(); ++k) values.push_back(number_at(numbers[k], 4 * design(point, static_cast<Index>(k)) - 2));  // bounds lie at -2 and 2
    const Design at = make_design(with_member(trial, single(numbers, values), 0, sets));
    const std::vector<Output> outputs = outputs_of(summarise(at, run, run_trial(at, run), ""));
    if (point == 0) {
      for (const Output& output : outputs) result.outputs.push_back({.name = output.name});
    }
    for (std::size_t k = 0; k < outputs.size(); ++k) result.outputs[k].values.push_back(outputs[k].value);
    if (progress) progress(point + 1, design.rows());
  }
  for (SensitivityOutput& output : result.outputs) analyse(options, design, output);
  return result;
}

}  // namespace coley::credibility
