// SPDX-License-Identifier: Apache-2.0
#include "statistics/sequential_design.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/error.hpp"
#include "core/random.hpp"
#include "statistics/root.hpp"
#include "statistics/sequential_path.hpp"

namespace coley::statistics {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kWidestBound = 12.0;  // beyond it a look spends less than 1e-32

void check_probability(double value, const char* key) {
  if (!(value > 0 && value < 1))
    throw InputError(Fault{.key = key, .found = std::to_string(value), .expected = "a probability between 0 and 1"});
}

void check(const SequentialPlan& plan) {
  check_probability(plan.alpha, "alpha");
  check_probability(plan.beta, "beta");
  if (plan.alpha + plan.beta >= 1)
    throw InputError(Fault{.key = "beta", .found = std::to_string(plan.beta), .expected = "less than 1 - alpha"});
  double before = 0;
  for (const double t : plan.information) {
    if (!(t > before && t <= 1))
      throw InputError(Fault{.key = "information", .found = std::to_string(t),
                             .expected = "fractions that rise from above 0 to 1"});
    before = t;
  }
  if (plan.information.empty() || std::fabs(before - 1) > 1e-12)
    throw InputError(Fault{.key = "information", .found = std::to_string(before), .expected = "1 at the last look"});
  const bool wedge = plan.shape == BoundaryShape::pampallona_tsiatis;
  if (wedge && (!plan.futility_z.empty() || plan.beta_spending))
    throw InputError(Fault{.key = "futility", .found = "bounds of its own beside Pampallona and Tsiatis's", .expected = "none: their shape gives them"});
  const bool futility = wedge || !plan.futility_z.empty() || plan.beta_spending;
  if (futility && plan.two_sided)
    throw InputError(Fault{.key = "futility", .found = "a two-sided design", .expected = "a one-sided one"});
  if (!plan.futility_z.empty() && plan.futility_z.size() + 1 != plan.information.size())
    throw InputError(Fault{.key = "futility", .found = std::to_string(plan.futility_z.size()) + " bounds",
                           .expected = "one for each look before the last"});
}

/// -c or no lower limit for the paths that go on.
double lower_limit(const SequentialPlan& plan, double efficacy) { return plan.two_sided ? -efficacy : -kInfinity; }

/// P(stop for efficacy at the next look), either side when two-sided.
double stops(const SequentialPlan& plan, const SequentialPath& path, double bound) {
  return path.above(bound) + (plan.two_sided ? path.below(-bound) : 0.0);
}

/// The bound the next look needs to spend `target`; infinite when there is nothing to spend.
double bound_spending(const SequentialPlan& plan, const SequentialPath& path, double target, double lowest) {
  if (target <= 0 || stops(plan, path, kWidestBound) >= target) return target <= 0 ? kInfinity : kWidestBound;
  if (stops(plan, path, lowest) <= target) return lowest;
  return bracketed_root([&](double c) { return stops(plan, path, c) - target; }, lowest, kWidestBound);
}

/// Futility bounds that count when the type-I error is computed.
std::vector<double> binding_futility(const SequentialPlan& plan, const std::vector<double>& futility) {
  return plan.binding ? futility : std::vector<double>(plan.information.size(), -kInfinity);
}

std::vector<double> shape_bounds(const SequentialPlan& plan, double c) {
  std::vector<double> bounds;
  for (const double t : plan.information)
    bounds.push_back(plan.shape == BoundaryShape::haybittle_peto ? plan.early_bound : c * std::pow(t, plan.delta - 0.5));
  bounds.back() = c;
  return bounds;
}

std::vector<double> rejection_by_look(const SequentialPlan& plan, const std::vector<double>& efficacy,
                                      const std::vector<double>& futility, double drift) {
  std::vector<double> result;
  SequentialPath path(plan.information, drift);
  for (std::size_t k = 0; k < efficacy.size(); ++k) {
    result.push_back(stops(plan, path, efficacy[k]));
    path.go_on_between(std::max(lower_limit(plan, efficacy[k]), futility[k]), efficacy[k]);
  }
  return result;
}

double total(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return sum;
}

std::vector<double> solve_shape(const SequentialPlan& plan, const std::vector<double>& futility) {
  const auto excess = [&](double c) {
    return total(rejection_by_look(plan, shape_bounds(plan, c), futility, 0.0)) - plan.alpha;
  };
  const double low = plan.two_sided ? 0.0 : -kWidestBound;
  if (excess(kWidestBound) >= 0)
    throw InputError(Fault{.key = "early bound", .found = std::to_string(plan.early_bound),
                           .expected = "one that leaves alpha for the last look"});
  return shape_bounds(plan, bracketed_root(excess, low, kWidestBound));
}

/// Where paths stop, for efficacy and for futility, by look.
struct Bounds {
  std::vector<double> efficacy, futility;
};

Bounds wedge_bounds(const SequentialPlan& plan, double efficacy, double futility) {
  Bounds bounds{shape_bounds(plan, efficacy), {}};
  for (const double t : plan.information)
    bounds.futility.push_back((efficacy + futility) * std::sqrt(t) - futility * std::pow(t, plan.futility_delta - 0.5));
  bounds.futility.back() = efficacy;
  return bounds;
}

/// The constants of Pampallona and Tsiatis; their sum is the drift.
struct Wedge {
  Bounds bounds;
  double drift;
};
Wedge solve_wedge(const SequentialPlan& plan) {
  const auto efficacy_for = [&](double futility) {
    const auto excess = [&](double efficacy) {
      const Bounds bounds = wedge_bounds(plan, efficacy, futility);
      return total(rejection_by_look(plan, bounds.efficacy, binding_futility(plan, bounds.futility), 0.0)) - plan.alpha;
    };
    return bracketed_root(excess, 0.0, kWidestBound);
  };
  const double unbound = plan.binding ? 0.0 : efficacy_for(0.0);
  const auto efficacy_at = [&](double futility) { return plan.binding ? efficacy_for(futility) : unbound; };
  const auto power_excess = [&](double futility) {
    const Bounds bounds = wedge_bounds(plan, efficacy_at(futility), futility);
    return total(rejection_by_look(plan, bounds.efficacy, bounds.futility, efficacy_at(futility) + futility)) - (1 - plan.beta);
  };
  const double futility = rising_root(power_excess, 0.0, 1.0), efficacy = efficacy_at(futility);
  return {wedge_bounds(plan, efficacy, futility), efficacy + futility};
}

/// Bounds look by look from spending, with the futility bounds that beta spending gives at `drift` when it is asked for.
Bounds spend(const SequentialPlan& plan, const std::vector<double>& given_efficacy,
             const std::vector<double>& given_futility, double drift) {
  const std::size_t looks = plan.information.size();
  const bool spends_alpha = given_efficacy.empty();
  const std::vector<double> alpha =
      !spends_alpha ? std::vector<double>(looks)
      : plan.two_sided ? cumulative_spending(plan.alpha_spending, plan.information, 0.5 * plan.alpha)
                       : cumulative_spending(plan.alpha_spending, plan.information, plan.alpha);
  const std::vector<double> beta =
      plan.beta_spending ? cumulative_spending(*plan.beta_spending, plan.information, plan.beta) : std::vector<double>();
  SequentialPath null_path(plan.information, 0.0), effect_path(plan.information, drift);
  Bounds bounds;
  for (std::size_t k = 0; k < looks; ++k) {
    const double sides = plan.two_sided ? 2.0 : 1.0;
    const double to_spend = sides * (alpha[k] - (k > 0 ? alpha[k - 1] : 0.0));
    const double lowest = plan.two_sided ? 0.0 : -kWidestBound;
    const double efficacy = spends_alpha ? bound_spending(plan, null_path, to_spend, lowest) : given_efficacy[k];
    double futility = given_futility[k];
    if (plan.beta_spending) {
      const double lost = beta[k] - (k > 0 ? beta[k - 1] : 0.0);
      const auto excess = [&](double f) { return effect_path.below(f) - lost; };
      futility = lost <= 0 || excess(-kWidestBound) >= 0 ? -kInfinity
                 : excess(kWidestBound) <= 0             ? kWidestBound
                                                         : bracketed_root(excess, -kWidestBound, kWidestBound);
    }
    bounds.efficacy.push_back(efficacy);
    bounds.futility.push_back(futility);
    const double stop_below = std::min(futility, efficacy);
    null_path.go_on_between(plan.binding ? stop_below : lower_limit(plan, efficacy), efficacy);
    if (plan.beta_spending) effect_path.go_on_between(stop_below, efficacy);
  }
  return bounds;
}

/// The drift at which the last futility bound meets the last efficacy bound, so that all of beta is spent.
double solve_beta_spending(const SequentialPlan& plan, const std::vector<double>& efficacy,
                           const std::vector<double>& none) {
  const auto gap = [&](double drift) {
    const Bounds b = spend(plan, efficacy, none, drift);
    return b.futility.back() - b.efficacy.back();
  };
  return rising_root(gap, 0.0, 1.0);
}

/// Where a trial that goes on must stay above.
double lower_bound(const SequentialDesign& design, std::size_t look) {
  return std::max(lower_limit(design.plan, design.efficacy_z[look]), design.futility_z[look]);
}

double power_at(const SequentialDesign& design, double drift) { return operating_characteristics(design, drift).power; }

}  // namespace

