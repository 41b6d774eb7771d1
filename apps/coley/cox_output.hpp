// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `coley survival` gives of its Cox model on request: predicted curves, and residuals and baseline hazard as CSV.

#include <string>
#include <vector>

#include "exchange/survival_table.hpp"
#include "statistics/cox.hpp"
#include "statistics/cox_prediction.hpp"

namespace coley {

struct CoxOutputOptions {
  std::vector<std::string> predict;  ///< "age=60,sex=2": a curve for each
  std::string residuals, schoenfeld, baseline;  ///< files; empty: none
  bool profile = false;              ///< profile-likelihood limits of every coefficient

  bool any() const { return !predict.empty() || !residuals.empty() || !schoenfeld.empty() || !baseline.empty() || profile; }
};

struct CoxPrediction {
  std::string who;  ///< as asked for
  statistics::PredictedCurve curve;
};

/// A curve for each of options.predict. Throws InputError for a variable that the model has and the text does not.
std::vector<CoxPrediction> cox_predictions(const CoxOutputOptions& options, const exchange::SurvivalColumns& columns,
                                           const exchange::SurvivalTable& table, const statistics::CoxFit& fit,
                                           const statistics::CurveOptions& curve);

/// Writes the files that are asked for: a row a row of the data (line, time, event, martingale, deviance, score and dfbeta
/// of each coefficient), a row a death (Schoenfeld), a row a death time of each stratum (baseline at covariates 0).
/// Throws RunError when a file cannot be written.
void write_cox_files(const CoxOutputOptions& options, const exchange::SurvivalTable& table, const statistics::CoxFit& fit);

}  // namespace coley
