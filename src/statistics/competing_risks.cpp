// SPDX-License-Identifier: Apache-2.0
#include "statistics/competing_risks.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <string>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

[[noreturn]] void refuse(std::size_t row, const char* key, double found, const char* expected) {
  throw InputError(Fault{.key = "row " + std::to_string(row + 1) + ", " + key, .found = std::to_string(found), .expected = expected});
}

std::vector<std::size_t> order_of(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  return order;
}

using Row = Eigen::RowVectorXd;

/// What is known up to some time: the state probabilities, and the influence on them of a subject who has been at
/// risk from the start without an event. Both follow x <- x (I + dA), the influence with a term of its own.
struct History {
  Row probability;
  Row influence;
};

/// x (I + dA) where dA moves mass from state 0 to the causes only.
Row advanced(const Row& x, const Row& jump) { return x + x[0] * jump; }

/// One who leaves: at an event of `cause` or censored (0), with the history up to entry.
struct Leaving {
  int cause;
  double weight;
  const History* entry;
};

/// Sum over subjects of the outer product of their weight times influence on the probabilities, kept up to date from time
/// to time.
/// A subject who entered at e has influence -(G(t) - G(e) Phi(e, t)) while at risk, with G as in History; within one
/// time the new term p0/Y (dN_i - dA) adds to it, and after it left only Phi acts on it.
class Jackknife {
 public:
  explicit Jackknife(int causes)
      : now_{Row::Unit(causes + 1, 0), Row::Zero(causes + 1)},
        squares_(Eigen::MatrixXd::Zero(causes + 1, causes + 1)),
        at_risk_(Row::Zero(causes + 1)) {}

  const History& now() const { return now_; }
  const Eigen::MatrixXd& squares() const { return squares_; }

  /// Moves over one time at which `leaving` leave, with the sum of weights and of their squares at risk.
  void advance(double n_risk, double squares_at_risk, const std::vector<Leaving>& leaving, const Row& jump) {
    const Eigen::Index states = jump.size();
    const double rate = now_.probability[0] / n_risk;
    Eigen::MatrixXd moved = squares_ + squares_.col(0) * jump;  // squares (I + dA)
    moved += jump.transpose() * moved.row(0);                   // (I + dA)' squares (I + dA)
    Eigen::MatrixXd cross = -at_risk_.transpose() * jump;       // sum of influence' (dN - dA)
    Eigen::MatrixXd own = squares_at_risk * jump.transpose() * jump;  // sum of (dN - dA)' (dN - dA)
    Row gained = -squares_at_risk * jump;  // sum of the new terms over those at risk
    Row left = Row::Zero(states);
    for (const Leaving& one : leaving) {
      const double w2 = one.weight * one.weight;
      const Row before = influence_since(*one.entry);
      Row step = -jump;
      if (one.cause > 0) {
        const Row event = Row::Unit(states, one.cause) - Row::Unit(states, 0);
        step += event;
        cross += w2 * before.transpose() * event;
        gained += w2 * event;
        own += w2 * (event.transpose() * event - event.transpose() * jump - jump.transpose() * event);
      }
      left += w2 * (advanced(before, jump) + rate * step);
    }
    const Eigen::MatrixXd moved_cross = rate * (cross + jump.transpose() * cross.row(0));
    squares_ = moved + moved_cross + moved_cross.transpose() + rate * rate * own;
    at_risk_ = advanced(at_risk_, jump) + rate * gained - left;
    now_.influence = advanced(now_.influence, jump) + rate * jump;
    now_.probability = advanced(now_.probability, jump);
  }

 private:
  Row influence_since(const History& entry) const {
    const double alive = entry.probability[0];
    if (alive <= 0) return Row::Zero(now_.influence.size());  // state 0 was empty: nothing later moves
    Row carried = entry.influence + entry.influence[0] / alive * (now_.probability - entry.probability);
    carried[0] = entry.influence[0] * now_.probability[0] / alive;
    return carried - now_.influence;
  }

  History now_;
  Eigen::MatrixXd squares_;
  Row at_risk_;  // sum of squared weight times influence of those at risk
};

/// Gray's variance of one cause: F(t) is p0-weighted, so its variance is v1 + F^2 v3 - 2 F v2 of three running sums.
struct AalenSums {
  double v1 = 0, v2 = 0, v3 = 0, variance = 0;

  void add(double probability, double survival_before, double survival_after, double n_risk, double own, double other) {
    const double scale = survival_before * survival_before / (n_risk * n_risk);
    const double inverse = survival_after > 0 ? 1 / survival_after : 0;
    const auto term = [&](double deaths, double weight) {
      const double ties = deaths > 1 ? 1 - (deaths - 1) / (n_risk - 1) : 1;
      const double amount = scale * ties * deaths;
      v1 += weight * weight * amount;
      v2 += weight * inverse * amount;
      v3 += inverse * inverse * amount;
    };
    if (other > 0 && survival_after > 0) term(other, probability * inverse);
    if (own > 0) {
      term(own, 1 + probability * inverse);
      variance = v1 + probability * probability * v3 - 2 * probability * v2;
    }
  }
};

}  // namespace

