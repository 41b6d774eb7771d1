// SPDX-License-Identifier: Apache-2.0
// statistics_benchmark [ROWS] [ROUNDS]: time of the statistics on virtual patients, one thread, CPU seconds, median of
// the rounds; where Rscript with the package survival is on the path, R's calls on the same data in the same run, and
// whether the answers agree. Exit code 1 when an answer differs. docs/performance_statistics.md holds dated results.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "statistics/cox.hpp"
#include "statistics/day_columns.hpp"
#include "statistics/fine_gray.hpp"
#include "statistics/kaplan_meier.hpp"
#include "statistics/log_rank.hpp"
#include "statistics/meta_analysis.hpp"

namespace {

using namespace coley::statistics;

/// A trial of two arms, hazard ratio 0.75, five covariates, months: accrual over 24, cut at 36, 5 % a year lost.
struct Trial {
  std::vector<double> time, day, event_number, cause_number, covariates, yi, vi;  // five columns of covariates, 20 studies each
  std::vector<std::uint8_t> event;
  std::vector<int> arm, cause;
  std::vector<std::uint16_t> whole_day;

  Trial(std::size_t n, std::size_t meta_analyses) {
    std::mt19937_64 random(20261122);
    std::uniform_real_distribution<double> uniform(0, 1);
    std::normal_distribution<double> normal;
    covariates.resize(5 * n);
    const double beta[] = {0.3, -0.2, 0.5, 0.1};
    for (std::size_t i = 0; i < n; ++i) {
      arm.push_back(static_cast<int>(i % 2));
      covariates[i] = arm.back();
      double risk = std::log(0.75) * arm.back();
      for (std::size_t j = 1; j < 5; ++j) {
        const double x = covariates[j * n + i] = j == 2 ? (uniform(random) < 0.4 ? 1 : 0) : normal(random);
        risk += beta[j - 1] * x;
      }
      const double hazard = std::log(2.0) / 12 * std::exp(risk), death = -std::log(uniform(random)) / hazard;
      const double censoring = std::min(36 - 24 * uniform(random), -std::log(uniform(random)) * 12 / 0.0513);
      time.push_back(std::min(death, censoring));
      event.push_back(death <= censoring ? 1 : 0);
      cause.push_back(event.back() == 0 ? 0 : uniform(random) < 0.6 ? 1 : 2);
      day.push_back(std::ceil(time.back() * 30.4375));
      whole_day.push_back(static_cast<std::uint16_t>(day.back()));
      event_number.push_back(event.back());
      cause_number.push_back(cause.back());
    }
    for (std::size_t i = 0; i < 20 * meta_analyses; ++i) {
      vi.push_back(0.02 + 0.2 * uniform(random));
      yi.push_back(-0.2 + std::sqrt(vi.back() + 0.03) * normal(random));
    }
  }

  SurvivalRows rows(const std::vector<double>& times) const { return {times, event, {}, {}, arm, {}, 2}; }
  std::size_t size() const { return time.size(); }
};

double cpu_now() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Measured {
  double seconds = 0;
  std::vector<double> answer;
};

template <class Compute>
Measured measure(int rounds, Compute compute) {
  Measured result;
  std::vector<double> seconds;
  for (int round = 0; round < rounds; ++round) {
    const double begin = cpu_now();
    result.answer = compute();
    seconds.push_back(cpu_now() - begin);
  }
  std::nth_element(seconds.begin(), seconds.begin() + rounds / 2, seconds.end());
  result.seconds = seconds[static_cast<std::size_t>(rounds / 2)];
  return result;
}

std::vector<double> km_answer(const SurvivalCurve& curve) {
  double sum = 0;
  for (const double s : curve.survival) sum += s;
  return {sum, curve.survival.back(), curve.se_log_survival.back()};
}

std::vector<double> cox_answer(const CoxFit& fit) {
  std::vector<double> answer(fit.coef.begin(), fit.coef.end());
  answer.insert(answer.end(), fit.se.begin(), fit.se.end());
  answer.push_back(fit.loglik);
  return answer;
}

std::vector<double> pooled_sums(const Trial& trial, std::size_t count, const PoolOptions& options) {
  double beta = 0, se = 0;
  std::vector<StudyEffect> studies(20);
  for (std::size_t m = 0; m < count; ++m) {
    for (std::size_t i = 0; i < 20; ++i) studies[i] = {trial.yi[20 * m + i], trial.vi[20 * m + i]};
    const PooledEffect pooled = pool(studies, options);
    beta += pooled.effect.estimate;
    se += pooled.effect.se;
  }
  return {beta, se};
}

void write(const std::filesystem::path& path, const double* values, std::size_t n) {
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(values), static_cast<std::streamsize>(n * sizeof(double)));
}

