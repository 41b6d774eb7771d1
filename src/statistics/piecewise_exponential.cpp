// SPDX-License-Identifier: Apache-2.0
#include "statistics/piecewise_exponential.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

void check(std::span<const double> time, std::span<const std::uint8_t> event, const std::vector<double>& cuts, std::span<const double> entry) {
  if (time.size() != event.size() || (!entry.empty() && entry.size() != time.size())) bug("piecewise_exponential: arrays of different length");
  if (time.empty()) throw InputError(Fault{.found = "no subjects", .expected = "at least one"});
  double before = 0;
  for (const double cut : cuts) {
    if (!(cut > before) || !std::isfinite(cut))
      throw InputError(Fault{.key = "cuts", .found = std::to_string(cut), .expected = "finite cut points above 0, each larger than the one before"});
    before = cut;
  }
  for (std::size_t i = 0; i < time.size(); ++i) {
    const double from = entry.empty() ? 0 : entry[i];
    const bool instant = entry.empty() && time[i] == 0;
    if (!std::isfinite(time[i]) || !(from >= 0 && (from < time[i] || instant)))
      throw InputError(Fault{.key = "row " + std::to_string(i + 1), .found = "from " + std::to_string(from) + " to " + std::to_string(time[i]),
                             .expected = "a finite time of 0 or more, after the entry"});
  }
}

}  // namespace

PiecewiseExponential piecewise_exponential(std::span<const double> time, std::span<const std::uint8_t> event,
                                           const std::vector<double>& cuts, std::span<const double> entry) {
  check(time, event, cuts, entry);
  const std::size_t intervals = cuts.size() + 1;
  PiecewiseExponential fit{.cuts = cuts, .events = std::vector<double>(intervals), .exposure = std::vector<double>(intervals),
                           .rate = {}, .se_log_rate = {}, .observed = {}, .loglik = 0};
  for (std::size_t i = 0; i < time.size(); ++i) {
    const double begin = entry.empty() ? 0 : entry[i];
    for (std::size_t k = 0; k < intervals; ++k) {
      const double from = std::max(begin, k == 0 ? 0 : cuts[k - 1]), to = k == cuts.size() ? time[i] : std::min(time[i], cuts[k]);
      if (to > from) fit.exposure[k] += to - from;
    }
    const auto last = static_cast<std::size_t>(std::lower_bound(cuts.begin(), cuts.end(), time[i]) - cuts.begin());
    if (event[i] != 0) fit.events[last] += 1;
  }
  for (std::size_t k = 0; k < intervals; ++k) {
    const double d = fit.events[k], exposure = fit.exposure[k];
    if (d > 0 && exposure == 0)
      throw InputError(Fault{.key = "time", .found = "events at time 0 only in interval " + std::to_string(k + 1), .expected = "time at risk before them"});
    fit.observed.push_back(exposure > 0);
    fit.rate.push_back(exposure > 0 ? d / exposure : 0);
    fit.se_log_rate.push_back(d > 0 ? 1 / std::sqrt(d) : std::numeric_limits<double>::infinity());
    if (d > 0) fit.loglik += d * std::log(d / exposure) - d;
  }
  return fit;
}

double PiecewiseExponential::survival(double t) const {
  double hazard = 0;
  for (std::size_t k = 0; k < rate.size(); ++k) {
    const double from = k == 0 ? 0 : cuts[k - 1], to = k == cuts.size() ? t : std::min(t, cuts[k]);
    if (to <= from) break;
    if (!observed[k])
      throw InputError(Fault{.key = "time", .found = std::to_string(t), .expected = "a time before " + std::to_string(from) + ", after which nobody was at risk"});
    hazard += rate[k] * (to - from);
  }
  return std::exp(-hazard);
}

}  // namespace coley::statistics
