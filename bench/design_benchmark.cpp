// SPDX-License-Identifier: Apache-2.0
// design_benchmark [REPLICATES]: replicate trials a second, CPU seconds, median of three rounds.
//   exponential   500 patients, two looks at 222 and 331 events, O'Brien-Fleming spending, one thread, beside rpact's
//                 getSimulationSurvival and lrstat's lrsim on the same design in the same run where R has them
//   mechanistic   keynote-564, 1,000 trials of 1,000 patients with three looks drawn from a pool of the engine's courses,
//                 which is simulated in the same time
// The answers are checked: power and duration against rpact's and the formula, the pool's against the expected log-rank
// test on its own hazards. Exit code 1 when one is more than four standard errors off. docs/performance_design.md holds
// dated results.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <thread>
#include <utility>

#include "design/evaluate.hpp"
#include "design/hazard_source.hpp"

namespace {

using namespace coley::design;

constexpr const char* kExponential = R"(
schema_version = 1
name = "exponential"
title = "Exponential survival"
patients = 500
dropout_per_year = 0.0512932943875505
accrual = { months = 24 }
arm = [{ name = "control", median_months = 12 }, { name = "treated", hazard_ratio = [0.7] }]
look = [{ events = 222 }, { events = 331 }]
)";

constexpr const char* kMechanistic = R"(
schema_version = 1
name = "mechanistic"
title = "Adjuvant pembrolizumab, three looks"
trial = "keynote-564"
patients = 1000
replicates = 1000
dropout_per_year = 0.02
accrual = { months = 27 }
pool = { patients = 8000, months = 84 }
look = [{ events = 80 }, { events = 130 }, { events = 180 }]
)";

constexpr const char* kRpact =
    "suppressMessages(library(rpact));"
    "d<-getDesignGroupSequential(informationRates=c(222/331,1),alpha=0.025,sided=1,beta=0.1,typeOfDesign=\"asOF\");"
    "f<-function(n,s)getSimulationSurvival(d,directionUpper=FALSE,hazardRatio=0.7,median2=12,dropoutRate1=0.05,dropoutRate2=0.05,"
    "dropoutTime=12,accrualTime=c(0,24),maxNumberOfSubjects=500,plannedEvents=c(222,331),maxNumberOfIterations=n,seed=s);"
    "invisible(f(100,1));t<-system.time(x<-f(20000,2));"
    "cat(20000/sum(t[1:2]),x$overallReject,x$studyDuration)";

constexpr const char* kLrstat =
    "suppressMessages(library(lrstat));"
    "b<-getDesign(beta=0.1,theta=0.3,kMax=2,informationRates=c(222/331,1),alpha=0.025,typeAlphaSpending=\"sfOF\")$byStageResults$efficacyBounds;"
    "f<-function(n,s)lrsim(kMax=2,criticalValues=b,allocation1=1,allocation2=1,accrualTime=0,accrualIntensity=500/24,"
    "lambda1=0.7*log(2)/12,lambda2=log(2)/12,gamma1=-log(0.95)/12,gamma2=-log(0.95)/12,n=500,followupTime=100,fixedFollowup=FALSE,"
    "plannedEvents=c(222,331),maxNumberOfIterations=n,nthreads=1,seed=s);"
    "invisible(f(100,1));t<-system.time(x<-f(20000,2));"
    "cat(20000/sum(t[1:2]),x$overview$overallReject,x$overview$expectedStudyDuration)";

double cpu_now() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

bool agrees(const char* what, double found, double expected, double error) {
  const bool good = std::fabs(found - expected) < 4 * error;
  fmt::print("  {}: {:.4f} for {:.4f} (error {:.4f}){}\n", what, found, expected, error, good ? "" : "  DIFFERS");
  return good;
}

/// Trials a second, power and duration by an R package; zeros without it.
std::array<double, 3> in_r(const char* script) {
  std::array<double, 3> answer{};
  FILE* pipe = popen(fmt::format("Rscript -e '{}' 2>/dev/null", script).c_str(), "r");
  if (!pipe) return answer;
  if (std::fscanf(pipe, "%lf %lf %lf", &answer[0], &answer[1], &answer[2]) != 3) answer = {};
  pclose(pipe);
  return answer;
}

bool exponential(std::size_t replicates) {
  const Plan plan = read_plan({"exponential.toml", kExponential});
  const HazardSource source(plan);
  std::array<double, 3> seconds{};
  TestCharacteristics found;
  for (double& round : seconds) {
    const double start = cpu_now();
    const TrialTable table = run_replicates(plan, source, {.replicates = replicates});
    round = cpu_now() - start;
    found = characterise(table, 0, "", std::log(0.7));
  }
  std::sort(seconds.begin(), seconds.end());
  const double rate = static_cast<double>(replicates) / seconds[1];
  fmt::print("exponential, one thread: {:.0f} trials a CPU second\n", rate);
  const auto formula = analytic_answer(plan, *two_arms(plan), planned_design(plan, 0.025));
  // the formula is that of large trials: half a point off with 500 patients
  bool good = agrees("power, formula", found.power.value, formula->tests[0]->power, found.power.error + 0.0025);
  for (const auto& [name, script] : {std::pair{"rpact", kRpact}, std::pair{"lrstat", kLrstat}}) {
    const auto [peer_rate, peer_power, peer_months] = in_r(script);
    if (peer_rate == 0) {
      fmt::print("  {} is not here: no comparison\n", name);
      continue;
    }
    fmt::print("  {}: {:.0f} trials a CPU second, so {:.1f} times as many\n", name, peer_rate, rate / peer_rate);
    good &= agrees(fmt::format("power, {}", name).c_str(), found.power.value, peer_power, std::hypot(found.power.error, std::sqrt(0.09 / 20000)));
    good &= agrees(fmt::format("months, {}", name).c_str(), found.months.value, peer_months, std::hypot(found.months.error, 5.9 / std::sqrt(20000.0)));
  }
  return good;
}

bool mechanistic() {
  EvaluateOptions options;
  options.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const auto wall = std::chrono::steady_clock::now();
  const double start = cpu_now();
  const Plan plan = read_plan({"mechanistic.toml", kMechanistic});
  Sources sources(options);
  sources.get(plan);
  const double pool_seconds = cpu_now() - start;
  const ScenarioResult result = evaluate_plan(plan, sources, options);
  fmt::print("mechanistic, {} threads: 1,000 trials under the effect and 1,000 without in {:.1f} s ({:.1f} CPU s, of which {:.1f} for the pool of {} patients)\n",
             options.threads, std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count(), cpu_now() - start, pool_seconds, result.pool_patients);
  const TestResult& test = result.tests[0];
  fmt::print("  power {:.3f}, error {:.3f} by replicates and {:.3f} by the pool\n", test.effect.power.value, test.effect.power.error, *test.pool_error);
  // the formula stands on the same pool, so the pool's own chance is in both
  bool good = agrees("power, expected log-rank on the pool's hazards", test.effect.power.value, test.formula->power, test.effect.power.error + 0.005);
  // assignment is balanced within strata and the test does not know them, so that it may be conservative
  const double level_error = std::sqrt(0.025 * 0.975 / 1000);
  fmt::print("  type-I error: {:.4f} for at most 0.025 (error {:.4f})\n", test.type_one_error.value, level_error);
  return good && test.type_one_error.value < 0.025 + 4 * level_error;
}

}  // namespace

int main(int argc, char** argv) {
  const bool one = exponential(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 50000), two = mechanistic();
  return one && two ? 0 : 1;
}
