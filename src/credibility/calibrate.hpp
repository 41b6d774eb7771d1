// SPDX-License-Identifier: Apache-2.0
#pragma once
// A joint fit: a global search for a good set of numbers, then rounds of sets from which a linear emulator of the misfits, and
// with it the posterior of the numbers, is learnt; the ensemble is a sample of that posterior (docs/decisions/0056-emulated-posterior.md).
// The same plan gives the same ensemble whatever the number of threads, and after an interruption.

#include <functional>
#include <string>
#include <vector>

#include "credibility/evaluation.hpp"
#include "protocol/ensemble.hpp"

namespace coley::credibility {

struct CalibrationProgress {
  long done = 0, planned = 0;  ///< evaluations
  double best = 0;             ///< smallest loss so far
};

struct CalibrationResult {
  Ensemble ensemble;
  std::vector<FreeNumber> numbers;
  std::vector<FittedRow> rows;
  std::vector<Evaluation> members;  ///< each member simulated
  Evaluation middle;                ///< the posterior's mean, simulated
  double middle_loss = 0;
};

/// Evaluations that were done before, by the digest of their numbers, and where to keep new ones.
struct EvaluationLog {
  std::map<std::string, Evaluation> known;
  std::function<void(const std::string& key, const Evaluation&)> keep;
};

/// `progress` may throw to stop the fit; what `log` kept is not lost.
CalibrationResult calibrate(const Evaluator& evaluator, EvaluationLog& log, const std::function<void(const CalibrationProgress&)>& progress);

/// One line of the log, without a line end; and back. Throws InputError for a line that is none.
std::string to_line(const std::string& key, const Evaluation& evaluation);
std::pair<std::string, Evaluation> read_line(const std::string& line, const std::string& file, int number);

}  // namespace coley::credibility
