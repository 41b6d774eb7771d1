// SPDX-License-Identifier: Apache-2.0
#include "credibility/calibrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/random.hpp"
#include "core/sha256.hpp"
#include "credibility/search.hpp"
#include "statistics/linear_emulator.hpp"
#include "statistics/sample_quantile.hpp"
#include "trial/version.hpp"

namespace coley::credibility {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr double kRidge = 0.05;        // of the emulator's regression, in prior variances
constexpr double kSpread = 0.5;        // of the first sets about the end of the search, in prior standard deviations
constexpr double kImpossible = 1e9;    // loss of numbers that no patient can have together
constexpr double kNeighbourhood = 1;   // of sets that inform the emulator: distance a dimension, in prior standard deviations

/// The fit under way: every evaluation done, in order.
class Fit {
 public:
  Fit(const Evaluator& evaluator, EvaluationLog& log, const std::function<void(const CalibrationProgress&)>& progress, long planned)
      : evaluator_(evaluator), log_(log), progress_(progress), planned_(planned) {}

  /// Deviates of the posterior, within the bounds of the numbers and possible together.
  VectorXd draw(const statistics::NormalPosterior& from, Stream& draws) const {
    constexpr int kPatience = 1000;
    for (int tries = 0; tries < kPatience; ++tries) {
      VectorXd z = within_bounds(from.draw(draws));
      if (evaluator_.possible(z)) return z;
    }
    throw RunError("the numbers that fit contradict each other: the bounds of a correlation are too wide");
  }

  /// Every trial at these deviates. The emulator learns from it.
  Evaluation evaluate(const VectorXd& z) {
    points_.push_back(z);
    evaluations_.push_back(known_or_simulated(std::vector(evaluator_.plan().trials.size(), points_.back())));
    best_ = std::min(best_, evaluator_.loss(evaluations_.back(), points_.back()));
    tell();
    return evaluations_.back();
  }

  /// Each trial at deviates of its own.
  Evaluation evaluate_each(const std::vector<VectorXd>& z_of_trials) {
    Evaluation evaluation = known_or_simulated(z_of_trials);
    ++others_;
    tell();
    return evaluation;
  }

  double loss(const VectorXd& z) { return evaluator_.possible(z) ? evaluator_.loss(evaluate(z), z) : kImpossible; }

  /// The mean of the last `count` sets.
  VectorXd centre_of_last(int count) const {
    VectorXd sum = VectorXd::Zero(points_.back().size());
    for (std::size_t i = points_.size() - static_cast<std::size_t>(count); i < points_.size(); ++i) sum += points_[i];
    return sum / count;
  }

  /// Of misfits about `centre`, from all sets, the nearer the more.
  statistics::LinearEmulator emulator(const VectorXd& centre) const {
    const auto n = static_cast<Index>(points_.size()), rows = static_cast<Index>(evaluator_.rows().size());
    MatrixXd Z(centre.size(), n), R(rows, n);
    VectorXd weights(n);
    for (Index i = 0; i < n; ++i) {
      const auto at = static_cast<std::size_t>(i);
      Z.col(i) = points_[at];
      R.col(i) = Eigen::Map<const VectorXd>(evaluations_[at].misfits.data(), rows);
      const double distance = (points_[at] - centre).squaredNorm() / static_cast<double>(centre.size());
      weights[i] = std::exp(-distance / (2 * kNeighbourhood * kNeighbourhood));
    }
    return statistics::emulate(Z, R, weights, kRidge);
  }

  long evaluations() const { return static_cast<long>(points_.size()) + others_; }

 private:
  Evaluation known_or_simulated(const std::vector<VectorXd>& z_of_trials) {
    std::string text;
    for (const VectorXd& z : z_of_trials) {
      for (const double value : z) text += fmt::format("{:a} ", value);
    }
    const std::string key = sha256(text).substr(0, 16);
    const auto known = log_.known.find(key);
    if (known != log_.known.end()) return known->second;
    Evaluation evaluation = evaluator_.each(z_of_trials);
    log_.known.emplace(key, evaluation);
    if (log_.keep) log_.keep(key, evaluation);
    return evaluation;
  }

  void tell() const {
    if (progress_) progress_({evaluations(), planned_, best_});
  }

