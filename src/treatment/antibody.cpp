// SPDX-License-Identifier: Apache-2.0
#include "treatment/antibody.hpp"

#include <cmath>

namespace coley::treatment {

Disposition disposition(const TwoCompartment& kinetics) {
  const double k10 = kinetics.clearance / kinetics.v1;
  const double k12 = kinetics.q / kinetics.v1;
  const double k21 = kinetics.q / kinetics.v2;
  const double sum = k10 + k12 + k21;
  const double root = std::sqrt(sum * sum - 4.0 * k10 * k21);
  // beta from the product of the roots: the difference of two close numbers would lose digits
  const double alpha = 0.5 * (sum + root);
  return {alpha, k10 * k21 / alpha, k21, kinetics.v1, k10, k12};
}

Concentration Antibody::concentration() const {
  const auto& d = disposition_;
  if (d.alpha <= d.beta) return {};
  // residues of the central compartment for amounts (central, peripheral) now
  const double fast = ((d.alpha - d.k21) * central_ - d.k21 * peripheral_) / (d.alpha - d.beta);
  return {fast / d.v1, (central_ - fast) / d.v1};
}

void Antibody::wait(double days) {
  const auto& d = disposition_;
  if (days <= 0 || d.alpha <= d.beta) return;
  const double ea = std::exp(-d.alpha * days), eb = std::exp(-d.beta * days);
  const double width = d.alpha - d.beta;
  // exact propagator of [-(k10+k12), k21; k12, -k21]
  const double c = ((d.alpha - d.k21) * ea + (d.k21 - d.beta) * eb) / width * central_ + d.k21 * (eb - ea) / width * peripheral_;
  const double out = d.k10 + d.k12;
  const double p = d.k12 * (eb - ea) / width * central_ + ((d.alpha - out) * ea + (out - d.beta) * eb) / width * peripheral_;
  central_ = c;
  peripheral_ = p;
}

double clearance_factor(double days, double emax, double t50, double hill) {
  if (emax == 0 || days <= 0) return 1.0;
  const double power = std::pow(days / t50, hill);
  return std::exp(emax * power / (1.0 + power));
}

}  // namespace coley::treatment
