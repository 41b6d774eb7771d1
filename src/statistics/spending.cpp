// SPDX-License-Identifier: Apache-2.0
#include "statistics/spending.hpp"

#include <cmath>
#include <numbers>
#include <string>

#include "core/error.hpp"
#include "core/random.hpp"
#include "statistics/reference_distribution.hpp"

namespace coley::statistics {

namespace {

double spent(const Spending& spending, double t, double total) {
  const double parameter = spending.parameter;
  switch (spending.kind) {
    case SpendingKind::obrien_fleming: return 2.0 * normal_upper(-normal_quantile(0.5 * total) / std::sqrt(t));
    case SpendingKind::pocock: return total * std::log1p((std::numbers::e - 1.0) * t);
    case SpendingKind::hwang_shih_decani:
      return parameter == 0 ? total * t : total * std::expm1(-parameter * t) / std::expm1(-parameter);
    default: return total * std::pow(t, parameter);
  }
}

std::vector<double> given(const Spending& spending, std::size_t looks, double total) {
  if (spending.cumulative.size() != looks)
    throw InputError(Fault{.key = "spending", .found = std::to_string(spending.cumulative.size()) + " values",
                           .expected = "one a look, " + std::to_string(looks)});
  double before = 0;
  for (const double value : spending.cumulative) {
    if (!(value >= before) || value > total * (1 + 1e-9))
      throw InputError(Fault{.key = "spending", .found = std::to_string(value),
                             .expected = "values that do not fall, up to " + std::to_string(total)});
    before = value;
  }
  return spending.cumulative;
}

}  // namespace

std::vector<double> cumulative_spending(const Spending& spending, std::span<const double> information, double total) {
  if (spending.kind == SpendingKind::user) return given(spending, information.size(), total);
  if (spending.kind == SpendingKind::kim_demets && !(spending.parameter > 0))
    throw InputError(Fault{.key = "rho", .found = std::to_string(spending.parameter), .expected = "a power above 0"});
  if (!std::isfinite(spending.parameter))
    throw InputError(Fault{.key = "gamma", .found = std::to_string(spending.parameter), .expected = "a finite number"});
  std::vector<double> result;
  for (const double t : information) result.push_back(t == 1 ? total : spent(spending, t, total));
  return result;
}

}  // namespace coley::statistics
