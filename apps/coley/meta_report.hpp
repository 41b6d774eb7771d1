// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `coley meta` found, and how it is shown: a table for people, JSON for programs. Values are kept on the scale they
// were pooled on (log for ratios) and turned back as they are shown.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exchange/study_table.hpp"
#include "statistics/meta_sensitivity.hpp"
#include "statistics/small_study_effects.hpp"
#include "statistics/survival_gain.hpp"

namespace coley {

struct SmallStudyChecks {
  statistics::AsymmetryTest egger;
  statistics::AsymmetryTest egger_classical;
  statistics::RankTest begg;
  statistics::TrimAndFill trim_and_fill;
};

struct SurvivalGains {
  statistics::Baseline baseline;
  statistics::Gain median;
  std::optional<double> horizon;
  statistics::Gain restricted_mean;  ///< with a horizon
};

struct MetaReport {
  std::string file;
  std::string measure;  ///< "hazard ratio", ...
  bool ratio = true;    ///< effects are logarithms
  std::string method;   ///< "REML", ...
  std::string test;     ///< "normal", ...
  double level = 0.95;
  exchange::Studies studies;
  std::vector<double> weights;  ///< shares; empty when the method has none
  statistics::PooledEffect pooled;
  /// The same studies under other models, by name, for comparison.
  std::vector<std::pair<std::string, statistics::PooledEffect>> alternatives;
  std::optional<statistics::QProfile> profile;
  std::vector<statistics::PooledEffect> leave_one_out;
  std::vector<statistics::PooledEffect> cumulative;
  std::optional<statistics::SubgroupAnalysis> subgroups;
  std::string covariate;
  std::optional<statistics::MetaRegression> regression;
  std::optional<SmallStudyChecks> small_study;
  std::optional<SurvivalGains> gains;
  std::vector<std::string> warnings;
};

/// A value as it is shown: a ratio, when logarithms were pooled.
double shown(const MetaReport& report, double x);
/// Interval of one study from its own variance, on the scale of pooling.
statistics::Interval study_interval(const MetaReport& report, const statistics::StudyEffect& study);

nlohmann::ordered_json to_json(const MetaReport& report);
std::string to_text(const MetaReport& report);

}  // namespace coley
