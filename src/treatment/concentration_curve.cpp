// SPDX-License-Identifier: Apache-2.0
#include "treatment/concentration_curve.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace coley::treatment {

void ConcentrationCurve::add(double amplitude, double rate) {
  if (count_ == terms_.size()) bug("a concentration curve of more than four exponentials");
  terms_[count_++] = {amplitude, rate};
}

ConcentrationCurve ConcentrationCurve::repeated(double hours) const {
  ConcentrationCurve result = *this;
  for (std::size_t i = 0; i < count_; ++i) result.terms_[i].amplitude /= -std::expm1(-terms_[i].rate * hours);
  return result;
}

double ConcentrationCurve::at(double hours) const {
  double sum = 0;
  for (std::size_t i = 0; i < count_; ++i) sum += terms_[i].amplitude * std::exp(-terms_[i].rate * hours);
  return std::max(0.0, sum);
}

double ConcentrationCurve::area() const {
  double sum = 0;
  for (std::size_t i = 0; i < count_; ++i) sum += terms_[i].amplitude / terms_[i].rate;
  return sum;
}

double ConcentrationCurve::peak(double hours) const {
  constexpr int points = 400;
  double highest = 0;
  for (int i = 0; i <= points; ++i) {
    const double share = static_cast<double>(i) / points;
    highest = std::max(highest, at(hours * share * share));  // denser after the dose
  }
  return highest;
}

}  // namespace coley::treatment
