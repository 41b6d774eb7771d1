// SPDX-License-Identifier: Apache-2.0
#pragma once
// Concentration after one dose as a sum of exponentials, and the same dose repeated for ever: superposition in closed form.
// Used for drugs whose half-life is short beside the course of a tumour, which act by their mean and not by their phase.
// Times are in hours.

#include <array>
#include <cstddef>

namespace coley::treatment {

class ConcentrationCurve {
 public:
  /// Adds a e^(-rate t); rate > 0 in 1/h.
  void add(double amplitude, double rate);

  /// The curve in steady state when the dose is given every `hours`: after a dose at t = 0, up to t = `hours`.
  ConcentrationCurve repeated(double hours) const;

  double at(double hours) const;
  /// Area under the curve from 0 to infinity.
  double area() const;
  /// Mean of `f(concentration)` between 0 and `hours`, by Gauss's rule on pieces that grow with time.
  template <class F>
  double mean(double hours, F f) const;
  /// Largest concentration between 0 and `hours`.
  double peak(double hours) const;

 private:
  struct Term {
    double amplitude = 0, rate = 1;
  };
  std::array<Term, 4> terms_;
  std::size_t count_ = 0;
};

template <class F>
double ConcentrationCurve::mean(double hours, F f) const {
  static constexpr double node[4] = {0.0694318442029737, 0.3300094782075719, 0.6699905217924281, 0.9305681557970263};
  static constexpr double weight[4] = {0.1739274225687269, 0.3260725774312731, 0.3260725774312731, 0.1739274225687269};
  constexpr int pieces = 8;  // each 1.8 times as long as the one before: the fall after an injection is steepest first
  double length = hours * (1.8 - 1) / (110.199605760 - 1), start = 0, sum = 0;  // 1.8^8
  for (int piece = 0; piece < pieces; ++piece) {
    for (int k = 0; k < 4; ++k) sum += weight[k] * length * f(at(start + node[k] * length));
    start += length;
    length *= 1.8;
  }
  return sum / hours;
}

}  // namespace coley::treatment
