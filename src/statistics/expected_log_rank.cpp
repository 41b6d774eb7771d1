// SPDX-License-Identifier: Apache-2.0
#include "statistics/expected_log_rank.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/random.hpp"

namespace coley::statistics {

namespace {

constexpr int kStepsPerPiece = 1000;  // the midpoint rule is then good to about 1e-7

void require(bool holds, const char* key, double found, const char* expected) {
  if (!holds) throw InputError(Fault{.key = key, .found = std::to_string(found), .expected = expected});
}

/// Times on trial at which a hazard or the number under observation changes its form.
std::vector<double> breaks(const TwoArmAccrual& trial, double time) {
  std::vector<double> at = {0.0, time};
  for (const ArmHazards* arm : {&trial.treated, &trial.control})
    at.insert(at.end(), arm->event.starts.begin(), arm->event.starts.end());
  for (const double entry : trial.accrual.times) at.push_back(time - entry);
  std::erase_if(at, [&](double x) { return x < 0 || x > time; });
  std::sort(at.begin(), at.end());
  at.erase(std::unique(at.begin(), at.end()), at.end());
  return at;
}

double hazard_at(const PiecewiseHazard& hazard, double x) {
  const auto next = std::upper_bound(hazard.starts.begin(), hazard.starts.end(), x);
  return hazard.rates[static_cast<std::size_t>(next - hazard.starts.begin()) - 1];
}

/// Share of the patients who entered by calendar time t.
double entered(const Accrual& accrual, double t) {
  double sum = 0;
  for (std::size_t i = 0; i < accrual.intensities.size() && accrual.times[i] < t; ++i)
    sum += accrual.intensities[i] * (std::min(t, accrual.times[i + 1]) - accrual.times[i]);
  return sum / accrual.patients();
}

/// An arm stepped through time on trial at the midpoints of short intervals.
class Arm {
 public:
  Arm(const ArmHazards& hazards, double share) : hazards_(hazards), share_(share) {}
  /// Goes on by `width` around x: share under observation there, and its events.
  struct Step {
    double at_risk, events;
  };
  Step step(double x, double width, double in_trial) {
    const double hazard = hazard_at(hazards_.event, x), kept = std::exp(-0.5 * width * (hazard + hazards_.dropout));
    left_ *= kept;
    const double at_risk = share_ * in_trial * left_;
    left_ *= kept;
    return {at_risk, at_risk * hazard * width};
  }

 private:
  const ArmHazards& hazards_;
  double share_;
  double left_ = 1;  ///< P(neither event nor dropout so far)
};

/// The weight as time on trial goes by.
class Weigher {
 public:
  explicit Weigher(const LogRankWeight& weight) : weight_(weight) {}
  double at(double x, double survival, double at_risk) {
    switch (weight_.kind) {
      case LogRankWeight::Kind::gehan: return at_risk;
      case LogRankWeight::Kind::tarone_ware: return std::sqrt(at_risk);
      case LogRankWeight::Kind::peto_peto: return survival;
      case LogRankWeight::Kind::modestly_weighted:
        if (x <= weight_.at) capped_ = survival;
        return 1 / capped_;
      case LogRankWeight::Kind::early_zero: return x < weight_.at ? 0.0 : 1.0;
      default: return std::pow(survival, weight_.rho) * std::pow(1 - survival, weight_.gamma);
    }
  }

 private:
  LogRankWeight weight_;
  double capped_ = 1;  ///< survival, until the weight stops growing
};

}  // namespace

double ExpectedLogRank::drift(double patients) const { return -score * std::sqrt(patients / variance); }

ExpectedLogRank expected_log_rank(const TwoArmAccrual& trial, double time, const LogRankWeight& weight) {
  require(time > 0 && std::isfinite(time), "time", time, "a time above 0");
  require(event_share(trial, time) > 0, "events", 0, "hazards under which events occur");  // checks the trial too
  const double treated_share = trial.allocation / (1 + trial.allocation);
  Arm treated(trial.treated, treated_share), control(trial.control, 1 - treated_share);
  Weigher weigher(weight);
  ExpectedLogRank result;
  double pooled_hazard = 0, log_ratio = 0, information = 0;
  const std::vector<double> at = breaks(trial, time);
  for (std::size_t piece = 0; piece + 1 < at.size(); ++piece) {
    const double width = (at[piece + 1] - at[piece]) / kStepsPerPiece;
    for (int i = 0; i < kStepsPerPiece; ++i) {
      const double x = at[piece] + (i + 0.5) * width, in_trial = entered(trial.accrual, time - x);
      const auto one = treated.step(x, width, in_trial), two = control.step(x, width, in_trial);
      const double at_risk = one.at_risk + two.at_risk, events = one.events + two.events;
      if (!(at_risk > 0)) continue;
      const double share = one.at_risk / at_risk, hazard = events / at_risk;
      const double survival = std::exp(-pooled_hazard - 0.5 * hazard);
      pooled_hazard += hazard;
      const double w = weigher.at(x, survival, at_risk);
      result.score += w * (one.events - share * events);
      result.variance += w * w * share * (1 - share) * events;
      result.event_share += events;
      if (one.events > 0 && two.events > 0) {
        const double d = one.events * two.events / events;
        log_ratio += d * std::log(one.events / one.at_risk * two.at_risk / two.events);
        information += d;
      }
    }
  }
  if (information > 0) result.average_hazard_ratio = std::exp(log_ratio / information);
  return result;
}

double log_rank_power(const TwoArmAccrual& trial, double time, double patients, double alpha, const LogRankWeight& weight) {
  require(alpha > 0 && alpha < 1, "alpha", alpha, "a probability between 0 and 1");
  require(patients > 0, "patients", patients, "a number above 0");
  return normal_cdf(expected_log_rank(trial, time, weight).drift(patients) - normal_quantile(1 - alpha));
}

double log_rank_patients(const TwoArmAccrual& trial, double time, double alpha, double power, const LogRankWeight& weight) {
  require(alpha > 0 && alpha < 1, "alpha", alpha, "a probability between 0 and 1");
  require(power > alpha && power < 1, "power", power, "a probability between alpha and 1");
  const double drift = expected_log_rank(trial, time, weight).drift(1.0);
  require(drift > 0, "effect", drift, "an expected effect in favour of treatment");
  const double needed = (normal_quantile(1 - alpha) + normal_quantile(power)) / drift;
  return needed * needed;
}

}  // namespace coley::statistics