void check_competing_times(const CompetingTimes& data) {
  if (data.time.empty()) throw InputError(Fault{.found = "no subjects", .expected = "at least one"});
  if (data.cause.size() != data.time.size() || (!data.entry.empty() && data.entry.size() != data.time.size()) || (!data.weight.empty() && data.weight.size() != data.time.size()))
    bug("competing risks: arrays of different length");
  for (std::size_t i = 0; i < data.time.size(); ++i) {
    if (!std::isfinite(data.time[i]) || data.time[i] < 0) refuse(i, "time", data.time[i], "a time of 0 or more");
    if (data.cause[i] < 0) refuse(i, "cause", data.cause[i], "0 for censored, or the number of a cause from 1");
    if (!data.entry.empty() && !(data.entry[i] >= 0 && data.entry[i] < data.time[i]))
      refuse(i, "entry", data.entry[i], "an entry of 0 or more and before the time of the event");
    if (!data.weight.empty() && !(data.weight[i] > 0 && std::isfinite(data.weight[i]))) refuse(i, "weight", data.weight[i], "a finite weight above 0");
  }
}

std::ptrdiff_t CumulativeIncidence::row_at(double t) const {
  return std::upper_bound(time.begin(), time.end(), t) - time.begin() - 1;
}

double CumulativeIncidence::probability_at(int state, double t) const {
  const std::ptrdiff_t row = row_at(t);
  return row < 0 ? (state == 0 ? 1 : 0) : probability[static_cast<std::size_t>(state)][static_cast<std::size_t>(row)];
}

Estimate CumulativeIncidence::interval_at(int state, double t, const CurveOptions& options) const {
  const std::ptrdiff_t row = row_at(t);
  double p = probability_at(state, t);
  if (std::abs(p - 1) < 1e-13) p = 1;  // a sum of the others that has rounded
  if (row < 0) return {p, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
  if (p == 0 && options.interval == IntervalType::plain) return {0, 0, 0};
  return survival_interval(p, se[static_cast<std::size_t>(state)][static_cast<std::size_t>(row)] / p, options);
}

CumulativeIncidence aalen_johansen(const CompetingTimes& data, int causes) {
  check_competing_times(data);
  for (std::size_t i = 0; i < data.cause.size(); ++i)
    if (data.cause[i] > causes) refuse(i, "cause", data.cause[i], "a cause that the analysis knows");
  const std::vector<std::size_t> exits = order_of(data.time), entries = order_of(data.entry);
  const std::size_t n = exits.size(), states = static_cast<std::size_t>(causes) + 1;

  CumulativeIncidence curve;
  for (auto* array : {&curve.n_event, &curve.probability, &curve.se, &curve.aalen_variance}) array->resize(states);
  Jackknife jackknife(causes);
  const History start = jackknife.now();
  std::vector<History> histories;  // taken after the last time before subjects enter
  std::vector<std::size_t> history_of(data.entry.size());
  std::vector<AalenSums> aalen(states);
  std::vector<Leaving> leaving;
  const auto weight = [&data](std::size_t i) { return data.weight.empty() ? 1.0 : data.weight[i]; };
  double n_risk = 0, squares_at_risk = 0;
  const auto join = [&](std::size_t i, double sign) {
    n_risk += sign * weight(i);
    squares_at_risk += sign * weight(i) * weight(i);
  };
  if (entries.empty())
    for (std::size_t i = 0; i < n; ++i) join(i, 1);
  histories.reserve(entries.size());

  std::size_t entered = 0;
  for (std::size_t from = 0, to; from < n; from = to) {
    const double t = data.time[exits[from]];
    if (entered < entries.size() && data.entry[entries[entered]] < t) histories.push_back(jackknife.now());
    for (; entered < entries.size() && data.entry[entries[entered]] < t; ++entered) {
      history_of[entries[entered]] = histories.size() - 1;
      join(entries[entered], 1);
    }
    Row count = Row::Zero(static_cast<Eigen::Index>(states));
    leaving.clear();
    for (to = from; to < n && data.time[exits[to]] == t; ++to) {
      const std::size_t i = exits[to];
      count[data.cause[i]] += weight(i);
      leaving.push_back({data.cause[i], weight(i), entries.empty() ? &start : &histories[history_of[i]]});
    }
    const double events = count.tail(causes).sum();
    Row jump = count / n_risk;
    jump[0] = -events / n_risk;
    const double before = jackknife.now().probability[0];
    jackknife.advance(n_risk, squares_at_risk, leaving, jump);
    curve.time.push_back(t);
    curve.n_risk.push_back(n_risk);
    const Row& probability = jackknife.now().probability;
    for (std::size_t k = 0; k < states; ++k) {
      const auto state = static_cast<Eigen::Index>(k);
      if (k > 0 && data.weight.empty()) aalen[k].add(probability[state], before, probability[0], n_risk, count[state], events - count[state]);
      curve.n_event[k].push_back(count[state]);
      curve.probability[k].push_back(probability[state]);
      curve.se[k].push_back(std::sqrt(std::max(0.0, jackknife.squares()(state, state))));
      if (k > 0 && data.weight.empty()) curve.aalen_variance[k].push_back(aalen[k].variance);
    }
    for (const std::size_t i : std::span(exits).subspan(from, to - from)) join(i, -1);
    if (entries.empty() ? to == n : entered == to) n_risk = squares_at_risk = 0;  // nobody left: no rounding is carried over
  }
  return curve;
}

}  // namespace coley::statistics
