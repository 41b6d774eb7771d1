// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `coley survival` computes, apart from how it is shown.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cox_output.hpp"
#include "exchange/survival_table.hpp"
#include "statistics/concordance.hpp"
#include "statistics/contrasts.hpp"
#include "statistics/cox.hpp"
#include "statistics/kaplan_meier.hpp"
#include "statistics/log_rank.hpp"
#include "statistics/proportional_hazards.hpp"
#include "survival_models.hpp"

namespace coley {

struct SurvivalOptions {
  std::string file;
  exchange::SurvivalColumns columns;
  std::string interval = "log-log", ties = "efron", median_rule = "midpoint";
  double level = 0.95;
  std::vector<double> at;       ///< times of survival, risk table and milestone comparisons
  double tau = 0;               ///< of restricted means; 0: the shortest follow-up of the groups
  std::vector<std::string> fh;  ///< "rho,gamma"
  double modest = 0;            ///< t* of the modestly weighted test; 0: none
  std::string estimator = "kaplan-meier";
  std::vector<double> quantiles = {0.5};  ///< shares that have had the event
  CoxOutputOptions cox;
  SurvivalModelOptions models;
  bool max_combo = false, robust = false, merge_near_ties = false, curves = false, json = false;
};

/// A group against the first.
struct GroupContrast {
  std::string group, control;
  std::optional<statistics::RmstContrast> rmst;
  std::string no_rmst;  ///< why there is none
  std::vector<statistics::Milestone> milestones;
};

struct SurvivalReport {
  SurvivalOptions options;
  exchange::SurvivalTable table;
  statistics::QuantileRule median_rule;
  std::vector<std::string> groups;  ///< one, "all", without a group column
  std::vector<statistics::SurvivalCurve> curves;
  std::vector<statistics::RestrictedMean> means;
  std::vector<statistics::LogRankTest> tests;
  std::optional<statistics::MaxCombo> max_combo;
  std::vector<GroupContrast> contrasts;
  std::optional<statistics::CoxFit> cox;
  std::vector<statistics::Estimate> profile;  ///< limits of the coefficients; NaN where not asked for
  std::vector<CoxPrediction> predictions;
  std::optional<statistics::Concordance> concordance;
  std::optional<statistics::ProportionalHazardsTest> proportional_hazards;
  SurvivalModels models;
  std::vector<std::string> notes;  ///< what was left out, and why
};

SurvivalReport make_survival_report(const SurvivalOptions& options);
std::string survival_text(const SurvivalReport& report);
nlohmann::json survival_json(const SurvivalReport& report);

}  // namespace coley
