// SPDX-License-Identifier: Apache-2.0
#include "statistics/sequential_path.hpp"

#include <algorithm>
#include <array>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>

#include "core/units.hpp"
#include "statistics/reference_distribution.hpp"

namespace coley::statistics {

namespace {
constexpr double kFarTail = 9.0;  // standard deviations beyond which the density, below 1e-18, is left out
using Panel = boost::math::quadrature::gauss<double, 15>;
constexpr int kPanelHalf = 7;  // nodes on either side of the panel's middle
}  // namespace

SequentialPath::SequentialPath(std::vector<double> information, double drift)
    : information_(std::move(information)), drift_(drift) {}

SequentialPath::SequentialPath(std::vector<double> information, double drift, std::size_t look, double z)
    : SequentialPath(std::move(information), drift) {
  start_ = at_ = information_[look];
  start_score_ = score_[0] = z * std::sqrt(at_);
  next_ = look + 1;
}

double SequentialPath::increment(std::size_t look) const {
  return information_[look] - (look > 0 ? information_[look - 1] : 0.0);
}

double SequentialPath::tail(double bound, double sign) const {
  const double delta = information_[next_] - at_, sd = std::sqrt(delta);
  const double score = bound * std::sqrt(information_[next_]);
  double sum = 0;
  for (std::size_t j = 0; j < score_.size(); ++j)
    sum += mass_[j] * normal_upper(sign * (score - score_[j] - drift_ * delta) / sd);
  return sum;
}

double SequentialPath::above(double bound) const { return tail(bound, 1.0); }

double SequentialPath::below(double bound) const { return tail(bound, -1.0); }

void SequentialPath::go_on_between(double lower, double upper) {
  const double t = information_[next_], root_t = std::sqrt(t);
  const double mean = start_score_ + drift_ * (t - start_), reach = kFarTail * std::sqrt(t - start_);
  const double low = std::max(lower * root_t, mean - reach);
  const double high = std::min(upper * root_t, mean + reach);
  double sharpest = std::sqrt(t - at_);
  if (next_ + 1 < information_.size()) sharpest = std::min(sharpest, std::sqrt(increment(next_ + 1)));
  const auto panels = static_cast<std::size_t>(std::max(1.0, std::ceil((high - low) / (2.0 * sharpest))));

  std::vector<double> score, mass;
  const double half = 0.5 * (high - low) / static_cast<double>(panels);
  for (std::size_t p = 0; p < panels && high > low; ++p) {
    const double middle = low + half * static_cast<double>(2 * p + 1);
    for (int i = -kPanelHalf; i <= kPanelHalf; ++i) {
      const auto node = static_cast<std::size_t>(std::abs(i));
      score.push_back(middle + half * std::copysign(Panel::abscissa()[node], i));
      mass.push_back(half * Panel::weights()[node] * density(score.back()));
    }
  }
  score_ = std::move(score);
  mass_ = std::move(mass);
  at_ = t;
  ++next_;
}

double SequentialPath::density(double score) const {
  const double delta = information_[next_] - at_;
  double sum = 0;
  for (std::size_t j = 0; j < score_.size(); ++j) {
    const double residual = score - score_[j] - drift_ * delta;
    sum += mass_[j] * std::exp(-0.5 * residual * residual / delta);
  }
  return sum / std::sqrt(2.0 * kPi * delta);
}

StoppingProbabilities stopping_probabilities(const std::vector<double>& information, std::span<const double> lower,
                                             std::span<const double> upper, double drift) {
  SequentialPath path(information, drift);
  StoppingProbabilities stops;
  for (std::size_t k = 0; k < information.size(); ++k) {
    stops.above.push_back(path.above(upper[k]));
    stops.below.push_back(path.below(lower[k]));
    path.go_on_between(lower[k], upper[k]);
  }
  return stops;
}

}  // namespace coley::statistics
