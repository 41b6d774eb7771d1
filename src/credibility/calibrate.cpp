// SPDX-License-Identifier: Apache-2.0
#include "credibility/calibrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/random.hpp"
#include "core/sha256.hpp"
#include "credibility/search.hpp"
#include "statistics/ensemble_smoother.hpp"
#include "trial/version.hpp"

namespace coley::credibility {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr double kRidge = 0.05;        // of the sensitivities' regression, in prior variances
constexpr double kSpread = 0.5;        // of the first members about the end of the search, in prior standard deviations
constexpr double kNeighbourhood = 1.0; // of evaluations that inform a sensitivity: distance a dimension, in prior standard deviations

/// The fit under way: every evaluation done, in order.
class Fit {
 public:
  Fit(const Evaluator& evaluator, EvaluationLog& log, const std::function<void(const CalibrationProgress&)>& progress, long planned)
      : evaluator_(evaluator), log_(log), progress_(progress), planned_(planned) {}

  Evaluation evaluate(const VectorXd& z) {
    const VectorXd inside = z.cwiseMax(-kWidestDeviate).cwiseMin(kWidestDeviate);
    std::string text;
    for (const double value : inside) text += fmt::format("{:a} ", value);
    const std::string key = sha256(text).substr(0, 16);
    const auto known = log_.known.find(key);
    const Evaluation evaluation = known != log_.known.end() ? known->second : evaluator_(inside);
    if (known == log_.known.end()) {
      log_.known.emplace(key, evaluation);
      if (log_.keep) log_.keep(key, evaluation);
    }
    points_.push_back(inside);
    evaluations_.push_back(evaluation);
    best_ = std::min(best_, evaluator_.loss(evaluation, inside));
    if (progress_) progress_({static_cast<long>(points_.size()), planned_, best_});
    return evaluation;
  }

  double loss(const VectorXd& z) { return evaluator_.loss(evaluate(z), z); }

  /// Sensitivities about a point, from every evaluation near it; rows scaled by `scale`.
  MatrixXd sensitivities_about(const VectorXd& centre, const VectorXd& scale) const {
    const auto n = static_cast<Index>(points_.size());
    MatrixXd Z(centre.size(), n), R(scale.size(), n);
    VectorXd weights(n);
    for (Index i = 0; i < n; ++i) {
      const auto at = static_cast<std::size_t>(i);
      Z.col(i) = points_[at];
      R.col(i) = scale.cwiseProduct(Eigen::Map<const VectorXd>(evaluations_[at].misfits.data(), scale.size()));
      const double distance = (points_[at] - centre).squaredNorm() / static_cast<double>(centre.size());
      weights[i] = std::exp(-distance / (2 * kNeighbourhood * kNeighbourhood));
    }
    return statistics::sensitivities(Z, R, weights, kRidge);
  }

  /// Of all sets simulated, those of the smallest loss, each once: approximate Bayesian computation with the smoother as
  /// its proposal. Without the rows of the trial `omitted`.
  std::vector<Evaluation> nearest(int count, const std::string& omitted = "") const {
    std::map<double, std::size_t> by_loss;  // a set simulated twice has its loss twice
    for (std::size_t i = 0; i < points_.size(); ++i) by_loss.emplace(evaluator_.loss(evaluations_[i], points_[i], omitted), i);
    std::vector<Evaluation> kept;
    for (const auto& [loss, at] : by_loss) {
      if (static_cast<int>(kept.size()) < count) kept.push_back(evaluations_[at]);
    }
    return kept;
  }

  long evaluations() const { return static_cast<long>(points_.size()); }

 private:
  const Evaluator& evaluator_;
  EvaluationLog& log_;
  const std::function<void(const CalibrationProgress&)>& progress_;
  long planned_;
  double best_ = std::numeric_limits<double>::infinity();
  std::vector<VectorXd> points_;
  std::vector<Evaluation> evaluations_;
};

/// Square roots of the rows' weights, smaller for a row that the whole ensemble misses by far (one step of reweighting).
VectorXd row_scales(const Evaluator& evaluator, const MatrixXd& misfits) {
  const auto& rows = evaluator.rows();
  VectorXd scale(static_cast<Index>(rows.size()));
  for (Index k = 0; k < scale.size(); ++k) {
    const double mean = misfits.row(k).mean() / evaluator.plan().outlier;
    scale[k] = std::sqrt(rows[static_cast<std::size_t>(k)].weight / std::sqrt(1 + mean * mean));
  }
  return scale;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// How sets meet the rows of one trial: how many rows they meet, and their mean square misfit.
std::pair<int, double> meeting(const std::vector<FittedRow>& rows, const std::vector<Evaluation>& sets, const std::string& trial) {
  constexpr double kMet = 1.96;
  int met = 0, count = 0;
  double squares = 0;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (rows[k].trial != trial) continue;
    ++count;
    std::vector<double> misfits;
    for (const Evaluation& set : sets) {
      misfits.push_back(set.misfits[k]);
      squares += set.misfits[k] * set.misfits[k];
    }
    met += std::abs(median(misfits)) <= kMet;
  }
  return {met, squares / (static_cast<double>(sets.size()) * count)};
}

std::vector<OmittedTrial> omit_each(const Evaluator& evaluator, const Fit& fit, const std::vector<Evaluation>& members) {
  std::vector<OmittedTrial> omitted;
  for (const FittedRow& row : evaluator.rows()) {
    if (!omitted.empty() && omitted.back().trial == row.trial) {
      ++omitted.back().rows;
      continue;
    }
    const auto [met, square] = meeting(evaluator.rows(), members, row.trial);
    const auto [met_without, square_without] = meeting(evaluator.rows(), fit.nearest(static_cast<int>(members.size()), row.trial), row.trial);
    omitted.push_back({row.trial, 1, met, met_without, square, square_without});
  }
  return omitted;
}

}  // namespace

