// SPDX-License-Identifier: Apache-2.0
// coley calibrate PLAN: fits the free numbers of a plan to published rows and hands over the ensemble.

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <unistd.h>

#include "commands.hpp"
#include "core/error.hpp"
#include "credibility/calibrate.hpp"
#include "credibility/roles.hpp"
#include "credibility/search.hpp"
#include "evidence/published.hpp"
#include "output_folder.hpp"
#include "protocol/shipped.hpp"
#include "statistics/sample_quantile.hpp"
#include "threads.hpp"

namespace coley {

namespace {

using namespace credibility;

struct CallOptions {
  std::string plan = "joint", out, without;
  long recover = -1;
  int threads = 0;
  bool resume = false, quiet = false;
};

constexpr const char* kLogName = "evaluations.jsonl";

/// The log of an earlier call on the same plan, and a file to go on writing it.
EvaluationLog open_log(const std::filesystem::path& path, const std::string& plan_sha256, bool resume, std::shared_ptr<std::ofstream> file) {
  EvaluationLog log;
  const bool there = std::filesystem::exists(path);
  if (there && !resume) {
    throw InputError(Fault{.file = path.string(), .found = "the log of an earlier fit", .expected = "--resume to go on with it, or another folder"});
  }
  if (there) {
    std::ifstream in(path);
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
      if (in.eof()) break;  // the last line was cut when the program was killed
      if (number == 1) {
        if (line != plan_sha256) throw InputError(Fault{.file = path.string(), .line = 1, .found = "the log of a fit to another plan", .expected = "the plan that the log is of, or another folder"});
        continue;
      }
      log.known.insert(read_line(line, path.string(), number));
    }
  }
  file->open(path, std::ios::trunc);
  *file << plan_sha256 << '\n';
  for (const auto& [key, evaluation] : log.known) *file << to_line(key, evaluation) << '\n';
  file->flush();
  log.keep = [file, path](const std::string& key, const Evaluation& evaluation) {
    *file << to_line(key, evaluation) << std::endl;
    if (!*file) throw RunError("cannot write " + path.string() + ": is the disk full?");
  };
  return log;
}

/// Median of the finite values, and between what a further draw would lie with 90 %.
std::array<double, 3> middle(std::vector<double> values) {
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  if (values.empty()) return {std::nan(""), std::nan(""), std::nan("")};
  std::sort(values.begin(), values.end());
  const auto at = [&](double p) { return statistics::quantile_of_next(values, p); };
  return {at(0.5), at(0.05), at(0.95)};
}

std::string omitted_text(const Ensemble& ensemble) {
  if (ensemble.omitted.empty()) return "";
  std::string text = fmt::format("\n{:<28} {:>5} {:>9} {:>12} {:>18} {:>18}\n", "trial left out", "rows", "met with", "met without", "mean square with", "without");
  for (const OmittedTrial& o : ensemble.omitted) {
    text += fmt::format("{:<28} {:>5} {:>9} {:>12} {:>18.2f} {:>18.2f}\n", o.trial, o.rows, o.met, o.met_without, o.square, o.square_without);
  }
  return text;
}

std::string fit_text(const CalibrationResult& result) {
  std::string text = fmt::format("{:<22} {:<12} {:<52} {:>9} {:>22} {:>7}\n", "trial", "row", "figure", "published", "ensemble (90 %)", "misfit");
  for (std::size_t k = 0; k < result.rows.size(); ++k) {
    const FittedRow& row = result.rows[k];
    std::vector<double> simulated, misfits;
    for (const Evaluation& member : result.members) {
      simulated.push_back(member.simulated[k]);
      misfits.push_back(member.misfits[k]);
    }
    const auto s = middle(simulated), m = middle(misfits);
    const auto figure = evidence::figure(*evidence::shipped_row(row.figure.row), row.figure.which);
    text += fmt::format("{:<22} {:<12} {:<52} {:>9.3g} {:>8.3g} ({:.3g} to {:.3g}) {:>7.1f}\n", row.trial.substr(0, 22), row.figure.row, row.figure.name.substr(0, 52),
                        figure.estimate.value_or(std::nan("")), s[0], s[1], s[2], m[0]);
  }
  text += fmt::format("\n{:<58} {:>10} {:>10} {:>28} {:>9}\n", "number", "start", "middle", "ensemble (90 %)", "spread");
  for (std::size_t k = 0; k < result.ensemble.numbers.size(); ++k) {
    std::vector<double> values, deviates;
    const FreeNumber& number = result.numbers[k];
    for (const EnsembleMember& member : result.ensemble.members) {
      values.push_back(member.values[k]);
      deviates.push_back(deviate_of(number, member.values[k]));
    }
    double mean = 0, squares = 0;
    for (const double z : deviates) mean += z / static_cast<double>(deviates.size());
    for (const double z : deviates) squares += (z - mean) * (z - mean) / static_cast<double>(deviates.size() - 1);
    const auto v = middle(values);
    text += fmt::format("{:<58} {:>10.3g} {:>10.3g} {:>10.3g} ({:.3g} to {:.3g}) {:>9.2f}\n", number.set + (number.disease.empty() ? "" : ", " + number.disease), number.start,
                        result.middle.values[k], v[0], v[1], v[2], std::sqrt(squares));
  }
  text += "\nSpread is the ensemble's standard deviation over the prior's: near 1, the rows say nothing of the number.\n";
  return text + omitted_text(result.ensemble);
}

/// How often the truth lies inside the ensemble's central 90 %.
std::string recovery_text(const CalibrationResult& result, const Eigen::VectorXd& truth) {
  int inside = 0;
  std::string text = fmt::format("\n{:<58} {:>10} {:>28}\n", "number", "truth", "ensemble (90 %)");
  for (std::size_t k = 0; k < result.numbers.size(); ++k) {
    std::vector<double> values;
    for (const EnsembleMember& member : result.ensemble.members) values.push_back(member.values[k]);
    const auto v = middle(values);
    const double value = number_at(result.numbers[k], truth[static_cast<Eigen::Index>(k)]);
    const bool found = value >= v[1] && value <= v[2];
    inside += found;
    text += fmt::format("{:<58} {:>10.3g} {:>10.3g} ({:.3g} to {:.3g}) {}\n", result.numbers[k].set, value, v[0], v[1], v[2], found ? "" : "MISSED");
  }
  return text + fmt::format("\n{} of {} numbers lie inside the ensemble's central 90 %\n", inside, result.numbers.size());
}

/// The plan without one of its trials.
void leave_out(const std::string& name, CalibrationPlan& plan) {
  const auto erased = std::erase_if(plan.trials, [&](const FittedTrial& trial) { return trial.name == name; });
  if (erased == 0) throw InputError(Fault{.key = "--without", .found = name, .expected = "a trial of the plan"});
  plan.name += "-without-" + name;
}

void run(const CallOptions& options) {
  const NamedText text = options.plan == "joint" ? NamedText{"evidence/calibration.toml", std::string(*shipped_text("evidence/calibration.toml"))} : trial_text(options.plan);
  CalibrationPlan plan = read_calibration(text.text, text.file_name, role_of_row);
  if (!options.without.empty()) leave_out(options.without, plan);
  OutputFolder folder(options.out);
  const auto file = std::make_shared<std::ofstream>();
  EvaluationLog log = open_log(folder.at(kLogName), sha256_of(plan) + (options.recover >= 0 ? fmt::format(" recovery {}", options.recover) : ""), options.resume, file);
  const int threads = threads_or_all(options.threads);
  const Evaluator published(plan, threads);
  Eigen::VectorXd truth(static_cast<Eigen::Index>(plan.numbers.size()));
  Stream draws({static_cast<std::uint64_t>(std::max(0L, options.recover)), 0}, 0, 0);
  do {
    for (double& z : truth) z = draws.normal();
    truth = within_bounds(truth);
  } while (!published.possible(truth));
  const Evaluator evaluator = options.recover >= 0 ? published.pretending(truth, draws) : published;
  const bool terminal = isatty(STDERR_FILENO);
  const auto begun = std::chrono::steady_clock::now();
  const auto progress = [&](const CalibrationProgress& at) {
    if (options.quiet) return;
    const double spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    if (terminal || at.done % 10 == 0 || at.done == at.planned) {
      std::cerr << fmt::format("{}{} of {} parameter sets, smallest loss {:.1f}, {:.0f} s{}", terminal ? "\r" : "", at.done, at.planned, at.best, spent, terminal ? "   " : "\n") << std::flush;
    }
  };
  CalibrationResult result = calibrate(evaluator, log, progress);
  result.ensemble.date = fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)));
  const std::string report = options.recover >= 0 ? recovery_text(result, truth) : fit_text(result);
  folder.write("ensemble.toml", to_text(result.ensemble));
  folder.write("fit.txt", report);
  folder.publish();
  if (options.quiet) return;
  fmt::print("\n{}\nEnsemble of {} sets, sha256 {}: {}\n", report, result.ensemble.members.size(), sha256_of(result.ensemble).substr(0, 16), folder.at("ensemble.toml").string());
}

}  // namespace

void add_calibrate_command(CLI::App& program) {
  auto options = std::make_shared<CallOptions>();
  CLI::App* command = program.add_subcommand("calibrate", "Fit parameters to published results of role calibration: a search, then an ensemble of sets that fit");
  command->add_option("PLAN", options->plan, "path of a calibration plan, or joint, the one that ships (default)");
  command->add_option("--out", options->out, "folder for ensemble.toml, and the log by which an interrupted fit goes on")->required();
  command->add_option("--threads", options->threads, "threads (default: all cores); results do not depend on it")->check(CLI::Range(1, 1024));
  command->add_option("--without", options->without, "leave one trial of the plan out of the fit; coley validate TRIAL --set ensemble=DIR/ensemble.toml then predicts it");
  command->add_option("--recover", options->recover, "fit to figures simulated at numbers drawn from the prior by this seed, and tell whether they are found")->check(CLI::Range(0L, 1000000L));
  command->add_flag("--resume", options->resume, "go on with the fit whose log is in --out");
  command->add_flag("--quiet", options->quiet, "print nothing");
  command->callback([options] { run(*options); });
}

}  // namespace coley
