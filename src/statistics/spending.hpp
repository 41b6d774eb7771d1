// SPDX-License-Identifier: Apache-2.0
#pragma once
// Spending functions: how much of an error probability may have been used by each look (Lan and DeMets 1983).

#include <span>
#include <vector>

namespace coley::statistics {

enum class SpendingKind {
  obrien_fleming,    ///< 2 (1 - Phi(z_{total/2} / sqrt(t))), Lan and DeMets
  pocock,            ///< total ln(1 + (e - 1) t), Lan and DeMets
  hwang_shih_decani, ///< total (1 - e^(-gamma t)) / (1 - e^(-gamma)); gamma = 0 is total t
  kim_demets,        ///< total t^rho, rho > 0
  user               ///< given look by look
};

struct Spending {
  SpendingKind kind = SpendingKind::obrien_fleming;
  double parameter = 0;                ///< gamma or rho
  std::vector<double> cumulative = {}; ///< for `user`: spent by each look, rising, the last being the total
};

/// What is spent of `total` by each look, at information fractions t in (0, 1]. Throws InputError for a parameter
/// outside its domain, or given spending that falls or has not one value a look.
std::vector<double> cumulative_spending(const Spending& spending, std::span<const double> information, double total);

}  // namespace coley::statistics
