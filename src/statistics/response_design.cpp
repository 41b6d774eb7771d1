// SPDX-License-Identifier: Apache-2.0
#include "statistics/response_design.hpp"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <utility>

#include "core/error.hpp"

namespace coley::statistics {

namespace {

double log_choose(int n, int k) { return std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0); }

double log_beta(double a, double b) { return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b); }

/// The fewest responses of all patients after which the posterior convinces; more than all when none do.
int convincing(const PredictiveMonitoring& m) {
  const int all = m.patients.back();
  int needed = 0;
  while (needed <= all && beta_upper(m.null, m.prior_responses + needed, m.prior_failures + all - needed) <= m.success) ++needed;
  return needed;
}

double predictive(const PredictiveMonitoring& m, int patients, int responses, int needed) {
  const int left = m.patients.back() - patients;
  const double a = m.prior_responses + responses, b = m.prior_failures + patients - responses;
  double sum = 0;
  for (int x = std::max(0, needed - responses); x <= left; ++x) sum += std::exp(log_choose(left, x) + log_beta(a + x, b + left - x) - log_beta(a, b));
  return std::min(1.0, sum);
}

}  // namespace

ResponseDesign as_looks(const TwoStageDesign& d) { return {{{d.n1, d.r1, d.n1 + 1}, {d.n, d.r, d.r + 1}}}; }

double beta_upper(double p, double a, double b) { return boost::math::ibetac(a, b, p); }

double predictive_probability(const PredictiveMonitoring& monitoring, int patients, int responses) {
  return predictive(monitoring, patients, responses, convincing(monitoring));
}

ResponseDesign predictive_design(const PredictiveMonitoring& m) {
  const int all = m.patients.back(), needed = convincing(m);
  if (needed > all)
    throw InputError(Fault{.key = "single_arm.success", .found = std::to_string(m.success), .expected = "a probability that some number of responses reaches, or more patients"});
  ResponseDesign design;
  for (const int n : m.patients) {
    ResponseLook look{n, -1, n + 1};
    if (n == all) look = {n, needed - 1, needed};
    else {
      while (look.futile_at_most < n && predictive(m, n, look.futile_at_most + 1, needed) < m.futility) ++look.futile_at_most;
      while (look.success_from > look.futile_at_most + 1 && predictive(m, n, look.success_from - 1, needed) > m.efficacy) --look.success_from;
    }
    design.looks.push_back(look);
  }
  return design;
}

ResponseCharacteristics response_characteristics(const ResponseDesign& design, double p) {
  ResponseCharacteristics result;
  std::vector<double> going{1.0};  // probability of so many responses in a trial that goes on
  int before = 0;
  for (const ResponseLook& look : design.looks) {
    const boost::math::binomial more(look.patients - before, p);
    std::vector<double> now(static_cast<std::size_t>(look.patients) + 1);
    for (std::size_t x = 0; x < going.size(); ++x)
      for (int y = 0; y <= look.patients - before; ++y) now[x + static_cast<std::size_t>(y)] += going[x] * boost::math::pdf(more, y);
    double success = 0, futility = 0;
    for (int x = 0; x <= look.patients; ++x) {
      double& here = now[static_cast<std::size_t>(x)];
      if (x <= look.futile_at_most) futility += std::exchange(here, 0.0);
      else if (x >= look.success_from) success += std::exchange(here, 0.0);
    }
    result.success.push_back(success);
    result.futility.push_back(futility);
    result.promising += success;
    result.patients += look.patients * (success + futility);
    going = std::move(now);
    before = look.patients;
  }
  return result;
}

}  // namespace coley::statistics
