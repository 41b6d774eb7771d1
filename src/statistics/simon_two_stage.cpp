// SPDX-License-Identifier: Apache-2.0
#include "statistics/simon_two_stage.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"

namespace coley::statistics {

namespace {

/// Probabilities of 0..n successes.
std::vector<double> binomial(int n, double p) {
  std::vector<double> f;
  for (int x = 0; x <= n; ++x)
    f.push_back(std::exp(std::lgamma(n + 1.0) - std::lgamma(x + 1.0) - std::lgamma(n - x + 1.0) + x * std::log(p) +
                         (n - x) * std::log1p(-p)));
  return f;
}

/// For every n: f[n][x] = P(x of n) and tail[n][x] = P(at least x of n), x = 0..n + 1.
struct Tables {
  std::vector<std::vector<double>> f, tail;
  Tables(int most, double p) {
    for (int n = 0; n <= most; ++n) {
      f.push_back(binomial(n, p));
      std::vector<double> sum(static_cast<std::size_t>(n) + 2, 0.0);
      for (int x = n; x >= 0; --x) sum[static_cast<std::size_t>(x)] = sum[static_cast<std::size_t>(x) + 1] + f.back()[static_cast<std::size_t>(x)];
      tail.push_back(std::move(sum));
    }
  }
  double promising(int n1, int r1, int n, int r) const {
    double sum = 0;
    for (int x = r1 + 1; x <= n1; ++x) {
      const int needed = std::max(r + 1 - x, 0), rest = n - n1;
      if (needed <= rest) sum += at(f, n1, x) * at(tail, rest, needed);
    }
    return sum;
  }
  double early_stop(int n1, int r1) const { return 1.0 - at(tail, n1, r1 + 1); }

 private:
  static double at(const std::vector<std::vector<double>>& table, int n, int x) {
    return table[static_cast<std::size_t>(n)][static_cast<std::size_t>(x)];
  }
};

void require(bool holds, const char* key, double found, const char* expected) {
  if (!holds) throw InputError(Fault{.key = key, .found = std::to_string(found), .expected = expected});
}

bool better(const TwoStageDesign& a, const TwoStageDesign& b, TwoStageAim aim) {
  if (aim == TwoStageAim::minimax && a.n != b.n) return a.n < b.n;
  return a.expected_patients < b.expected_patients;
}

/// The best design of n patients, or nothing. For each first stage the smallest r that holds alpha leaves most power.
std::optional<TwoStageDesign> best_of_size(int n, const Tables& null, const Tables& effect, double alpha, double power,
                                           TwoStageAim aim) {
  std::optional<TwoStageDesign> best;
  for (int n1 = 1; n1 < n; ++n1) {
    int r = n;  // falls as r1 rises, for more is then stopped early
    while (r > 0 && null.promising(n1, 0, n, r - 1) <= alpha) --r;
    for (int r1 = 0; r1 < n1; ++r1) {
      while (r > r1 && null.promising(n1, r1, n, r - 1) <= alpha) --r;
      const double reached = effect.promising(n1, r1, n, r);
      if (effect.early_stop(n1, r1) > 1 - power) break;
      if (reached < power) continue;
      TwoStageDesign design{n1, r1, n, r, null.promising(n1, r1, n, r), reached, null.early_stop(n1, r1), 0};
      design.expected_patients = n1 + (1 - design.early_stop) * (n - n1);
      if (!best || better(design, *best, aim)) best = design;
    }
  }
  return best;
}

}  // namespace

double promising_probability(const TwoStageDesign& design, double p) {
  require(p > 0 && p < 1, "response probability", p, "a probability between 0 and 1");
  return Tables(design.n, p).promising(design.n1, design.r1, design.n, design.r);
}

TwoStageDesign simon_two_stage(double p0, double p1, double alpha, double power, TwoStageAim aim, int most_patients) {
  require(p0 > 0 && p0 < 1, "p0", p0, "a probability between 0 and 1");
  require(p1 > p0 && p1 < 1, "p1", p1, "a probability between p0 and 1");
  require(alpha > 0 && alpha < 1, "alpha", alpha, "a probability between 0 and 1");
  require(power > alpha && power < 1, "power", power, "a probability between alpha and 1");
  const Tables null(most_patients, p0), effect(most_patients, p1);
  std::optional<TwoStageDesign> best;
  for (int n = 2; n <= most_patients; ++n) {
    const auto candidate = best_of_size(n, null, effect, alpha, power, aim);
    if (candidate && (!best || better(*candidate, *best, aim))) best = candidate;
    if (best && aim == TwoStageAim::minimax) break;
  }
  if (!best)
    throw InputError(Fault{.key = "patients", .found = std::to_string(most_patients),
                           .expected = "more patients, or p1 further from p0, or laxer errors: no such design exists"});
  return *best;
}

}  // namespace coley::statistics