/// R's calls by name; empty without Rscript.
std::map<std::string, Measured> run_r(const Trial& trial, int rounds) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "coley_statistics_benchmark";
  std::filesystem::create_directories(folder);
  const std::size_t n = trial.size();
  const std::vector<double> arm(trial.arm.begin(), trial.arm.end());
  write(folder / "time", trial.time.data(), n);
  write(folder / "day", trial.day.data(), n);
  write(folder / "event", trial.event_number.data(), n);
  write(folder / "cause", trial.cause_number.data(), n);
  write(folder / "arm", arm.data(), n);
  for (std::size_t j = 0; j < 5; ++j) write(folder / fmt::format("x{}", j + 1), trial.covariates.data() + j * n, n);
  write(folder / "yi", trial.yi.data(), 2000);
  write(folder / "vi", trial.vi.data(), 2000);
  std::map<std::string, Measured> calls;
  std::FILE* pipe = popen(fmt::format("Rscript --vanilla '{}/statistics.R' '{}' {}", COLEY_BENCH_DIR, folder.string(), rounds).c_str(), "r");
  std::string text;
  char buffer[4096];
  while (pipe != nullptr && std::fgets(buffer, sizeof buffer, pipe) != nullptr) text += buffer;
  if (pipe != nullptr) pclose(pipe);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name;
    Measured call;
    if (!(words >> name >> call.seconds)) continue;
    for (double value = 0; words >> value;) call.answer.push_back(value);
    calls[name] = call;
  }
  std::filesystem::remove_all(folder);
  return calls;
}

class Report {
 public:
  explicit Report(std::map<std::string, Measured> r) : r_(std::move(r)) {
    fmt::print("{:<46}{:>10}{:>10}{:>9}  {}\n", "", "Coley, s", "R, s", "R/Coley", "R's call, and the largest relative difference of the answers");
  }

  void line(const std::string& what, const Measured& ours, const std::string& call = "", double scale = 1, double tolerance = 1e-6) {
    const auto at = r_.find(call);
    if (at == r_.end()) {
      fmt::print("{:<46}{:>10.4f}\n", what, ours.seconds);
      return;
    }
    double largest = ours.answer.size() == at->second.answer.size() ? 0 : INFINITY;
    for (std::size_t i = 0; i < ours.answer.size() && std::isfinite(largest); ++i)
      largest = std::max(largest, std::abs(ours.answer[i] - at->second.answer[i]) / std::max(1e-3, std::abs(at->second.answer[i])));
    if (!(largest <= tolerance)) differs_ = true;
    fmt::print("{:<46}{:>10.4f}{:>10.4f}{:>9.1f}  {}, {:.0e}{}\n", what, ours.seconds, at->second.seconds * scale, at->second.seconds * scale / ours.seconds, call, largest,
               largest <= tolerance ? "" : "  DIFFERS");
  }
  bool differs() const { return differs_; }

