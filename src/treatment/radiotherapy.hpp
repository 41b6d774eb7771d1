// SPDX-License-Identifier: Apache-2.0
#pragma once
// Linear-quadratic cell kill.

namespace coley::treatment {

/// -ln of the surviving fraction after `fractions` of `dose` Gy; alpha in 1/Gy, alpha_beta in Gy.
inline double log_kill(int fractions, double dose, double alpha, double alpha_beta) {
  return fractions * alpha * dose * (1.0 + dose / alpha_beta);
}

/// Biologically effective dose in Gy.
inline double effective_dose(int fractions, double dose, double alpha_beta) {
  return fractions * dose * (1.0 + dose / alpha_beta);
}

}  // namespace coley::treatment