CalibrationResult calibrate(const Evaluator& evaluator, EvaluationLog& log, const std::function<void(const CalibrationProgress&)>& progress) {
  const CalibrationPlan& plan = evaluator.plan();
  const auto numbers = static_cast<int>(plan.numbers.size()), rows = static_cast<int>(evaluator.rows().size());
  Fit fit(evaluator, log, progress, static_cast<long>(plan.population) * (plan.generations + 1) + static_cast<long>(plan.members) * (plan.iterations + 1));

  VectorXd start(numbers);
  for (int k = 0; k < numbers; ++k) start[k] = deviate_of(plan.numbers[static_cast<std::size_t>(k)], plan.numbers[static_cast<std::size_t>(k)].start);
  const VectorXd best = search([&](const VectorXd& z) { return fit.loss(z); }, start, plan.generations, plan.population, static_cast<unsigned>(plan.seed));

  Stream draws({static_cast<std::uint64_t>(plan.seed), 0}, 0, 0);
  statistics::EnsembleSmoother smoother(numbers, rows, plan.members, draws, best, kSpread);
  CalibrationResult result{.numbers = plan.numbers, .rows = evaluator.rows()};
  const auto simulate_members = [&] {
    MatrixXd misfits(rows, plan.members);
    result.members.clear();
    for (int m = 0; m < plan.members; ++m) {
      result.members.push_back(fit.evaluate(smoother.members().col(m)));
      misfits.col(m) = Eigen::Map<const VectorXd>(result.members.back().misfits.data(), rows);
    }
    return misfits;
  };
  MatrixXd misfits = simulate_members();
  for (int i = 0; i < plan.iterations; ++i) {
    const VectorXd scale = row_scales(evaluator, misfits);
    const MatrixXd H = fit.sensitivities_about(smoother.members().rowwise().mean(), scale);
    smoother.update(scale.asDiagonal() * misfits, H, i + 1 < plan.iterations ? 0.6 : 1.0);
    misfits = simulate_members();
  }

  std::vector<OmittedTrial> omitted;
  if (plan.kept > 0) {
    result.members = fit.nearest(plan.kept);
    omitted = omit_each(evaluator, fit, result.members);
  }
  result.best = fit.evaluate(best);
  result.best_loss = evaluator.loss(result.best, best);
  result.ensemble = single(plan.numbers, {});
  result.ensemble.members.clear();
  result.ensemble.plan = plan.name;
  result.ensemble.plan_sha256 = sha256_of(plan);
  result.ensemble.version = kVersion;
  result.ensemble.evaluations = fit.evaluations();
  result.ensemble.omitted = std::move(omitted);
  for (const Evaluation& member : result.members) result.ensemble.members.push_back({member.values});
  return result;
}

std::string to_line(const std::string& key, const Evaluation& evaluation) {
  return nlohmann::json{{"key", key}, {"values", evaluation.values}, {"misfits", evaluation.misfits}, {"simulated", evaluation.simulated}}.dump();
}

std::pair<std::string, Evaluation> read_line(const std::string& line, const std::string& file, int number) {
  try {
    const auto json = nlohmann::json::parse(line);
    Evaluation evaluation{json.at("values").get<std::vector<double>>(), json.at("misfits").get<std::vector<double>>(), {}};
    for (const auto& value : json.at("simulated")) evaluation.simulated.push_back(value.is_null() ? std::nan("") : value.get<double>());
    return {json.at("key").get<std::string>(), std::move(evaluation)};
  } catch (const nlohmann::json::exception&) {
    throw InputError(Fault{.file = file, .line = number, .found = "no evaluation", .expected = "the log as coley calibrate wrote it; delete the line"});
  }
}

}  // namespace coley::credibility
