// SPDX-License-Identifier: Apache-2.0
#include "statistics/prediction_accuracy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "core/error.hpp"
#include "statistics/kaplan_meier.hpp"

namespace coley::statistics {
namespace {

/// Survival of the censoring time, a step function.
class CensoringSurvival {
 public:
  explicit CensoringSurvival(const SurvivalRows& rows) {
    double survival = 1;
    SortedRows(rows).walk([&](const RiskSet& set) {
      if (set.censored[0] == 0) return;
      survival *= 1 - set.censored[0] / (set.at_risk[0] - set.events[0]);
      time_.push_back(set.time);
      survival_.push_back(survival);
    });
  }
  double before(double t) const { return value(std::lower_bound(time_.begin(), time_.end(), t) - time_.begin()); }
  double at(double t) const { return value(std::upper_bound(time_.begin(), time_.end(), t) - time_.begin()); }

 private:
  double value(std::ptrdiff_t steps) const { return steps == 0 ? 1 : survival_[static_cast<std::size_t>(steps - 1)]; }
  std::vector<double> time_, survival_;
};

void check_data(const PredictedOutcomes& data, double horizon, bool probability) {
  check({.time = data.time, .event = data.event});
  if (data.prediction.size() != data.time.size()) bug("predictions: arrays of different length");
  if (!(horizon > 0) || !std::isfinite(horizon)) throw InputError(Fault{.key = "horizon", .found = std::to_string(horizon), .expected = "a time above 0"});
  for (std::size_t i = 0; i < data.prediction.size(); ++i) {
    const double p = data.prediction[i];
    if (!std::isfinite(p) || (probability && (p < 0 || p > 1)))
      throw InputError(Fault{.key = "row " + std::to_string(i + 1) + ", prediction", .found = std::to_string(p),
                             .expected = probability ? "a probability between 0 and 1" : "a finite number"});
  }
  if (std::none_of(data.time.begin(), data.time.end(), [&](double t) { return t > horizon; }))
    throw InputError(Fault{.key = "horizon", .found = std::to_string(horizon), .expected = "a time before the end of follow-up: nobody is observed beyond it"});
}

/// What is known of a subject at the horizon: an event before (case), no event yet (control), or neither.
struct Status {
  bool is_case, is_control;
  double weight;  // 1 / G at the event or the horizon; 0 when neither
};

std::vector<Status> status_at(const PredictedOutcomes& data, double horizon) {
  const CensoringSurvival censoring({.time = data.time, .event = data.event});
  std::vector<Status> all;
  for (std::size_t i = 0; i < data.time.size(); ++i) {
    const bool later = data.time[i] > horizon, happened = !later && data.event[i] != 0;
    all.push_back({happened, later, later ? 1 / censoring.at(horizon) : happened ? 1 / censoring.before(data.time[i]) : 0});
  }
  return all;
}

Estimate mean_interval(double mean, const std::vector<double>& influence, double level) {
  double squares = 0;
  for (const double value : influence) squares += value * value;
  const double half = two_sided_deviate(level) * std::sqrt(squares);
  return {mean, std::max(0.0, mean - half), std::min(1.0, mean + half)};
}

/// 1 - Kaplan-Meier at the horizon among the subjects for whom keep(i).
template <class Keep>
Estimate observed_risk(const PredictedOutcomes& data, double horizon, double level, Keep keep) {
  std::vector<double> time;
  std::vector<std::uint8_t> event;
  for (std::size_t i = 0; i < data.time.size(); ++i)
    if (keep(i)) {
      time.push_back(data.time[i]);
      event.push_back(data.event[i]);
    }
  const SurvivalCurve curve = kaplan_meier(SurvivalRows{.time = time, .event = event}, {.interval = IntervalType::log_log, .level = level}).front();
  const bool unknown = curve.time.back() < horizon && curve.survival.back() > 0;  // all censored before the horizon
  const double nan = std::numeric_limits<double>::quiet_NaN();
  if (unknown) return {nan, nan, nan};
  const CurvePoint point = curve_at(curve, horizon);
  return {1 - point.survival, 1 - point.high, 1 - point.low};
}

double mean_of(std::span<const double> values) { return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size()); }

std::vector<std::size_t> by_rising(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  return order;
}

double mean_square(const std::vector<Status>& status, std::span<const double> prediction) {
  double sum = 0;
  for (std::size_t i = 0; i < status.size(); ++i) {
    const double miss = (status[i].is_case ? 1 : 0) - prediction[i];
    sum += status[i].weight * miss * miss;
  }
  return sum / static_cast<double>(status.size());
}

}  // namespace