  const Evaluator& evaluator_;
  EvaluationLog& log_;
  const std::function<void(const CalibrationProgress&)>& progress_;
  long planned_;
  double best_ = std::numeric_limits<double>::infinity();
  std::vector<VectorXd> points_;
  std::vector<Evaluation> evaluations_;
  long others_ = 0;
};

/// How often a row's squared misfit counts: less for a row that is missed by far at the middle of the emulator (one step of
/// reweighting), and not at all for one of the trial `omitted`.
VectorXd row_weights(const Evaluator& evaluator, const VectorXd& misfits, const std::string& omitted = "") {
  VectorXd weights(misfits.size());
  for (Index k = 0; k < weights.size(); ++k) {
    const FittedRow& row = evaluator.rows()[static_cast<std::size_t>(k)];
    weights[k] = row.trial == omitted ? 0 : row.weight / std::hypot(1, misfits[k] / evaluator.plan().outlier);
  }
  return weights;
}

/// How sets meet the rows of one trial.
struct Meeting {
  int rows = 0, met = 0;
  double square = 0;  ///< mean over rows and sets
};

Meeting meeting(const std::vector<FittedRow>& rows, const std::vector<Evaluation>& sets, const std::string& trial) {
  constexpr double kMet = 1.96;
  Meeting result;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (rows[k].trial != trial) continue;
    ++result.rows;
    std::vector<double> misfits;
    for (const Evaluation& set : sets) {
      misfits.push_back(set.misfits[k]);
      result.square += set.misfits[k] * set.misfits[k];
    }
    std::sort(misfits.begin(), misfits.end());
    result.met += std::abs(statistics::sample_quantile(misfits, 0.5)) <= kMet;
  }
  result.square /= static_cast<double>(sets.size()) * result.rows;
  return result;
}

/// Each trial in turn: simulated at sets drawn from the posterior of all others.
std::vector<OmittedTrial> omit_each(Fit& fit, const Evaluator& evaluator, const statistics::LinearEmulator& line, const VectorXd& misfits,
                                    const std::vector<Evaluation>& members, Stream& draws) {
  const auto& trials = evaluator.plan().trials;
  std::vector<statistics::NormalPosterior> without;
  for (const FittedTrial& trial : trials) without.push_back(statistics::posterior(line, row_weights(evaluator, misfits, trial.name)));
  std::vector<Evaluation> predicted;
  for (std::size_t m = 0; m < members.size(); ++m) {
    std::vector<VectorXd> z_of_trials;
    for (const auto& posterior : without) z_of_trials.push_back(fit.draw(posterior, draws));
    predicted.push_back(fit.evaluate_each(z_of_trials));
  }
  std::vector<OmittedTrial> omitted;
  for (const FittedTrial& trial : trials) {
    const Meeting with = meeting(evaluator.rows(), members, trial.name), without_it = meeting(evaluator.rows(), predicted, trial.name);
    omitted.push_back({trial.name, with.rows, with.met, without_it.met, with.square, without_it.square});
  }
  return omitted;
}

}  // namespace

CalibrationResult calibrate(const Evaluator& evaluator, EvaluationLog& log, const std::function<void(const CalibrationProgress&)>& progress) {
  const CalibrationPlan& plan = evaluator.plan();
  const auto numbers = static_cast<Index>(plan.numbers.size());
  Fit fit(evaluator, log, progress, static_cast<long>(plan.population) * (plan.generations + 1) + static_cast<long>(plan.sets) * plan.rounds + 2L * plan.members + 1);

  VectorXd start(numbers);
  for (Index k = 0; k < numbers; ++k) start[k] = deviate_of(plan.numbers[static_cast<std::size_t>(k)], plan.numbers[static_cast<std::size_t>(k)].start);
  const VectorXd found = search([&](const VectorXd& z) { return fit.loss(z); }, start, plan.generations, plan.population, static_cast<unsigned>(plan.seed));

  Stream draws({static_cast<std::uint64_t>(plan.seed), 0}, 0, 0);
  statistics::NormalPosterior next{found, kSpread * MatrixXd::Identity(numbers, numbers)};
  statistics::LinearEmulator line;
  VectorXd misfits;
  for (int round = 0; round < plan.rounds; ++round) {
    for (int i = 0; i < plan.sets; ++i) fit.evaluate(fit.draw(next, draws));
    const VectorXd centre = fit.centre_of_last(plan.sets);
    line = fit.emulator(centre);
    misfits = line(centre);
    next = statistics::posterior(line, row_weights(evaluator, misfits));
  }

  CalibrationResult result{.numbers = plan.numbers, .rows = evaluator.rows()};
  const VectorXd middle = within_bounds(next.mean);
  result.middle = fit.evaluate(middle);
  result.middle_loss = evaluator.loss(result.middle, middle);
  result.ensemble = single(plan.numbers, {});
  result.ensemble.members.clear();
  for (int m = 0; m < plan.members; ++m) {
    result.members.push_back(fit.evaluate(fit.draw(next, draws)));
    result.ensemble.members.push_back({result.members.back().values});
  }
  result.ensemble.omitted = omit_each(fit, evaluator, line, misfits, result.members, draws);
  result.ensemble.plan = plan.name;
  result.ensemble.plan_sha256 = sha256_of(plan);
  result.ensemble.version = kVersion;
  result.ensemble.evaluations = fit.evaluations();
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
