// SPDX-License-Identifier: Apache-2.0
#include "credibility/validate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "credibility/misfit.hpp"
#include "statistics/sample_quantile.hpp"
#include "trial/version.hpp"

namespace coley::credibility {

namespace {

constexpr double kOutside = 0.1;           // of the central 90 %

double log_normal_density(double y, double mean, double sd) {
  const double z = (y - mean) / sd;
  return -0.5 * z * z - std::log(sd) - 0.5 * std::log(2 * std::numbers::pi);
}

double interval_score(double y, double low, double high) {
  return (high - low) + 2 / kOutside * (std::max(0.0, low - y) + std::max(0.0, y - high));
}

Use use_of(const report::EvidenceRow& row, const std::string& id, const std::vector<std::string>& fitted) {
  if (row.role == report::Role::validation) return Use::validation;
  if (row.role == report::Role::context) return Use::context;
  return std::find(fitted.begin(), fitted.end(), id) != fitted.end() ? Use::fitted : Use::left_out;
}

/// A published figure on its scale, with its standard error.
struct Figure {
  double value = 0, se = 0;
};

std::optional<Figure> figure_of(const report::EvidenceRow& row) {
  const report::Estimate& p = row.published;
  if (!p.estimate) return std::nullopt;
  const bool ratio = row.scale == report::Scale::ratio;
  if (!p.low || !p.high || (ratio && !(*p.low > 0))) return Figure{ratio ? std::log(*p.estimate) : *p.estimate, 0};
  if (ratio) return Figure{std::log(*p.estimate), std::log(*p.high / *p.low) / kNormal95};
  return Figure{*p.estimate, (*p.high - *p.low) / kNormal95};
}

/// Thirty trials, one at each member, put the ends of the central 90 % beside their second and second last: every tenth row that
/// agrees or does not would do otherwise at another seed.
constexpr int kTrialsOfAMember = 3;

void score_row(const Design& design, const TrialResult& result, std::size_t k, const EvidenceLink& link, ScoredRow& scored) {
  report::EvidenceRow& row = scored.row;
  const bool ratio = row.scale == report::Scale::ratio;
  const TrialSpread spread = spread_over_trials(result, k, row.scale);
  if (spread.values.size() >= 10) {
    scored.trial_sd = spread.sd;
    if (row.simulated.low && row.simulated.high) {
      const double width = ratio ? std::log(*row.simulated.high / *row.simulated.low) : *row.simulated.high - *row.simulated.low;
      scored.parameter_sd = width / kNormal95;  // of the expectation: Monte-Carlo error is small beside it
      scored.trial_sd = std::sqrt(std::max(0.0, spread.sd * spread.sd - *scored.parameter_sd * *scored.parameter_sd));
    }
  }
  const auto figure = figure_of(row);
  if (!figure) return;
  if (row.published.low && row.published.high && row.simulated.estimate) {
    scored.expectation_inside = *row.simulated.estimate >= *row.published.low && *row.simulated.estimate <= *row.published.high;
  }
  const bool of_control = link.quantity == "survival" && row.id.ends_with("b") && design.protocol().arms.size() == 2;
  if (of_control && row.simulated.estimate) scored.control_points = 100 * (*row.simulated.estimate - *row.published.estimate);
  if (!row.simulated_trials || !(spread.sd > 0) || spread.unbounded) return;
  scored.log_score = log_normal_density(figure->value, spread.mean, spread.sd);
  if (figure->se > 0) scored.interval_score = interval_score(figure->value, statistics::sample_quantile(spread.values, kOutside / 2), statistics::sample_quantile(spread.values, 1 - kOutside / 2)) / figure->se;
}

/// The fitted figure of another trial that is nearest: of the same quantity and endpoint, then nearest in time.
void score_naive(std::vector<ScoredRow>& rows, const std::vector<EvidenceLink>& links, std::size_t at) {
  ScoredRow& row = rows[at];
  const auto figure = figure_of(row.row);
  if (!row.log_score || !figure) return;
  const ScoredRow* nearest = nullptr;
  double distance = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool alike = rows[i].use == Use::fitted && rows[i].trial != row.trial && links[i].quantity == links[at].quantity &&
                       links[i].endpoint == links[at].endpoint && links[i].subgroup.empty() && figure_of(rows[i].row);
    if (!alike) continue;
    const double away = std::abs(links[i].month - links[at].month) + (rows[i].row.id.back() == row.row.id.back() ? 0 : 0.5);
    if (away < distance) distance = away, nearest = &rows[i];
  }
  if (!nearest) return;
  const auto carried = *figure_of(nearest->row);
  const double sd = std::hypot(carried.se, figure->se);
  if (!(sd > 0)) return;
  row.naive_log_score = log_normal_density(figure->value, carried.value, sd);
  row.naive_from = nearest->row.id;
}

}  // namespace

Validation validate(const std::vector<std::string>& trials, const std::vector<std::string>& sets, const CalibrationPlan& plan, const Ensemble& ensemble,
                    std::uint64_t seed, int threads, const std::function<void(const std::string& trial)>& progress) {
  Validation validation{sha256_of(ensemble), kVersion, {}};
  std::vector<EvidenceLink> links;  // of each row
  for (const std::string& name : trials) {
    if (progress) progress(name);
    const Design design = at_ensemble(make_design(read_trial(name, sets)), ensemble, sets);
    RunOptions options;
    options.patients = design.protocol().population.size * static_cast<long long>(ensemble.members.size()) * kTrialsOfAMember;
    options.seed = seed;
    options.threads = threads;
    const TrialResult result = run_trial(design, options);
    std::vector<std::string> fitted;
    for (const FittedTrial& trial : plan.trials) {
      if (trial.name == name) fitted = trial.rows;
    }
    const std::vector<EvidenceEstimate> estimates = evidence_of(design, result.tally);
    std::vector<report::EvidenceRow> rows = evidence_rows(design, result);
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const auto link = std::find_if(design.protocol().evidence.begin(), design.protocol().evidence.end(), [&](const EvidenceLink& l) { return l.row == estimates[k].row; });
      ScoredRow scored{.trial = name, .use = use_of(rows[k], estimates[k].row, fitted), .row = std::move(rows[k])};
      score_row(design, result, k, *link, scored);
      validation.rows.push_back(std::move(scored));
      links.push_back(*link);
    }
  }
  for (std::size_t i = 0; i < validation.rows.size(); ++i) score_naive(validation.rows, links, i);
  return validation;
}

Score score(const Validation& validation, Use use) {
  Score sum;
  int scored_intervals = 0;
  for (const ScoredRow& row : validation.rows) {
    if (row.use != use) continue;
    if (row.row.agrees) {
      ++sum.rows;
      sum.agree += *row.row.agrees;
    }
    if (row.expectation_inside) {
      ++sum.intervals;
      sum.inside += *row.expectation_inside;
    }
    if (row.control_points) {
      ++sum.controls;
      sum.within_5_points += std::abs(*row.control_points) <= 5;
    }
    if (row.interval_score) {
      ++scored_intervals;
      sum.interval_score += *row.interval_score;
    }
    if (row.log_score && row.naive_log_score) {
      ++sum.compared;
      sum.log_score_gain += *row.log_score - *row.naive_log_score;
    }
  }
  if (scored_intervals > 0) sum.interval_score /= scored_intervals;
  if (sum.compared > 0) sum.log_score_gain /= sum.compared;
  return sum;
}

}  // namespace coley::credibility
