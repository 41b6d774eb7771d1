// SPDX-License-Identifier: Apache-2.0
#include "credibility/evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/chunks.hpp"
#include "core/error.hpp"

namespace coley::credibility {

namespace {

/// People screened for a place. checkmate-025, which takes most, asks for some 170 at the ensemble that ships.
constexpr long kPatience = 1000;

double to_scale(PriorScale scale, double value) {
  switch (scale) {
    case PriorScale::linear: return value;
    case PriorScale::log: return std::log(value);
    case PriorScale::logit: return std::log(value / (1 - value));
  }
  bug("a scale of no kind");
}

double from_scale(PriorScale scale, double x) {
  switch (scale) {
    case PriorScale::linear: return x;
    case PriorScale::log: return std::exp(x);
    case PriorScale::logit: return 1 / (1 + std::exp(-x));
  }
  bug("a scale of no kind");
}

std::vector<double> numbers_at(const CalibrationPlan& plan, const Eigen::VectorXd& z) {
  std::vector<double> values;
  for (std::size_t k = 0; k < plan.numbers.size(); ++k) values.push_back(number_at(plan.numbers[k], z[static_cast<Eigen::Index>(k)]));
  return values;
}

}  // namespace

double number_at(const FreeNumber& number, double z) {
  const double low = to_scale(number.scale, number.low), high = to_scale(number.scale, number.high);
  return std::clamp(from_scale(number.scale, (low + high) / 2 + z * (high - low) / 4), number.low, number.high);
}

double deviate_of(const FreeNumber& number, double value) {
  const double low = to_scale(number.scale, number.low), high = to_scale(number.scale, number.high);
  return (to_scale(number.scale, value) - (low + high) / 2) / ((high - low) / 4);
}

Ensemble single(const std::vector<FreeNumber>& numbers, const std::vector<double>& values) {
  Ensemble ensemble;
  for (const FreeNumber& number : numbers) ensemble.numbers.push_back({number.set, number.disease});
  ensemble.members.push_back({values});
  return ensemble;
}

Evaluator::Evaluator(const CalibrationPlan& plan, int threads) : plan_(plan), threads_(threads) {
  for (const FittedTrial& trial : plan.trials) inputs_.push_back(read_trial(trial.name));
  std::vector<Fault> faults;
  picked_.resize(plan.trials.size());
  for (std::size_t t = 0; t < plan.trials.size(); ++t) {
    const FittedTrial& trial = plan.trials[t];
    std::set<std::string> missing(trial.rows.begin(), trial.rows.end());
    const Design design = make_design(inputs_[t]);
    const std::vector<EvidenceEstimate> figures = evidence_of(design, design.empty_tally(false));  // what they are; nobody is simulated
    for (std::size_t k = 0; k < figures.size(); ++k) {
      const EvidenceEstimate& figure = figures[k];
      if (std::find(trial.rows.begin(), trial.rows.end(), figure.row) == trial.rows.end()) continue;
      const auto target = target_of(figure);
      if (!target) continue;
      missing.erase(figure.row);
      picked_[t].push_back(k);
      rows_.push_back({trial.name, figure, *target, 1});
    }
    for (std::size_t k = 0; k < picked_[t].size(); ++k) {
      rows_[rows_.size() - 1 - k].weight = trial.weight * plan.rows_worth / static_cast<double>(picked_[t].size());
    }
    for (const std::string& row : missing) {
      faults.push_back({.file = plan.name, .key = "trial." + trial.name + ".rows", .found = row,
                        .expected = "a row that the trial produces and that has an uncertainty; else it belongs to left_out"});
    }
  }
  if (!faults.empty()) throw InputError(std::move(faults));
}

bool Evaluator::possible(const Eigen::VectorXd& z) const {
  const Ensemble numbers = single(plan_.numbers, numbers_at(plan_, z));
  try {
    for (const TrialInputs& inputs : inputs_) make_design(with_member(inputs, numbers, 0));
  } catch (const InputError&) {
    return false;
  }
  return true;
}

std::vector<std::vector<EvidenceEstimate>> Evaluator::simulate(const std::vector<std::vector<double>>& values_of_trials) const {
  std::vector<std::vector<EvidenceEstimate>> estimates(plan_.trials.size());
  const auto simulate_one = [&](std::size_t t) {
    RunOptions options;
    options.patients = plan_.trials[t].patients > 0 ? plan_.trials[t].patients : plan_.patients;
    options.seed = static_cast<std::uint64_t>(plan_.seed);
    try {
      TrialInputs inputs = with_member(inputs_[t], single(plan_.numbers, values_of_trials[t]), 0);
      inputs.protocol.population.patience = kPatience;
      const Design design = make_design(std::move(inputs));
      estimates[t] = evidence_of(design, run_trial(design, options).tally);
    } catch (const RunError&) {
      estimates[t].clear();  // nobody to enrol at these numbers
    }
  };
  const auto worker = [&]() -> Worker { return [&](std::size_t begin, std::size_t) { simulate_one(begin); }; };
  in_chunks(plan_.trials.size(), 1, threads_, worker, {});
  return estimates;
}

Evaluation Evaluator::operator()(const Eigen::VectorXd& z) const {
  return each(std::vector(plan_.trials.size(), z));
}

Evaluation Evaluator::each(const std::vector<Eigen::VectorXd>& z_of_trials) const {
  std::vector<std::vector<double>> values;
  for (const Eigen::VectorXd& z : z_of_trials) values.push_back(numbers_at(plan_, z));
  const auto estimates = simulate(values);
  Evaluation result{values.front(), {}, {}};
  std::size_t row = 0;
  for (std::size_t t = 0; t < picked_.size(); ++t) {
    for (const std::size_t k : picked_[t]) {
      const bool known = !estimates[t].empty();
      result.misfits.push_back(known ? misfit(estimates[t][k], rows_[row].target) : kNotEstimable);
      result.simulated.push_back(known ? estimates[t][k].value : std::nan(""));
      ++row;
    }
  }
  for (std::size_t k = 0; k < pretended_.size(); ++k) result.misfits[k] -= pretended_[k];
  return result;
}

Evaluator Evaluator::pretending(const Eigen::VectorXd& truth, Stream draws) const {
  Evaluator other = *this;
  other.pretended_ = (*this)(truth).misfits;
  for (double& misfit : other.pretended_) misfit += draws.normal();
  return other;
}

double Evaluator::loss(const Evaluation& evaluation, const Eigen::VectorXd& z) const {
  double sum = z.squaredNorm();
  const double c = plan_.outlier * plan_.outlier;
  for (std::size_t k = 0; k < rows_.size(); ++k) {
    sum += rows_[k].weight * 2 * c * (std::sqrt(1 + evaluation.misfits[k] * evaluation.misfits[k] / c) - 1);
  }
  return sum;
}

}  // namespace coley::credibility
