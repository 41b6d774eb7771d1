// SPDX-License-Identifier: Apache-2.0
#pragma once
// One evaluation of a calibration: the plan's trials simulated at one set of numbers, and how far each row is off. The same
// virtual patients are drawn every time (common random numbers), so that sets differ by their numbers and not by luck.

#include <Eigen/Dense>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "credibility/misfit.hpp"
#include "protocol/calibration_file.hpp"
#include "protocol/ensemble.hpp"

namespace coley::credibility {

/// What a prior's standard normal deviate stands for, within the bounds.
double number_at(const FreeNumber& number, double z);
/// The deviate of a value.
double deviate_of(const FreeNumber& number, double value);

/// These numbers as an ensemble of one member.
Ensemble single(const std::vector<FreeNumber>& numbers, const std::vector<double>& values);

/// A row that is fitted.
struct FittedRow {
  std::string trial;
  EvidenceEstimate figure;  ///< what it is, without values
  Target target;
  double weight = 1;        ///< of its squared misfit
};

struct Evaluation {
  std::vector<double> values;   ///< of the free numbers
  std::vector<double> misfits;  ///< of the fitted rows
  std::vector<double> simulated;  ///< on the scale of the row: ratio, share, months; NaN where not estimable
};

class Evaluator {
 public:
  /// Throws InputError for a row that its trial does not produce, or that has no uncertainty.
  Evaluator(const CalibrationPlan& plan, int threads);

  const CalibrationPlan& plan() const { return plan_; }
  const std::vector<FittedRow>& rows() const { return rows_; }
  /// The same trials as if the figures at `truth`, with noise of their published uncertainty, had been published: a fit to them
  /// should find `truth` again.
  Evaluator pretending(const Eigen::VectorXd& truth, Stream draws) const;
  /// False of numbers that no patient can have together: correlations that contradict each other.
  bool possible(const Eigen::VectorXd& z) const;
  /// At these deviates, which must be possible. A trial that cannot be enrolled counts as not estimable.
  Evaluation operator()(const Eigen::VectorXd& z) const;
  /// Each trial at deviates of its own, in order of the plan; the values of the result are those of the first.
  Evaluation each(const std::vector<Eigen::VectorXd>& z_of_trials) const;
  /// Weighted misfit, linear beyond `outlier` standard errors, plus the squared deviates: minus twice a log posterior.
  double loss(const Evaluation& evaluation, const Eigen::VectorXd& z) const;

 private:
  std::vector<std::vector<EvidenceEstimate>> simulate(const std::vector<std::vector<double>>& values_of_trials) const;

  CalibrationPlan plan_;
  std::vector<TrialInputs> inputs_;  // of the plan's trials
  int threads_;
  std::vector<FittedRow> rows_;
  std::vector<double> pretended_;  // misfits that count as none; empty for the published figures themselves
  std::vector<std::vector<std::size_t>> picked_;  // of each trial's estimates, those that are fitted
};

}  // namespace coley::credibility