SequentialDesign make_sequential_design(const SequentialPlan& plan) {
  check(plan);
  const std::size_t looks = plan.information.size();
  SequentialDesign design{.plan = plan};
  design.plan.information.back() = 1.0;
  std::vector<double> given = plan.futility_z;
  given.resize(looks, -kInfinity);
  const double sides = plan.two_sided ? 2.0 : 1.0;
  design.fixed_drift = normal_quantile(1 - plan.alpha / sides) + normal_quantile(1 - plan.beta);

  const bool wedge = plan.shape == BoundaryShape::pampallona_tsiatis, by_shape = !wedge && plan.shape != BoundaryShape::spending;
  if (by_shape && plan.binding && plan.beta_spending)
    throw InputError(Fault{.key = "binding", .found = "beta spending with bounds of a given shape",
                           .expected = "alpha spending, or futility that is not binding"});
  if (by_shape) design.efficacy_z = solve_shape(design.plan, binding_futility(plan, given));
  Bounds bounds;
  if (wedge) {
    const Wedge solved = solve_wedge(design.plan);
    bounds = solved.bounds;
    design.drift = solved.drift;
  } else if (plan.beta_spending) {
    design.drift = solve_beta_spending(design.plan, design.efficacy_z, given);
    bounds = spend(design.plan, design.efficacy_z, given, design.drift);
  } else {
    bounds = spend(design.plan, design.efficacy_z, given, 0.0);
  }
  design.efficacy_z = bounds.efficacy;
  design.futility_z = bounds.futility;
  design.futility_z.back() = plan.two_sided ? -kInfinity : design.efficacy_z.back();
  for (std::size_t k = 0; k + 1 < looks; ++k)
    if (design.futility_z[k] > design.efficacy_z[k])
      throw InputError(Fault{.key = "futility", .found = std::to_string(design.futility_z[k]) + " at look " + std::to_string(k + 1),
                             .expected = "a bound below that for efficacy, " + std::to_string(design.efficacy_z[k])});
  std::vector<double> counted = binding_futility(plan, design.futility_z);
  for (const double p : rejection_by_look(design.plan, design.efficacy_z, counted, 0.0))
    design.alpha_spent.push_back(p + (design.alpha_spent.empty() ? 0.0 : design.alpha_spent.back()));
  if (!plan.beta_spending && !wedge)
    design.drift = rising_root([&](double d) { return power_at(design, d) - (1 - plan.beta); }, 0.0, design.fixed_drift);
  return design;
}