 private:
  std::map<std::string, Measured> r_;
  bool differs_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  const std::size_t n = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1000000;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
  constexpr std::size_t kMeta = 100000;
  if (n < 2000 || rounds < 1) {
    fmt::print(stderr, "usage: statistics_benchmark [ROWS, 2000 or more] [ROUNDS]\n");
    return 2;
  }
  const Trial trial(n, kMeta);
  fmt::print("{} rows, {} rounds, one thread, CPU seconds\n", n, rounds);
  Report report(run_r(trial, rounds));
  const SurvivalRows continuous = trial.rows(trial.time), days = trial.rows(trial.day);
  SurvivalRows one_group = continuous;
  one_group.group = {};
  one_group.groups = 1;
  const CurveOptions log_interval{IntervalType::log};
  // R merges times within 1.49e-8 of each other, which moves the last digits of answers on continuous times.
  report.line("Kaplan-Meier, log interval", measure(rounds, [&] { return km_answer(kaplan_meier(one_group, log_interval)[0]); }), "survfit_continuous", 1, 1e-3);
  report.line("log-rank", measure(rounds, [&] { return std::vector<double>{log_rank(continuous).chi_square}; }), "survdiff_continuous", 1, 1e-5);
  report.line("Kaplan-Meier by arm and log-rank, sorted days", measure(rounds, [&] {
                const SortedRows sorted(days);
                const auto curves = kaplan_meier(sorted, log_interval);
                return std::vector<double>{km_answer(curves[0])[0] + km_answer(curves[1])[0], log_rank(sorted).chi_square};
              }), "survfit_survdiff_days");
  report.line("Kaplan-Meier by arm and log-rank, counted days", measure(rounds, [&] {
                const DayCounts counts = count_days(trial.whole_day, trial.event, trial.arm, 2);
                return std::vector<double>{km_answer(counts.kaplan_meier(0, log_interval))[0] + km_answer(counts.kaplan_meier(1, log_interval))[0], counts.log_rank().chi_square};
              }), "survfit_survdiff_days");
  const CoxData five{one_group, trial.covariates, {"x1", "x2", "x3", "x4", "x5"}};
  const Measured cox = measure(rounds, [&] { return cox_answer(fit_cox(five)); });
  report.line("Cox, Efron, 5 covariates", cox, "coxph_5");
  report.line("Cox, Efron, 5 covariates", cox, "coxph_fit_5");
  const auto fine_gray_answer = [&](std::size_t rows) {
    const Eigen::MatrixXd x = Eigen::Map<const Eigen::MatrixXd>(trial.covariates.data(), static_cast<Eigen::Index>(n), 2).topRows(static_cast<Eigen::Index>(rows));
    const FineGrayFit fit = fine_gray({std::span(trial.time).first(rows), std::span(trial.cause).first(rows), {}}, 1, x, {"x1", "x2"});
    return std::vector<double>{fit.coef[0], fit.coef[1], std::sqrt(fit.variance(0, 0)), std::sqrt(fit.variance(1, 1))};
  };
  report.line("Fine-Gray, 2 covariates, sandwich, 2000 rows", measure(rounds, [&] { return fine_gray_answer(2000); }), "crr_2_on_2000", 1, 1e-5);
  report.line("Fine-Gray, 2 covariates, sandwich, all rows", measure(rounds, [&] { return fine_gray_answer(n); }));
  const auto meta = [&](const char* name, const char* call, const PoolOptions& options) {
    report.line(fmt::format("{}, 100 meta-analyses of 20", name), measure(rounds, [&] { return pooled_sums(trial, 100, options); }), call);
    report.line(fmt::format("{}, {} meta-analyses of 20", name, kMeta), measure(rounds, [&] { return pooled_sums(trial, kMeta, options); }));
  };
  meta("DerSimonian-Laird", "rma_dl_100", {.method = TauMethod::dersimonian_laird});
  meta("REML", "rma_reml_100", {.method = TauMethod::reml});
  meta("REML, Hartung-Knapp", "rma_hk_100", {.method = TauMethod::reml, .test = PooledTest::hartung_knapp});
  return report.differs() ? 1 : 0;
}