TimeDependentRoc time_dependent_roc(const PredictedOutcomes& data, double horizon, double level) {
  check_data(data, horizon, false);
  const std::vector<Status> status = status_at(data, horizon);
  TimeDependentRoc roc;
  for (const Status& s : status) (s.is_case ? roc.cases : roc.controls) += s.weight;
  if (roc.cases == 0) throw InputError(Fault{.key = "horizon", .found = "no event by " + std::to_string(horizon), .expected = "a horizon with events before it"});

  const std::vector<std::size_t> order = by_rising(data.prediction);
  // Walking up the marker: a case beats the controls below it, and half of those it ties with.
  std::vector<double> beaten(status.size(), 0);  // weighted share of the other kind on the right side
  double cases_below = 0, controls_below = 0, concordant = 0;
  roc.points.push_back({-std::numeric_limits<double>::infinity(), 1, 0});
  for (std::size_t from = 0, to; from < order.size(); from = to) {
    double cases = 0, controls = 0;
    for (to = from; to < order.size() && data.prediction[order[to]] == data.prediction[order[from]]; ++to)
      (status[order[to]].is_case ? cases : controls) += status[order[to]].weight;
    for (std::size_t k = from; k < to; ++k)
      beaten[order[k]] = status[order[k]].is_case ? (controls_below + controls / 2) / roc.controls
                                                  : (roc.cases - cases_below - cases / 2) / roc.cases;
    concordant += cases * (controls_below + controls / 2);
    cases_below += cases;
    controls_below += controls;
    roc.points.push_back({data.prediction[order[from]], 1 - cases_below / roc.cases, controls_below / roc.controls});
  }
  std::reverse(roc.points.begin(), roc.points.end());
  const double auc = concordant / (roc.cases * roc.controls);
  std::vector<double> influence;
  for (std::size_t i = 0; i < status.size(); ++i)
    influence.push_back(status[i].weight * (beaten[i] - auc) / (status[i].is_case ? roc.cases : roc.controls));
  roc.auc = mean_interval(auc, influence, level);
  return roc;
}

BrierScore brier_score(const PredictedOutcomes& data, double horizon, double level) {
  check_data(data, horizon, true);
  const std::vector<Status> status = status_at(data, horizon);
  const double n = static_cast<double>(status.size()), score = mean_square(status, data.prediction);
  std::vector<double> influence;
  for (std::size_t i = 0; i < status.size(); ++i) {
    const double miss = (status[i].is_case ? 1 : 0) - data.prediction[i];
    influence.push_back((status[i].weight * miss * miss - score) / n);
  }
  const double risk = observed_risk(data, horizon, level, [](std::size_t) { return true; }).estimate;
  const double reference = mean_square(status, std::vector<double>(status.size(), risk));
  return {mean_interval(score, influence, level), reference, 1 - score / reference};
}

double integrated_brier_score(std::span<const double> time, std::span<const std::uint8_t> event,
                              std::span<const double> horizons, const std::vector<std::vector<double>>& predictions) {
  if (horizons.size() < 2) throw InputError(Fault{.key = "horizons", .found = std::to_string(horizons.size()), .expected = "two or more"});
  if (predictions.size() != horizons.size()) bug("integrated_brier_score: predictions for each horizon");
  double area = 0, before = 0;
  for (std::size_t k = 0; k < horizons.size(); ++k) {
    const PredictedOutcomes data{time, event, predictions[k]};
    check_data(data, horizons[k], true);
    const double score = mean_square(status_at(data, horizons[k]), data.prediction);
    if (k > 0 && !(horizons[k] > horizons[k - 1]))
      throw InputError(Fault{.key = "horizons", .found = std::to_string(horizons[k]), .expected = "each after the one before"});
    if (k > 0) area += 0.5 * (score + before) * (horizons[k] - horizons[k - 1]);
    before = score;
  }
  return area / (horizons.back() - horizons.front());
}

Calibration calibration(const PredictedOutcomes& data, double horizon, int groups, double level) {
  check_data(data, horizon, true);
  if (groups < 1) throw InputError(Fault{.key = "groups", .found = std::to_string(groups), .expected = "one or more"});
  const std::vector<std::size_t> order = by_rising(data.prediction);
  std::vector<int> group_of(order.size(), -1);
  Calibration result;
  std::size_t from = 0;
  for (int g = 0; g < groups && from < order.size(); ++g) {
    std::size_t to = std::max(from + 1, order.size() * static_cast<std::size_t>(g + 1) / static_cast<std::size_t>(groups));
    while (to < order.size() && data.prediction[order[to]] == data.prediction[order[to - 1]]) ++to;
    double sum = 0;
    for (std::size_t k = from; k < to; ++k) {
      sum += data.prediction[order[k]];
      group_of[order[k]] = g;
    }
    const double size = static_cast<double>(to - from);
    result.groups.push_back({sum / size, observed_risk(data, horizon, level, [&](std::size_t i) { return group_of[i] == g; }), size});
    from = to;
  }
  const double expected = mean_of(data.prediction);
  const Estimate all = observed_risk(data, horizon, level, [](std::size_t) { return true; });
  if (expected == 0) throw InputError(Fault{.key = "prediction", .found = "0 for every subject", .expected = "probabilities above 0"});
  result.observed_by_expected = {all.estimate / expected, all.low / expected, all.high / expected};
  return result;
}

std::vector<NetBenefit> decision_curve(const PredictedOutcomes& data, double horizon, std::span<const double> thresholds) {
  check_data(data, horizon, true);
  const double n = static_cast<double>(data.time.size());
  const double risk = observed_risk(data, horizon, 0.95, [](std::size_t) { return true; }).estimate;
  std::vector<NetBenefit> curve;
  for (const double threshold : thresholds) {
    if (!(threshold > 0 && threshold < 1)) throw InputError(Fault{.key = "threshold", .found = std::to_string(threshold), .expected = "a probability between 0 and 1"});
    const double odds = threshold / (1 - threshold);
    const auto positive = [&](std::size_t i) { return data.prediction[i] >= threshold; };
    double count = 0;
    for (std::size_t i = 0; i < data.time.size(); ++i) count += positive(i);
    // NaN when every positive subject is censored before the horizon: their risk is not known.
    const double among = count > 0 ? observed_risk(data, horizon, 0.95, positive).estimate : 0;
    curve.push_back({threshold, count / n * (among - (1 - among) * odds), risk - (1 - risk) * odds, count / n});
  }
  return curve;
}

}  // namespace coley::statistics