OperatingCharacteristics operating_characteristics(const SequentialDesign& design, double drift) {
  const std::vector<double>& t = design.plan.information;
  std::vector<double> lower;
  for (std::size_t k = 0; k < t.size(); ++k) lower.push_back(lower_bound(design, k));
  const StoppingProbabilities stops = stopping_probabilities(t, lower, design.efficacy_z, drift);
  const bool both = design.plan.two_sided && design.plan.two_sided_power;
  OperatingCharacteristics result{stops.above, stops.below, total(stops.above) + (both ? total(stops.below) : 0.0), 0};
  double going_on = 1;
  for (std::size_t k = 0; k < t.size(); ++k) {
    result.expected_information += going_on * (t[k] - (k > 0 ? t[k - 1] : 0.0));
    going_on -= stops.above[k] + stops.below[k];
  }
  return result;
}

double conditional_power(const SequentialDesign& design, std::size_t look, double z, double drift) {
  const std::vector<double>& t = design.plan.information;
  if (look + 1 >= t.size())
    throw InputError(Fault{.key = "look", .found = std::to_string(look + 1), .expected = "a look before the last"});
  SequentialPath path(t, drift, look, z);
  double power = 0;
  for (std::size_t k = look + 1; k < t.size(); ++k) {
    power += path.above(design.efficacy_z[k]);
    path.go_on_between(lower_bound(design, k), design.efficacy_z[k]);
  }
  return power;
}

}  // namespace coley::statistics
