// SPDX-License-Identifier: Apache-2.0
#include "design/pool_error.hpp"

#include <algorithm>
#include <cmath>

namespace coley::design {

namespace {

constexpr std::size_t kBlocks = 20;           // variance of a variance: about a third
constexpr std::size_t kTrialsOfABlock = 30;
constexpr std::uint64_t kFirstBlockTrial = std::uint64_t{1} << 41;

double power_with(const Plan& plan, const TrialTable& table, std::size_t test, const std::vector<double>& shift, double sign) {
  StoppingRule rule(plan, planned_design(plan, plan.efficacy.alpha));
  double rejected = 0;
  for (std::size_t r = 0; r < table.replicates; ++r) {
    const std::span<const double> events(&table.events[table.cell(r, 0)], table.looks);
    Verdict verdict = Verdict::go_on;
    for (std::size_t k = 0; k < table.looks && verdict == Verdict::go_on; ++k)
      verdict = rule.verdict(k, table.z[table.cell(r, test, k)] + sign * shift[k], events.first(k + 1));
    rejected += verdict == Verdict::efficacy ? 1 : 0;
  }
  return rejected / static_cast<double>(table.replicates);
}

}  // namespace

std::vector<std::vector<double>> pool_shift(const Plan& plan, const SimulatedPool& pool, std::uint64_t seed, int threads) {
  const std::size_t blocks = std::min(kBlocks, pool.size() / 5), looks = plan.looks.size(), tests = plan.tests.size();
  std::vector<std::vector<double>> sum(tests, std::vector<double>(looks)), squares = sum, within = sum, counted = sum;
  for (std::size_t b = 0; b < blocks; ++b) {
    const PoolSource source(plan, pool, b * pool.size() / blocks, (b + 1) * pool.size() / blocks);
    const TrialTable table = run_replicates(plan, source, {.seed = seed, .first = kFirstBlockTrial + b * kTrialsOfABlock, .replicates = kTrialsOfABlock,
                                                           .threads = threads, .every_look = true});
    for (std::size_t t = 0; t < tests; ++t) {
      for (std::size_t k = 0; k < looks; ++k) {
        double n = 0, mean = 0, spread = 0;
        for (std::size_t r = 0; r < table.replicates; ++r) {
          const double z = table.z[table.cell(r, t, k)];
          if (!std::isfinite(z)) continue;
          const double off = z - mean;
          mean += off / ++n;
          spread += off * (z - mean);
        }
        if (n < 2) continue;
        counted[t][k] += 1;
        sum[t][k] += mean;
        squares[t][k] += mean * mean;
        within[t][k] += spread / (n - 1) / n;
      }
    }
  }
  for (std::size_t t = 0; t < tests; ++t) {
    for (std::size_t k = 0; k < looks; ++k) {
      const double n = counted[t][k];
      if (n < 2) {
        sum[t][k] = 0;
        continue;
      }
      const double between = (squares[t][k] - sum[t][k] * sum[t][k] / n) / (n - 1);
      sum[t][k] = std::sqrt(std::max(0.0, between - within[t][k] / n) / n);
    }
  }
  return sum;
}

double power_error(const Plan& plan, const TrialTable& table, std::size_t test, const std::vector<double>& shift) {
  return 0.5 * std::fabs(power_with(plan, table, test, shift, 1) - power_with(plan, table, test, shift, -1));
}

}  // namespace coley::design
