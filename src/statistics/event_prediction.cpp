// SPDX-License-Identifier: Apache-2.0
#include "statistics/event_prediction.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/error.hpp"
#include "core/units.hpp"
#include "statistics/root.hpp"

namespace coley::statistics {

namespace {

void require(bool holds, const char* key, double found, const char* expected) {
  if (!holds) throw InputError(Fault{.key = key, .found = std::to_string(found), .expected = expected});
}

void check(const PiecewiseHazard& hazard) {
  if (hazard.starts.empty() || hazard.starts.size() != hazard.rates.size() || hazard.starts[0] != 0)
    throw InputError(Fault{.key = "hazard", .found = std::to_string(hazard.rates.size()) + " rates for " +
                                                     std::to_string(hazard.starts.size()) + " starting times",
                           .expected = "one rate for each starting time, the first time being 0"});
  for (const double rate : hazard.rates) require(rate >= 0 && std::isfinite(rate), "hazard", rate, "a rate of 0 or more");
  for (std::size_t i = 1; i < hazard.starts.size(); ++i)
    require(hazard.starts[i] > hazard.starts[i - 1], "hazard", hazard.starts[i], "starting times that rise");
}

void check(const Accrual& accrual) {
  if (accrual.times.size() < 2 || accrual.times.size() != accrual.intensities.size() + 1)
    throw InputError(Fault{.key = "accrual", .found = std::to_string(accrual.times.size()) + " times",
                           .expected = "one more than intensities, and at least two"});
  for (std::size_t i = 1; i < accrual.times.size(); ++i)
    require(accrual.times[i] > accrual.times[i - 1], "accrual", accrual.times[i], "times that rise");
  for (const double a : accrual.intensities) require(a >= 0 && std::isfinite(a), "accrual", a, "an intensity of 0 or more");
  require(accrual.patients() > 0, "accrual", accrual.patients(), "some patients");
}

/// A patient of an arm followed from entry.
struct Follow {
  double seen = 0;      ///< P(event seen so far)
  double observed = 1;  ///< P(neither event nor dropout so far)

  /// Goes on for `width` at constant hazards; returns the integral of `seen` over that time.
  double go_on(double width, double event, double dropout) {
    const double rate = event + dropout, h = rate * width;
    double integral = seen * width;
    if (!(h > 0)) return integral;
    const double left = -std::expm1(-h);
    // (h - (1 - e^-h)) / h^2, by its series where the difference cancels
    const double curve = h < 1e-3 ? 0.5 - h / 6 + h * h / 24 - h * h * h / 120 : (h - left) / (h * h);
    integral += observed * event * width * width * curve;
    seen += observed * event / rate * left;
    observed *= 1 - left;
    return integral;
  }
};

/// Integral of P(event seen within x of entry) over x from `from` to `to`.
double integrated(const ArmHazards& arm, double from, double to) {
  Follow follow;
  double integral = 0;
  const auto& starts = arm.event.starts;
  for (std::size_t i = 0; i < starts.size() && starts[i] < to; ++i) {
    const double end = i + 1 < starts.size() ? std::min(to, starts[i + 1]) : to;
    const double middle = std::clamp(from, starts[i], end);
    follow.go_on(middle - starts[i], arm.event.rates[i], arm.dropout);
    integral += follow.go_on(end - middle, arm.event.rates[i], arm.dropout);
  }
  return integral;
}

}  // namespace

double Accrual::patients() const {
  double sum = 0;
  for (std::size_t i = 0; i < intensities.size(); ++i) sum += intensities[i] * (times[i + 1] - times[i]);
  return sum;
}

PiecewiseHazard hazard_of_median(double median) {
  require(median > 0 && std::isfinite(median), "median", median, "a time above 0");
  return {{0.0}, {kLn2 / median}};
}

double dropout_hazard(double rate, double time) {
  require(rate >= 0 && rate < 1, "dropout rate", rate, "a share from 0 up to, but not including, 1");
  require(time > 0, "dropout time", time, "a time above 0");
  return -std::log1p(-rate) / time;
}

double event_probability(const ArmHazards& arm, double x) {
  check(arm.event);
  Follow follow;
  const auto& starts = arm.event.starts;
  for (std::size_t i = 0; i < starts.size() && starts[i] < x; ++i) {
    const double end = i + 1 < starts.size() ? std::min(x, starts[i + 1]) : x;
    follow.go_on(end - starts[i], arm.event.rates[i], arm.dropout);
  }
  return follow.seen;
}

double event_share(const ArmHazards& arm, const Accrual& accrual, double time) {
  check(arm.event);
  check(accrual);
  require(arm.dropout >= 0 && std::isfinite(arm.dropout), "dropout", arm.dropout, "a hazard of 0 or more");
  double events = 0;
  for (std::size_t i = 0; i < accrual.intensities.size(); ++i) {
    if (time <= accrual.times[i]) break;
    const double newest = std::max(time - accrual.times[i + 1], 0.0), oldest = time - accrual.times[i];
    events += accrual.intensities[i] * integrated(arm, newest, oldest);
  }
  return events / accrual.patients();
}

double event_share(const TwoArmAccrual& trial, double time) {
  const double treated = trial.allocation / (1 + trial.allocation);
  return treated * event_share(trial.treated, trial.accrual, time) +
         (1 - treated) * event_share(trial.control, trial.accrual, time);
}

double time_of_events(const TwoArmAccrual& trial, double patients, double events) {
  require(events > 0, "events", events, "a number above 0");
  const double treated = trial.allocation / (1 + trial.allocation), never_ends = std::numeric_limits<double>::infinity();
  const double ever = patients * (treated * event_probability(trial.treated, never_ends) +
                                  (1 - treated) * event_probability(trial.control, never_ends));
  if (!(events < ever))
    throw InputError(Fault{.key = "events", .found = std::to_string(events),
                           .expected = "fewer than the " + std::to_string(ever) + " that ever occur; recruit more patients"});
  const auto excess = [&](double time) { return patients * event_share(trial, time) - events; };
  return rising_root(excess, 0.0, trial.accrual.duration());
}

}  // namespace coley::statistics
