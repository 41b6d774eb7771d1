// SPDX-License-Identifier: Apache-2.0
#pragma once
// The models of `coley survival` beyond Kaplan-Meier and Cox: parametric survival and cure, competing risks, subgroups
// and markers, accuracy of a prediction. Each is computed only when its option asks for it.

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "exchange/survival_table.hpp"
#include "statistics/competing_risks.hpp"
#include "statistics/fine_gray.hpp"
#include "statistics/gray_test.hpp"
#include "statistics/parametric_survival.hpp"
#include "statistics/piecewise_exponential.hpp"
#include "statistics/prediction_accuracy.hpp"
#include "statistics/subgroup_effects.hpp"

namespace coley {

struct SurvivalModelOptions {
  std::vector<std::string> parametric;       ///< laws, or "all"
  double scale = 0;                          ///< of the laws, given; 0: estimated
  bool robust = false;                       ///< sandwich variance of parametric models
  std::string cure;                          ///< "", "mixture" or "non-mixture"
  std::vector<std::string> cure_covariates;  ///< terms on the logit of the cured fraction
  std::vector<double> pieces;                ///< cut points of the piecewise exponential
  std::vector<std::string> competing;        ///< codes of the event column that are other events
  std::vector<std::string> subgroups;        ///< columns
  std::string marker;                        ///< column: treatment by marker
  std::string prediction;                    ///< column: predicted probability of the event by the horizon, or a marker
  double horizon = 0;
};

struct CompetingRisks {
  std::vector<std::string> causes;             ///< codes, the event of interest first
  std::vector<statistics::CumulativeIncidence> curves;  ///< by group
  std::vector<std::optional<statistics::GrayTest>> gray;  ///< by cause; absent with one group
  std::optional<statistics::FineGrayFit> fine_gray;  ///< of the first cause, with group and covariates
};

struct PredictionReport {
  statistics::TimeDependentRoc roc;
  std::optional<statistics::BrierScore> brier;  ///< with what follows: only for predictions that are probabilities
  std::optional<statistics::Calibration> calibration;
  std::vector<statistics::NetBenefit> decision_curve;
};

struct SurvivalModels {
  std::vector<std::string> groups;
  std::vector<statistics::ParametricFit> parametric;  ///< by rising AIC
  std::vector<statistics::PiecewiseExponential> pieces;  ///< by group
  std::optional<CompetingRisks> competing;
  std::vector<std::pair<std::string, statistics::SubgroupForest>> forests;  ///< by column
  std::optional<statistics::MarkerInteraction> interaction;
  std::optional<PredictionReport> prediction;
};

void add_survival_model_options(CLI::App& command, SurvivalModelOptions& options);

/// What the reader of the table must keep for these models (SurvivalColumns::also).
std::vector<std::string> model_columns(const SurvivalModelOptions& options);

/// Throws InputError for options that do not go together, and where a model cannot be fitted.
SurvivalModels make_survival_models(const SurvivalModelOptions& options, const exchange::SurvivalColumns& columns,
                                    const exchange::SurvivalTable& table, double level);

/// Members "parametric", "piecewise_exponential", "competing_risks", "subgroups", "marker_interaction", "prediction",
/// those that were asked for; cumulative incidences at these times.
nlohmann::json survival_models_json(const SurvivalModels& models, const std::vector<double>& at, double level);
std::string survival_models_text(const SurvivalModels& models, const std::vector<double>& at, double level);

}  // namespace coley
